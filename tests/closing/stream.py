"""Sixty days on a small book: what people and banks do, drawn once from a seed, and done through the services."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.foundation.errors import Refused
from accounts.models import OPEN_DISPUTE, Account, ConsentBasis, ContactPoint, Dispute, Payment, User
from accounts.services.accounts import today_of
from accounts.services.approval_kinds import ApprovalKind, register
from accounts.services.approvals import request_approval
from accounts.services.contact_points import record_consent
from accounts.services.dispute_raising import raise_dispute
from accounts.services.disputes import (
    acknowledge_dispute,
    record_answer,
    reject_dispute,
    review_dispute,
    withdraw_dispute,
)
from accounts.services.holds import place_hold
from accounts.services.next_step import set_next
from accounts.services.payments import record_payment, reverse_payment
from arrangements.models import OPEN_HARDSHIP, HardshipCase
from arrangements.services.hardship import (
    answer_hardship,
    assess_hardship,
    decline_help,
    grant_help,
    record_hardship,
    review_help,
)
from arrangements.services.hardship_ends import end_hardship
from arrangements.services.promises import make_promise
from tests.communications.calls import caller, conclude, ring
from tests.factories import NOW, TODAY, make_portfolio, make_team, make_user, place_account
from tests.support.hardship import LETTER, budgeted, told
from tests.support.interest import terms

DAYS = 60
DARK = {20, 21, 22}  # nobody works and no bank file comes; time goes on
ACCOUNTS = 32
ACTS_A_DAY = 2
# A case takes several steps: they come to few accounts, one a day.
IN_HARDSHIP = [1, 6, 13, 22]
# Loans whose interest accrues, in both portfolios.
ACCRUING = [2, 10, 13, 18, 27]

register(ApprovalKind(code="stream", label="stream", consequence="", executor=lambda *_: None, days_open=4))


@dataclass(frozen=True)
class Act:
    """Something done to one account at an instant, with what was drawn for it."""

    at: datetime
    name: str
    account: int
    drawn: dict[str, Any]


def place_book() -> None:
    """Two portfolios in two zones, instalments that keep falling due, some people who agreed to texts."""
    uk, mx = make_portfolio("UK", grace_business_days=1), make_portfolio("MX", grace_business_days=2)
    team = make_team(uk, mx)
    make_user("agent", team, username="agent")
    make_user("manager", team, username="manager")
    for number in range(ACCOUNTS):
        account = place_account(
            owed="900.00",
            due="150.00",
            days_late=1 + number % 70,
            portfolio=uk if number % 3 else mx,
            phone=_phone(number),
        )
        for month in (1, 2):
            account.due_items.create(due_on=TODAY + timedelta(days=(number % 28) + 15 * month), amount=Decimal("75.00"))
        if number in ACCRUING:
            terms(account, "0.199")
        if number % 2:
            point = ContactPoint.objects.get(party__accounts=account, kind="phone")
            record_consent(
                contact_point_id=point.pk, channel="text", basis=ConsentBasis.GIVEN, actor=None, now=NOW
            )  # fmt: skip


def _phone(number: int) -> str:
    return f"020 7946 0{number:03}" if number % 3 else f"81 8345 {number:04}"


def draw(seed: int) -> list[Act]:
    """The whole stream, the same for the same seed. It doesn't depend on what became of earlier acts."""
    chance, of_few = random.Random(seed), random.Random(seed + 1)
    acts = []
    for day in range(DAYS):
        if day in DARK:
            continue
        on = TODAY + timedelta(days=day)
        for turn in range(ACTS_A_DAY):
            at = datetime.combine(on, time(15, 0), tzinfo=UTC) + timedelta(minutes=5 * turn)
            name = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
            acts.append(Act(at, name, chance.randrange(ACCOUNTS), _drawn(chance, on, day)))
        acts.append(Act(at + timedelta(minutes=30), "hardship", of_few.choice(IN_HARDSHIP), _drawn(of_few, on, day)))
    return acts


def _drawn(chance: random.Random, on: date, day: int) -> dict[str, Any]:
    # Money received while the house was dark is known on the day after.
    late = 3 if day - 1 in DARK else chance.choice([0, 0, 1])
    return {
        "amount": Decimal(chance.choice([50, 80, 100, 150, 900])),
        "days": chance.randrange(0, 9),
        "received_on": on - timedelta(days=late),
        "method": chance.choice(["cash", "transfer", "direct_debit", "cheque"]),
        "kind": chance.choice(["dispute", "pause", "complaint"]),
        "about": chance.choice(["amount", "paid", "service", "not_mine"]),
    }


class Worker:
    """Does the acts of the stream, the same in every life of the book. What the business refuses is not done."""

    def __init__(self) -> None:
        self.accounts = list(Account.objects.order_by("pk"))
        self.agent = User.objects.get(username="agent")
        self.manager = User.objects.get(username="manager")

    def do(self, act: Act) -> None:
        account = Account.objects.get(pk=self.accounts[act.account].pk)
        try:
            with transaction.atomic():
                getattr(self, act.name)(account, act.at, **act.drawn)
        except Refused:
            return

    def promise(self, account: Account, at: datetime, amount: Decimal, days: int, **_: Any) -> None:
        contact = caller(account, self.agent, now=at)
        conclude(contact, self.agent, "not_verified", now=at + timedelta(minutes=2))
        make_promise(
            account_id=account.pk,
            party_id=contact.party_id,
            amount=amount,
            due_on=at.date() + timedelta(days=days),
            contact_id=contact.pk,
            actor=self.manager,
            now=at + timedelta(minutes=3),
        )

    def call(self, account: Account, at: datetime, days: int, **_: Any) -> None:
        contact = ring(account, self.agent, now=at)
        conclude(contact, self.agent, "callback" if days % 2 else "no_answer", now=at + timedelta(minutes=2))

    def pay(self, account: Account, at: datetime, amount: Decimal, received_on: date, method: str, **_: Any) -> None:
        record_payment(
            account_id=account.pk,
            amount=amount,
            method=method,
            received_on=received_on,
            source="bank",
            source_key=at.isoformat(),
            actor=None,
            now=at,
        )

    def dishonour(self, account: Account, at: datetime, **_: Any) -> None:
        payment = Payment.objects.filter(account=account).order_by("recorded_at").last()
        if payment is not None:
            reverse_payment(payment_id=payment.pk, reason="dishonour", on=at.date(), actor=None, now=at)

    def hold(self, account: Account, at: datetime, kind: str, days: int, **more: Any) -> None:
        if kind == "dispute":
            self.dispute(account, at, days=days, **more)
            return
        review_on = at.date() + timedelta(days=2 + days)
        place_hold(kind=kind, account_id=account.pk, review_on=review_on, actor=self.agent, now=at)

    def dispute(self, account: Account, at: datetime, about: str, days: int, amount: Decimal, **_: Any) -> None:
        """Of a part or of all; one that is open already goes a step further instead."""
        open_one = Dispute.objects.filter(account=account, state__in=OPEN_DISPUTE).first()
        if open_one is not None:
            self.go_on(open_one, at, days)
            return
        raise_dispute(
            account_id=account.pk,
            party_id=account.parties.get().pk,
            kind=about,
            said="It isn't right.",
            amount=amount if days % 2 else None,
            actor=self.agent,
            now=at,
        )

    def go_on(self, dispute: Dispute, at: datetime, days: int) -> None:
        """Told, looked into and decided in one go; answered, withdrawn or left open as the draw says."""
        who = {"dispute_id": dispute.pk, "now": at}
        if dispute.state == "raised":
            acknowledge_dispute(actor=self.agent, **who)
            review_dispute(actor=self.agent, **who)
        elif dispute.state == "under_review" and days % 3 == 0:
            withdraw_dispute(said="It is right after all.", actor=self.manager, **who)
        elif dispute.state == "under_review":
            reject_dispute(reasons="It is owed.", actor=self.manager, **who)
            record_answer(how="post", on=today_of(dispute.account, at), actor=self.agent, **who)

    def ask(self, account: Account, at: datetime, **_: Any) -> None:
        request_approval(kind="stream", subject=account, terms={}, account=account, actor=self.agent, now=at)

    def hardship(self, account: Account, at: datetime, days: int, **_: Any) -> None:
        """Told, then one step a time: what the case allows next is drawn from the days of the act."""
        case = HardshipCase.objects.filter(account=account, state__in=OPEN_HARDSHIP).order_by("-pk").first()
        if case is None or days == 8:
            told(account, self.agent, now=at)
            return
        until = at.date() + timedelta(days=3 + 4 * days)
        steps = {
            "signalled": lambda: self.decide(account, case, at),
            "assessed": lambda: self.help_or_refuse(case, at, until, helps=days % 3 > 0),
            "granted": lambda: review_help(case_id=case.pk, actor=self.agent, now=at),
            "under_review": lambda: end_hardship(case_id=case.pk, said="Works again.", actor=self.agent, now=at),
            "declined": lambda: answer_hardship(
                case_id=case.pk, how="post", on=case.decided_on, letter=LETTER, actor=self.agent, now=at
            ),
        }
        steps[case.state]()

    def decide(self, account: Account, case: HardshipCase, at: datetime) -> None:
        record_hardship(case_id=case.pk, actor=self.agent, now=at)
        budgeted(account, self.agent, now=at)
        assess_hardship(case_id=case.pk, actor=self.agent, now=at)

    def help_or_refuse(self, case: HardshipCase, at: datetime, until: date, *, helps: bool) -> None:
        if helps:
            grant_help(case_id=case.pk, measure="pause", review_on=until, actor=self.agent, now=at)
        else:
            decline_help(case_id=case.pk, reasons="It leaves enough.", actor=self.manager, now=at)

    def callback(self, account: Account, at: datetime, days: int, **_: Any) -> None:
        on = at.date() + timedelta(days=days)
        if account.is_open and account.next_kind == "act":
            set_next(account=account, kind="callback", on=on, reason="asked", actor=self.agent, now=at)


WEIGHTS = {"promise": 32, "pay": 28, "dishonour": 10, "call": 8, "hold": 12, "ask": 4, "callback": 6}
