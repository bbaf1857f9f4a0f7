"""What belongs to a person: their parties, accounts and contacts, and the rows in which personal values stand.

A person is all parties of one link group. An account is theirs alone when nobody outside the group owes on it: only
then what was written about the account is theirs alone, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import (
    NUMBERS,
    OWES,
    AccountParty,
    Attachment,
    ContactPoint,
    Note,
    Origin,
    Party,
    SensitiveNote,
    TraceCandidate,
)
from collections_crm.privacy.kinds import ValueKind
from communications.models import Contact, Message, ReceivedText


@dataclass(frozen=True)
class Holdings:
    """`accounts`: those on which the person owes; `alone`: of these, on which nobody else does; `all_accounts`: those
    on which the person plays any role."""

    person_id: int
    parties: list[int]
    accounts: list[int]
    alone: list[int]
    all_accounts: list[int]
    contacts: list[int]
    phones: list[str]


def holdings_of(person_id: int) -> Holdings:
    """Read what belongs to the person with this root. Six queries."""
    parties = list(Party.objects.filter(person_id=person_id).order_by("pk").values_list("pk", flat=True))
    roles = AccountParty.objects.filter(party__in=parties)
    accounts = sorted(set(roles.filter(role__in=OWES).values_list("account_id", flat=True)))
    others = AccountParty.objects.filter(account__in=accounts, role__in=OWES).exclude(party__in=parties)
    shared = set(others.values_list("account_id", flat=True))
    points = ContactPoint.objects.filter(party__in=parties, kind__in=NUMBERS).exclude(value="")
    return Holdings(
        person_id=person_id,
        parties=parties,
        accounts=accounts,
        alone=[account for account in accounts if account not in shared],
        all_accounts=sorted(set(roles.values_list("account_id", flat=True))),
        contacts=list(Contact.objects.filter(party__in=parties).order_by("pk").values_list("pk", flat=True)),
        phones=list(points.values_list("value", flat=True)),
    )


def _identity(of: Holdings) -> QuerySet:
    said = ~Q(name="") | Q(birth_date__isnull=False) | ~Q(tax_id="") | ~Q(stated_zone="")
    return Party.objects.filter(said, pk__in=of.parties, erased_on=None)


def _points(of: Holdings) -> QuerySet:
    return ContactPoint.objects.filter(party__in=of.parties, erased_on=None)


def _places(of: Holdings) -> QuerySet:
    said = ~Q(city="") | ~Q(region="") | ~Q(postcode="")
    return Origin.objects.filter(said, account__in=of.alone)


def _findings(of: Holdings) -> QuerySet:
    """What was found about the person, in a search for them or for somebody who seemed to be them."""
    theirs = Q(skip_trace__party__in=of.parties) | Q(other_party__in=of.parties)
    return TraceCandidate.objects.filter(theirs, erased_on=None).exclude(value="")


def _messages(of: Holdings) -> QuerySet:
    return Message.objects.filter(party__in=of.parties, erased_on=None)


def _texts(of: Holdings) -> QuerySet:
    """Also those that came when the person owed nothing any more, and have no contact."""
    theirs = Q(contact__in=of.contacts) | Q(contact=None, sender__in=of.phones)
    return ReceivedText.objects.filter(theirs, erased_on=None)


def _notes(of: Holdings) -> QuerySet:
    return Note.objects.filter(account__in=of.alone, erased_on=None)


def _files(of: Holdings) -> QuerySet:
    return Attachment.objects.filter(account__in=of.alone, erased_on=None)


def _sensitive(of: Holdings) -> QuerySet:
    return SensitiveNote.objects.filter(party__in=of.parties, erased_on=None)


VALUES: dict[ValueKind, Callable[[Holdings], QuerySet]] = {
    ValueKind.IDENTITY: _identity,
    ValueKind.CONTACT_POINT: _points,
    ValueKind.PLACE: _places,
    ValueKind.TRACE_FINDING: _findings,
    ValueKind.MESSAGE: _messages,
    ValueKind.RECEIVED_TEXT: _texts,
    ValueKind.NOTE: _notes,
    ValueKind.FILE: _files,
    ValueKind.SENSITIVE_NOTE: _sensitive,
}
