"""Blanking: a value goes, its row stays, with the day, the rule and the erasure that says who asked and agreed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.foundation.approvals import Approval
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import (
    USABLE,
    Account,
    Attachment,
    ContactPoint,
    ContactPointStatus,
    Erasure,
    Note,
    Origin,
    Party,
    SensitiveNote,
    TraceCandidate,
)
from accounts.services.contact_points import set_status
from collections_crm.models import DataExport, Draft, ExportState
from collections_crm.privacy.kinds import ValueKind
from collections_crm.privacy.plan import Plan
from communications.models import LocalMail, Message, ReceivedText

# What becomes of each kind's columns. Everything else in the row is no value of a person and stays.
BLANKS: dict[ValueKind, tuple[Any, dict[str, Any]]] = {
    ValueKind.IDENTITY: (
        Party,
        {"name": "", "search_name": "", "birth_date": None, "tax_id": "", "stated_zone": ""},
    ),
    ValueKind.CONTACT_POINT: (ContactPoint, {"value": "", "city": "", "region": "", "postcode": ""}),
    ValueKind.TRACE_FINDING: (TraceCandidate, {"value": ""}),
    ValueKind.MESSAGE: (Message, {"subject": "", "body": ""}),
    ValueKind.RECEIVED_TEXT: (ReceivedText, {"sender": "", "body": ""}),
    ValueKind.NOTE: (Note, {"text": ""}),
    ValueKind.FILE: (Attachment, {"name": "", "content": b""}),
    ValueKind.SENSITIVE_NOTE: (SensitiveNote, {"category": "", "support_need": "", "text": ""}),
}


@retrying
def blank(plan: Plan, *, rule: str, approval: Approval, maker: User, checker: User, now: datetime) -> Erasure:
    """Blank what a plan says, in one transaction. The caller holds the person and has made the plan under that lock.

    Copies that are no evidence (drafts, the local mailbox, export files) are removed.
    """
    erasure = Erasure.objects.create(
        person_id=plan.of.person_id,
        on=now.date(),
        at=now,
        rule=rule,
        maker=maker,
        checker=checker,
        approval=approval,
        counts=plan.counts,
    )
    _remove_copies(plan, checker, now)
    _put_points_out_of_use(plan, checker, now)
    for kind in BLANKS:
        blank_values(kind, plan.blanked.get(kind, []), erasure)
    places = plan.blanked.get(ValueKind.PLACE, [])
    Origin.objects.filter(pk__in=places).update(city="", region="", postcode="")
    _tell(plan, erasure, checker, now)
    return erasure


def blank_values(kind: ValueKind, ids: list[int], erasure: Erasure) -> None:
    """Blank rows of one kind under an erasure of this transaction, which they then name."""
    model, blanks = BLANKS[kind]
    stone = {"erased_on": erasure.on, "erased_under": erasure.rule, "erasure": erasure}
    model.objects.filter(pk__in=ids).update(**blanks, **stone)


def lock_person(of_parties: list[int], of_accounts: list[int]) -> None:
    """The person's lock, and then their accounts, in the order of all locks."""
    Party.objects.lock_all(of_parties)
    Account.objects.lock_all(of_accounts)


def _put_points_out_of_use(plan: Plan, actor: User, now: datetime) -> None:
    """Nobody is reached at what isn't known any more."""
    ids = plan.blanked.get(ValueKind.CONTACT_POINT, [])
    for point_id in ContactPoint.objects.filter(pk__in=ids, status__in=USABLE).values_list("pk", flat=True):
        set_status(contact_point_id=point_id, status=ContactPointStatus.DEAD, reason="erased", actor=actor, now=now)


def _remove_copies(plan: Plan, actor: User, now: datetime) -> None:
    of = plan.of
    keys = [f"account-{account}-" for account in of.alone] + [f"wrap-up-{contact}" for contact in of.contacts]
    for key in keys:
        Draft.objects.filter(key__startswith=key).delete()
    points = ContactPoint.objects.filter(pk__in=plan.blanked.get(ValueKind.CONTACT_POINT, []), kind="email")
    addressed = Q(pk=None)
    for address in points.exclude(value="").values_list("value", flat=True):
        addressed |= Q(to__icontains=address)
    LocalMail.objects.filter(addressed).delete()
    for export in DataExport.objects.filter(person__in=of.parties).exclude(state=ExportState.REMOVED).order_by("pk"):
        move(export, "remove", actor=actor, at=now, reason="erased", given={"at": now})


def _tell(plan: Plan, erasure: Erasure, actor: User, now: datetime) -> None:
    """For the record: ids, the rule and how many of each kind."""
    codes = {"erasure": erasure.pk, "rule": erasure.rule, "counts": plan.counts}
    record("party.erased", subject=erasure.person, actor=actor, at=now, codes=codes)
    for account in Account.objects.filter(pk__in=plan.of.accounts).order_by("pk"):
        told = {"erasure": erasure.pk, "rule": erasure.rule}
        record("account.person_erased", subject=account, actor=actor, at=now, codes=told)
