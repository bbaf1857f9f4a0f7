"""What people tell about their health and life: kept apart, read by few, each reading on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.card_numbers import contains_card_number
from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import User
from accounts.models import Account, AccountParty, Reveal, SensitiveBasis, SensitiveNote
from accounts.retention.periods import SENSITIVE, period_of
from accounts.services.accounts import today_of

register_sentences(
    {
        "sensitive.says_nothing": _("Write what was told, what it is about and what the person needs."),
        "sensitive.no_consent": _("Say how the person agreed, or choose another ground for keeping it."),
        "sensitive.of_somebody_else": _("Choose one of the people of this account."),
        "sensitive.not_yours_to_read": _(
            "Compliance and managers marked as specialists read this, and whoever wrote it."
        ),
        "sensitive.erased": _("This note was erased."),
    }
)


class ReadingReason(models.TextChoices):
    SUPPORT = "support", pgettext_lazy("reading reason", "to support the person")
    DECIDE = "decide", pgettext_lazy("reading reason", "to decide about the account")
    REVIEW = "review", pgettext_lazy("reading reason", "to review whether it is still kept")
    ACCESS = "access", pgettext_lazy("reading reason", "the person asked for their data")


@dataclass(frozen=True, kw_only=True)
class SensitiveSaid:
    """What was told and why it may be kept. `consent_way` is said with consent, and only then."""

    category: str
    support_need: str
    text: str
    basis: str
    consent_way: str = ""


@retrying
def write_sensitive_note(
    *,
    account_id: int,
    party_id: int,
    said: SensitiveSaid,
    contact_id: int | None = None,
    actor: User,
    now: datetime,
) -> SensitiveNote:
    """Keep it, with its day of review by the law of the account. The record of it says that it was written, no more.

    Refuses one without text, kind or need, consent that wasn't given in some way, a person who isn't on the account,
    and payment card numbers.
    """
    account = Account.objects.lock(account_id)
    _refuse(account, party_id, said)
    consented = said.basis == SensitiveBasis.CONSENT
    today = today_of(account, now)
    note = SensitiveNote.objects.create(
        party_id=party_id,
        account=account,
        category=said.category,
        support_need=said.support_need,
        text=said.text.strip(),
        basis=said.basis,
        consent_way=said.consent_way if consented else "",
        consented_at=now if consented else None,
        written_by=actor,
        written_at=now,
        contact_id=contact_id,
        review_on=period_of(account.portfolio.jurisdiction, SENSITIVE).ends(today),
    )
    record("sensitive_note.written", subject=note, actor=actor, at=now)
    return note


def _refuse(account: Account, party_id: int, said: SensitiveSaid) -> None:
    if not (said.text.strip() and said.category and said.support_need):
        raise Refused("sensitive.says_nothing")
    if contains_card_number(said.text):
        raise Refused("note.card_number")
    if said.basis not in SensitiveBasis.values or (said.basis == SensitiveBasis.CONSENT and not said.consent_way):
        raise Refused("sensitive.no_consent")
    if not AccountParty.objects.filter(account=account, party_id=party_id).exists():
        raise Refused("sensitive.of_somebody_else")


def may_read(user: User, note: SensitiveNote) -> bool:
    """Whoever wrote it may read it again, and who may read all."""
    return user.may_read_sensitive or note.written_by_id == user.pk


@retrying
def read_sensitive_note(*, note_id: int, account_id: int, reason: str, actor: User, now: datetime) -> SensitiveNote:
    """The note, whose text may now be shown to this person. Refuses without a known reason, others, and erased ones."""
    note = SensitiveNote.objects.get(pk=note_id)
    if not may_read(actor, note):
        raise Refused("sensitive.not_yours_to_read")
    if reason not in ReadingReason.values:
        raise Refused("reveal.no_reason")
    if note.erased_on:
        raise Refused("sensitive.erased")
    Reveal.objects.create(
        user=actor,
        account_id=account_id,
        subject_type="sensitivenote",
        subject_id=note.pk,
        field="text",
        reason=reason,
        at=now,
    )
    return note
