"""Complaints in tests: raised, and taken as far as a test needs."""

from accounts.models import Account, Complaint, User
from accounts.services.complaint_referrals import refer_complaint
from accounts.services.complaints import (
    acknowledge_complaint,
    raise_complaint,
    record_complaint_answer,
    reject_complaint,
    review_complaint,
)
from tests.factories import NOW, TODAY


def complained(account: Account, actor: User, category: str = "contact", *, now=NOW, **more) -> Complaint:
    given = {"said": "You ring me at work.", "party_id": account.parties.get().pk} | more
    return raise_complaint(account_id=account.pk, category=category, actor=actor, now=now, **given)


def looked_into(account: Account, actor: User, category: str = "contact", *, now=NOW, **more) -> Complaint:
    complaint = complained(account, actor, category, now=now, **more)
    acknowledge_complaint(complaint_id=complaint.pk, actor=actor, now=now)
    return review_complaint(complaint_id=complaint.pk, actor=actor, now=now)


def answered(account: Account, actor: User, manager: User, category: str = "contact", *, on=TODAY) -> Complaint:
    """Rejected, with the answer sent."""
    complaint = looked_into(account, actor, category)
    reject_complaint(complaint_id=complaint.pk, reasons="The calls were agreed.", actor=manager, now=NOW)
    return record_complaint_answer(complaint_id=complaint.pk, how="post", on=on, actor=manager, now=NOW)


def referred(complaint: Complaint, actor: User, *, now=NOW, on=TODAY, reference: str = "FOS-77") -> Complaint:
    return refer_complaint(complaint_id=complaint.pk, on=on, reference=reference, actor=actor, now=now)
