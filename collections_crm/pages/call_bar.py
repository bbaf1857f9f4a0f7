"""The call bar: what every page shows of the contact that its user has open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import phonenumbers
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.foundation import clock, days
from accounts.models import Account, NextKind, PartyRole
from collections_crm.pages.contact_forms import RIGHT_PARTY, VerifyForm, WrapUpForm
from collections_crm.selectors.case_days import first_due
from collections_crm.selectors.drafts import draft_of
from collections_crm.services.finish_call import draft_key
from collections_crm.ui.words import civil
from communications.models import Contact, Outcome, Reached
from communications.selectors.open_contact import accounts_of_contact, open_contact_of, other_accounts
from communications.selectors.places import zone_of
from communications.selectors.verification import VerificationState, answers_of_the_demo, verification_state

# What the right party said, one key each in the order of the list.
SAID_KEYS = "123456789AB"


@dataclass(frozen=True)
class Choice:
    """One outcome as the bar offers it. `then` says what follows, in words; `fields` which fields belong to it."""

    code: str
    label: str
    key: str
    then: str


class CallBar:
    """An open contact with everything its bar shows. Asked lazily: a page without a contact costs one query."""

    right_party = RIGHT_PARTY

    def __init__(self, contact: Contact, request: HttpRequest) -> None:
        self.contact = contact
        self.request = request

    @cached_property
    def accounts(self) -> list[Account]:
        return accounts_of_contact(self.contact)

    @cached_property
    def others(self) -> list[Account]:
        return other_accounts(self.contact, self.request.user) if self.verification.verified else []

    @cached_property
    def verification(self) -> VerificationState:
        return verification_state(self.contact, self.accounts[0])

    @cached_property
    def zone(self) -> str:
        return zone_of(self.contact.party, self.contact.contact_point, self.accounts[0])

    def today(self) -> date:
        return days.civil_day(clock.now(), self.zone)

    @property
    def is_inbound(self) -> bool:
        return self.contact.direction == "in"

    @property
    def draft_key(self) -> str:
        return draft_key(self.contact.pk)

    @property
    def with_stranger(self) -> bool:
        return self.contact.caller_role == PartyRole.THIRD_PARTY

    @property
    def role_words(self) -> str:
        return str(PartyRole(self.contact.caller_role).label)

    @property
    def neutral_words(self) -> str:
        """What may be said before anybody is verified, in the customer's language."""
        party = self.contact.party
        with translation.override(party.language):
            if self.with_stranger:
                return _("Thank you for calling. May I take a message? It is a private matter.")
            if self.is_inbound:
                return _("Thank you for calling. Before we go on, please let me ask you two things.")
            if not (party.name and party.name_supplied):
                return _("Hello. With whom am I speaking, please? It is a private matter.")
            return _("Hello. May I speak with %(name)s, please? It is a private matter.") % {"name": party.name}

    @property
    def number(self) -> str:
        """The number to ring, written as people there write it; nothing for a caller."""
        point = self.contact.contact_point
        if point is None:
            return ""
        return phonenumbers.format_number(
            phonenumbers.parse(point.value, None), phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )

    @property
    def demo_answers(self) -> str:
        """What the customer says: the people of the demonstration can't speak for themselves. Empty elsewhere."""
        if not settings.DEMO:
            return ""
        return ", ".join(answers_of_the_demo(self.contact, self.accounts[0]))

    @cached_property
    def _choices(self) -> list[tuple[Outcome, Choice]]:
        offered = Outcome.objects.filter(active=True)
        fitting = [o for o in offered if self._fits(o)]
        return [(o, Choice(o.code, o.label, o.key, self._then(o))) for o in fitting]

    def _fits(self, outcome: Outcome) -> bool:
        answered = self.contact.state == "connected"
        if outcome.reached in (Reached.NOBODY, Reached.MACHINE) and answered:
            return False
        if self.verification.verified and outcome.is_of_strangers:
            return False
        return not (self.is_inbound and outcome.point_status)

    def _then(self, outcome: Outcome) -> str:
        """What follows, so that nobody is surprised by the next step."""
        own = self.today() + timedelta(days=outcome.next_days)
        day = civil(first_due(outcome.hold_kind, self.accounts[0], self.today()) or own)
        sentences = {
            NextKind.ACT: _("then: contact %(day)s"),
            NextKind.REVIEW_HOLD: _("then: hold, review %(day)s"),
            NextKind.CALLBACK: _("then: call back at their hour"),
            NextKind.CHECK_PROMISE: _("then: check the promise"),
        }
        return sentences.get(outcome.next_kind, sentences[NextKind.ACT]) % {"day": day}

    @property
    def outcomes(self) -> list[Choice]:
        """The first list, with keys of its own. A death is told by others, so it stands here."""
        return [choice for outcome, choice in self._choices if choice.key or outcome.reached != Reached.PARTY]

    @property
    def said(self) -> list[Choice]:
        """What the right party may have said, by the digits of the second list; some only once verified."""
        verified = self.verification.verified
        of_party = [c for o, c in self._choices if o.reached == Reached.PARTY and not c.key]
        barred = {o.code for o, _choice in self._choices if o.needs_verified and not verified}
        # 0 leads back to the other outcomes.
        numbered = [Choice(c.code, c.label, key, c.then) for key, c in zip(SAID_KEYS, of_party, strict=False)]
        return [choice for choice in numbered if choice.code not in barred]

    @cached_property
    def verify_form(self) -> VerifyForm:
        return VerifyForm(self.verification.questions, prefix="verify")

    @cached_property
    def form(self) -> WrapUpForm:
        typed = draft_of(self.request.user, draft_key(self.contact.pk), now=clock.now())
        return WrapUpForm(self, initial=typed)


def call_bar_of(request: HttpRequest) -> CallBar | None:
    """The user's open contact, if there is one."""
    if not request.user.is_authenticated:
        return None
    asked = hasattr(request, "open_contact")
    contact = request.open_contact if asked else open_contact_of(request.user)
    return CallBar(contact, request) if contact else None


def call_bar(request: HttpRequest) -> dict[str, Any]:
    """Context processor: asked by whatever template draws the bar."""
    return {"call_bar": SimpleLazyObject(lambda: call_bar_of(request))}
