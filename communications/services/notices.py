"""Dated papers: that a notice was sent or a request came, and until when must be waited after it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from accounts.foundation import days
from accounts.foundation.domain_events import (
    AccountsChanged,
    DisputeAnswered,
    DisputeRaised,
    DisputeWithdrawn,
    DomainEvent,
    ReconciliationAsked,
    ReconciliationEnded,
    publish,
)
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import User
from accounts.models import OPEN_DISPUTE, Account, Dispute, Jurisdiction, Reconciliation
from accounts.services.door import lock_account_with_people
from communications.models import FirstNotice

# Days after which a notice has run out: business days until it counts as received, then civil days.
# Validation: 12 CFR 1006.34(b)(5). Default: CCA s88(2) 14 days after service; NCC s88 30 days. Claim: the UK protocol.
# Refusal of hardship help: NCC s89A, its own day included. Representatives: RG 96 section 9. The shipped rules wait as
# long (tests/communications/policy/test_periods.py).
WAITS = {
    "validation": (5, 30),
    "default": (2, 14),
    "default_au": (2, 30),
    "letter_of_claim": (2, 30),
    "hardship_refused": (0, 13),
    "representative_asked": (0, 7),
    "representative_warned": (0, 7),
}


@retrying
def record_first_notice(
    *, account_id: int, kind: str, sent_on: date, actor: User | None, now: datetime, contact_id: int | None = None
) -> FirstNotice:
    """Record that a notice was sent for an account, or a request came, on a civil day, and until when it runs.

    The same notice of the same day is answered as it was recorded. Refuses a day that has not come yet, and the
    verification of a debt while a written dispute of it is open: that is sent with the dispute's answer.
    """
    account = lock_account_with_people(account_id)
    portfolio = account.portfolio
    if sent_on > days.civil_day(now, portfolio.zone):
        raise Refused("notice_in_the_future", day=sent_on)
    if kind == "verification_sent" and _written_and_open(account).exists():
        raise Refused("verification_before_answer")
    if known := FirstNotice.objects.filter(account=account, kind=kind, sent_on=sent_on).first():
        return known
    notice = FirstNotice.objects.create(
        account=account,
        kind=kind,
        sent_on=sent_on,
        wait_until=runs_until(kind, sent_on, portfolio.country),
        contact_id=contact_id,
        recorded_by=actor,
        recorded_at=now,
    )
    record("first_notice.recorded", subject=notice, actor=actor, at=now, codes={"kind": kind})
    publish(AccountsChanged(ids=frozenset([account.pk]), at=now, actor_id=getattr(actor, "pk", None)))
    return notice


def note_written_disputes(event: DisputeRaised) -> None:
    """A US debt disputed in writing rests until its verification is sent (12 CFR 1006.38(d)(2)): keep that it came."""
    for dispute in _in_writing(event.ids):
        _note_paper(dispute, "dispute_received", dispute.received_on, event)


def note_verifications(event: DisputeAnswered) -> None:
    """The answer that says what is owed and why is the verification that was waited for, once no other is."""
    for dispute in _in_writing(event.ids):
        if dispute.answered_on is not None and not _written_and_open(dispute.account).exists():
            _note_paper(dispute, "verification_sent", dispute.answered_on, event)


def note_withdrawals(event: DisputeWithdrawn) -> None:
    """Whoever disputes it no more waits for no verification: the paper says so, once nothing else is disputed."""
    for dispute in _in_writing(event.ids):
        if not _written_and_open(dispute.account).exists():
            on = days.civil_day(event.at, dispute.account.portfolio.zone)
            _note_paper(dispute, "dispute_withdrawn", on, event)


def _written_and_open(account: Account) -> QuerySet[Dispute]:
    return account.disputes.filter(in_writing=True, state__in=OPEN_DISPUTE)


def note_reconciliation_requests(event: ReconciliationAsked) -> None:
    """The contract's reconciliation was asked for: the gate lets nothing be enforced until it was answered."""
    for case in Reconciliation.objects.filter(pk__in=event.ids).order_by("pk"):
        _note_paper(case, "reconciliation_request", case.asked_on, event)


def note_reconciliations(event: ReconciliationEnded) -> None:
    """Made, refused with the reasons sent, or withdrawn: the request is closed."""
    for case in Reconciliation.objects.filter(pk__in=event.ids).select_related("account__portfolio").order_by("pk"):
        _note_paper(case, "reconciliation_done", days.civil_day(event.at, case.account.portfolio.zone), event)


def _in_writing(ids: Iterable[int]) -> QuerySet[Dispute]:
    written = Dispute.objects.filter(pk__in=ids, in_writing=True, account__portfolio__jurisdiction=Jurisdiction.US)
    return written.select_related("account__portfolio").order_by("pk")


def _note_paper(case: Dispute | Reconciliation, kind: str, on: date, event: DomainEvent) -> None:
    actor = User.objects.filter(pk=event.actor_id).first()
    record_first_notice(account_id=case.account_id, kind=kind, sent_on=on, actor=actor, now=event.at)


def runs_until(kind: str, sent_on: date, country: str) -> date:
    """The last day of a notice: received after some business days, then its civil days. Unknown kinds don't run."""
    post, civil = WAITS.get(kind, (0, 0))
    return days.add_business_days(sent_on, post, country) + timedelta(days=civil)
