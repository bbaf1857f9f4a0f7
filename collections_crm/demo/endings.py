"""One account at least in every state, and cases for the managers' inbox, brought there by the services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from accounts.foundation.days import civil_day
from accounts.models import Account, AccountState, User
from accounts.services import approvals
from accounts.services.accounts import move_account
from accounts.services.complaints import acknowledge_complaint, raise_complaint, review_complaint
from accounts.services.holds import place_hold
from accounts.services.next_step import set_next
from accounts.services.payments import record_payment
from arrangements.models import Arrangement, ArrangementKind
from arrangements.schedules.plan import PlanTerms
from arrangements.schedules.rhythms import Rhythm
from arrangements.services.agreeing import Terms
from arrangements.services.escalations import raise_escalation
from arrangements.services.offers import make_offer
from arrangements.services.settlements import accept_settlement
from collections_crm.demo import disputes, hardship
from collections_crm.demo.history import what_the_house_allows
from collections_crm.demo.papers import accept_in_writing

S = AccountState
CASES = [("settlement", "old_debt"), ("write_off", "uneconomic"), ("fraud", "identity")] * 2
# What whoever decides is told: nobody has spoken with these customers, and nothing else claims so.
NOTES = {
    "settlement": "Proposed from the file: one payment of 60 % within 14 days. The customer has not been reached yet.",
    "write_off": "From the file: a small balance. No contact is on record, and tracing would cost more than is owed.",
    "fraud": "Found in the file, before any contact: the personal data don't fit together. Please check who this is.",
}
CALLBACKS = (-150, 135, 200, 300, 26 * 60)  # minutes from the end of the story
HOLDS = ("representation", "insolvency")
# About what, how many days ago it came by letter, whether somebody looks into it, what they say and want. Nobody has
# spoken with these customers, so none is about a call. The last one is late: nobody told the customer that it came.
COMPLAINTS = [
    ("fees", 2, False, "The late fee was taken twice.", "The second fee back."),
    ("information", 8, True, "The creditor's statement has my old address.", "My address corrected, and an apology."),
    ("privacy", 10, False, "My neighbours know of this debt.", "To know who told them."),
]


Act = Callable[[Account, dict[str, User], datetime], object]


def bring_to_every_state(staff: dict[str, User], *, now: datetime) -> None:
    """Pay some off, settle, write off and recall some, take some to enforcement and to an agency; ask for decisions.

    A small book gets as many of these as it has accounts that nobody has worked.
    """
    acts: list[Act] = [_pay_off, _settle, _write_off, _recall, _enforce, _place_out]
    acts += [_asked_for(kind, reason) for kind, reason in CASES]
    acts += [_called_back(minutes) for minutes in CALLBACKS]
    acts += [_held_for(kind) for kind in HOLDS]
    acts += [_complains(*said) for said in COMPLAINTS]
    acts += [_pay_off, _settle, _write_off, _recall, _enforce, _place_out] * 2 + [_pay_off] * 3
    acts += [_pay_in_parts] * 4 + [_quote] * 2 + [*hardship.STEPS]
    acts += disputes.STORIES
    for act, account in zip(acts, _untouched(), strict=False):
        with what_the_house_allows():
            act(account, staff, now)


def _asked_for(kind: str, reason: str) -> Act:
    return lambda account, staff, now: _case(account, kind, reason, staff, now)


def _called_back(minutes: int) -> Act:
    return lambda account, staff, now: _ask_to_be_called(account, now + timedelta(minutes=minutes), staff, now)


def _held_for(kind: str) -> Act:
    return lambda account, staff, now: place_hold(
        kind=kind, account_id=account.pk, actor=staff["agent"], now=now, reason="told_by_customer"
    )


def _complains(category: str, days_ago: int, looked_into: bool, said: str, wanted: str) -> Act:
    def act(account: Account, staff: dict[str, User], now: datetime) -> None:
        came = now - timedelta(days=days_ago)
        complaint = raise_complaint(
            account_id=account.pk,
            party_id=account.account_parties.get(role="primary").party_id,
            category=category,
            said=said,
            wanted=wanted,
            in_writing=True,
            actor=staff["agent"],
            now=came,
        )
        if looked_into:
            step = {"complaint_id": complaint.pk, "actor": staff["manager"]}
            acknowledge_complaint(now=came + timedelta(days=1), **step)
            review_complaint(now=came + timedelta(days=3), **step)

    return act


def _untouched() -> list[Account]:
    """Accounts that nobody has worked: no contact, nothing on them, a next step to act."""
    found = Account.objects.filter(state=S.NEW, next_kind="act", account_contacts__isnull=True, holds__isnull=True)
    return list(found.select_related("portfolio").order_by("balance", "pk")[:60])


def _started(account: Account, staff: dict[str, User], now: datetime) -> Account:
    held = Account.objects.lock(account.pk)
    move_account(held, "activate", actor=staff["agent"], now=now, reason="worked")
    return held


def _pay_off(account: Account, staff: dict[str, User], now: datetime) -> None:
    _pay(account, account.balance, now)


def _pay(account: Account, amount: Decimal, now: datetime) -> None:
    record_payment(
        account_id=account.pk,
        amount=amount,
        method="transfer",
        received_on=now.date() - timedelta(days=1),
        reference=f"DEMO {account.reference}",
        source="demo-end",
        source_key=account.reference,
        actor=None,
        now=now,
    )


def _settle(account: Account, staff: dict[str, User], now: datetime) -> None:
    amount = (account.balance * Decimal("0.70")).quantize(Decimal("0.01"))
    accept_settlement(
        account_id=account.pk,
        party_id=account.account_parties.get(role="primary").party_id,
        amount=amount,
        pay_by=now.date() + timedelta(days=5),
        actor=staff["manager"],
        now=now - timedelta(days=2),
    )
    _pay(account, amount, now)


def _pay_in_parts(account: Account, staff: dict[str, User], now: datetime) -> None:
    """A plan, accepted in writing the day it was offered."""
    accept_in_writing(_quote(account, staff, now), staff["agent"], now)


def _quote(account: Account, staff: dict[str, User], now: datetime) -> Arrangement:
    """All that is owed in four payments, every two weeks."""
    first_on = now.date() + timedelta(days=6)
    plan = PlanTerms(account.balance, account.currency, Rhythm.FORTNIGHTLY, first_on, count=4)
    terms = Terms.planned(ArrangementKind.PLAN, plan, account.portfolio)
    party_id = account.account_parties.get(role="primary").party_id
    return make_offer(account_id=account.pk, party_id=party_id, terms=terms, actor=staff["agent"], now=now)


def _write_off(account: Account, staff: dict[str, User], now: datetime) -> None:
    case = _case(account, "write_off", "small", staff, now)
    approvals.claim(approval_id=case.approval_id, actor=staff["manager"], now=now)
    approvals.approve(approval_id=case.approval_id, actor=staff["manager"], now=now)


def _recall(account: Account, staff: dict[str, User], now: datetime) -> None:
    held = Account.objects.lock(account.pk)
    move_account(held, "recall", actor=staff["manager"], now=now, reason="creditor_asked")


def _enforce(account: Account, staff: dict[str, User], now: datetime) -> None:
    held = _started(account, staff, now)
    move_account(held, "enforce", actor=staff["manager"], now=now, reason="with_the_lawyers")


def _place_out(account: Account, staff: dict[str, User], now: datetime) -> None:
    held = _started(account, staff, now)
    move_account(held, "place_out", actor=staff["manager"], now=now, reason="with_the_agency")


def _ask_to_be_called(account: Account, at: datetime, staff: dict[str, User], now: datetime) -> None:
    """Asked the day before, so that a late one was once ahead."""
    asked, agent = at - timedelta(days=1), staff["agent"]
    held = _started(account, staff, asked)
    on = civil_day(at, account.portfolio.zone)
    set_next(account=held, kind="callback", on=on, at=at, owner=agent, reason="customer_asked", actor=agent, now=asked)


def _case(account: Account, kind: str, reason: str, staff: dict[str, User], now: datetime):
    offer = kind == "settlement"
    return raise_escalation(
        account_id=account.pk,
        kind=kind,
        reason=reason,
        note=NOTES[kind],
        actor=staff["agent"],
        now=now,
        amount=(account.balance * Decimal("0.60")).quantize(Decimal("0.01")) if offer else None,
        pay_by=now.date() + timedelta(days=14) if offer else None,
    )
