"""What a person may be asked to prove who they are, and how often they failed today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery

from accounts.foundation.users import User
from accounts.models import Account, ContactPoint, ContactPointStatus, Party, PartyKind, PartyRole, Provenance
from communications.models import Contact, Message, VerificationTry, VerificationUnlock
from communications.selectors.open_contact import accounts_of_contact
from communications.verification.questions import Questionnaire, fact, questionnaire

TRIES_A_DAY = 3
# How long a customer who proved on the page of a message who they are goes on reading it.
STAYS_PROVED = timedelta(minutes=30)


@dataclass(frozen=True)
class VerificationState:
    """Where verification stands in a contact: what to ask, how often it failed today, whether it is locked."""

    questions: list[str]
    can_pass: bool
    failures: int
    locked: bool
    verified: bool

    @property
    def left(self) -> int:
        return max(0, TRIES_A_DAY - self.failures)


def verification_state(contact: Contact, account: Account | None = None) -> VerificationState:
    """`account` spares a query to who has the contact's first account already."""
    if contact.verified_at is not None:
        return VerificationState(questions=[], can_pass=True, failures=0, locked=False, verified=True)
    form = questions_for(contact, account)
    failures = failures_on(contact.party_id, contact.local_on)
    return VerificationState(
        questions=form.codes,
        can_pass=form.can_pass,
        failures=failures,
        locked=failures >= TRIES_A_DAY,
        verified=False,
    )


def questions_for(contact: Contact, account: Account | None = None) -> Questionnaire:
    """The questions for the contact's party. Nobody passes as a third party or for a party whose name isn't known."""
    account = account or accounts_of_contact(contact)[0]
    form = questionnaire(
        jurisdiction=account.portfolio.jurisdiction,
        is_entity=contact.party.kind == PartyKind.ENTITY,
        facts=_facts(contact.party, account),
    )
    stranger = contact.caller_role == PartyRole.THIRD_PARTY or not _speaks_for_itself(contact)
    if stranger or not contact.party.name_supplied:
        return Questionnaire((), can_pass=False)
    return form


def was_proved(message: Message, party_id: int, try_id: int | None, now: datetime) -> bool:
    """Somebody proved to be this party, on the page of this message, less than half an hour ago."""
    if message.contact_id is None or try_id is None:
        return False
    tries = VerificationTry.objects.filter(pk=try_id, contact_id=message.contact_id, party_id=party_id, matched=True)
    return tries.filter(at__gt=now - STAYS_PROVED, at__lte=now).exists()


def answers_of_the_demo(contact: Contact, account: Account) -> list[str]:
    """What the invented person of a demonstration would answer, question by question. Never for a real book."""
    known = _facts(contact.party, account)
    return [known[code][0] for code in questions_for(contact, account).codes]


def _speaks_for_itself(contact: Contact) -> bool:
    """A representative is verified as the party that represents; one not on the account can't be."""
    if contact.caller_role != PartyRole.REPRESENTATIVE:
        return True
    return contact.party.account_parties.filter(role=PartyRole.REPRESENTATIVE).exists()


def _facts(party: Party, account: Account) -> dict[str, tuple[str, ...]]:
    # Only what the creditor handed over proves anything: an address that we took down is no secret of the customer's.
    postcodes = ContactPoint.objects.filter(party=party, kind="post", provenance=Provenance.CREDITOR)
    postcodes = postcodes.exclude(status=ContactPointStatus.WRONG_PARTY).exclude(postcode="")
    return {
        "birth_date": fact("birth_date", party.birth_date),
        "tax_tail": fact("tax_tail", party.tax_id),
        "reference_tail": fact("reference_tail", account.external_reference),
        "postcode": tuple(
            normal for code in postcodes.values_list("postcode", flat=True) for normal in fact("postcode", code)
        ),
    }


def failures_on(party_id: int, day: date) -> int:
    """How often the party failed on a civil day since the last unlock."""
    return _failed_since_unlock().filter(party_id=party_id, local_on=day).count()


def locked_tries(user: User, since: date) -> list[VerificationTry]:
    """The last failed try of each party locked since a day, about accounts that the user may see. Two queries."""
    last = [party["last"] for party in _locked(user, since)]
    tries = VerificationTry.objects.filter(pk__in=last).select_related("party", "contact__agent")
    return list(tries.order_by("-at"))


def count_locked(user: User, since: date) -> int:
    """How many parties wait to be unlocked. One query."""
    return _locked(user, since).count()


def _locked(user: User, since: date) -> QuerySet[Any, Any]:
    return (
        _failed_since_unlock()
        .filter(local_on__gte=since, contact__account_contacts__account__in=Account.objects.visible_to(user))
        .order_by()
        .values("party_id", "local_on")
        .annotate(failures=Count("id", distinct=True), last=Max("id"))
        .filter(failures__gte=TRIES_A_DAY)
    )


def _failed_since_unlock() -> QuerySet[Any, Any]:
    """Failed tries that no manager has forgiven."""
    unlocks = VerificationUnlock.objects.filter(party_id=OuterRef("party_id")).order_by("-id").values("at")[:1]
    failed = VerificationTry.objects.filter(matched=False).annotate(unlocked=Subquery(unlocks))
    return failed.filter(Q(unlocked__isnull=True) | Q(at__gt=F("unlocked")))
