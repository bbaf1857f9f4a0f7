"""The evening of a day on which many plans have a payment to decide on: the ground of what deciding them costs.

Written by the set, straight into the tables: only the closing of the day is measured.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection
from django.db.models import F

from accounts.models import Account, AccountParty, Hold, HoldKind, NextKind, Portfolio, User
from accounts.services.due import refresh_due_of_portfolio
from arrangements.models import Arrangement, ArrangementKind, ArrangementState, Instalment, InstalmentState, PlanRhythm
from collections_crm.bench.closing_book import AMOUNT, a_hold, at_arrangements, pay
from collections_crm.closing.day import ONE_DAY, closing_instant
from collections_crm.work.refresh import refresh_queue

# Weekly plans of ten payments, the third of which comes to its day now.
PLANS, PAYMENTS, BEHIND = 20_000, 10, 2
WEEK = timedelta(days=7)
I = InstalmentState  # noqa: E741


def bring_plans_to_evening(portfolio: Portfolio, day: date, plans: int) -> dict[str, int]:
    """Half of the plans have a payment that falls due on the day. Of the others it is judged then: for half of them its
    money becomes final, the rest paid nothing. Answers what the closing has to count, by kind."""
    ids = list(Account.objects.filter(portfolio=portfolio).order_by("pk").values_list("pk", flat=True)[:plans])
    people = dict(AccountParty.objects.filter(account_id__in=ids).values_list("account_id", "party_id"))
    at = closing_instant(portfolio, day - (BEHIND * 7 + 4) * ONE_DAY)
    agent = User.objects.create(username="bench", role="agent")
    falling, judged = ids[: plans // 2], ids[plans // 2 :]
    paying = judged[: len(judged) // 2]
    _agree(falling, people, agent, at, day, I.SCHEDULED)
    _agree(judged, people, agent, at, day - ONE_DAY, I.DUE)
    for number in range(BEHIND):
        pay(ids, day - (BEHIND - number) * WEEK, at + (number + 1) * WEEK, f"behind {number}", cleared=True)
    pay(paying, day - ONE_DAY, at + BEHIND * WEEK, "judged", clears_on=day)
    Instalment.objects.filter(account_id__in=paying, number=BEHIND + 1).update(
        state=I.KEPT_PROVISIONALLY, decided_on=day - ONE_DAY
    )
    fallen_due = refresh_due_of_portfolio(portfolio_id=portfolio.pk, on=day)
    refresh_queue([*ids, *fallen_due], now=closing_instant(portfolio, day - ONE_DAY))
    return {
        "instalment.fall_due": len(falling),
        # Money that becomes final keeps its payment in the same transaction, counted as money.
        "payments": len(paying),
        "instalment.fall_through": len(judged) - len(paying),
    }


def _agree(account_ids: list[int], people: dict[int, int], agent: User, at, third_on: date, third: str) -> None:
    """One plan each: the first payments kept, the third standing as it is said, the others to come."""
    made = Arrangement.objects.bulk_create(
        Arrangement(
            account_id=pk, party_id=people[pk], kind=ArrangementKind.PLAN, state=ArrangementState.ACTIVE,
            amount=AMOUNT * PAYMENTS, currency="USD", rhythm=PlanRhythm.WEEKLY, agreed_on=at.date(), made_by=agent,
            made_at=at,
        )
        for pk in account_ids
    )  # fmt: skip
    Instalment.objects.bulk_create(
        (_payment(one, number, third_on, third) for one in made for number in range(1, PAYMENTS + 1)), batch_size=20_000
    )
    behind = Instalment.objects.filter(account_id__in=account_ids, number__lte=BEHIND)
    behind.update(state=I.KEPT, decided_on=F("due_on"))
    last = third_on + (PAYMENTS - BEHIND) * WEEK
    Hold.objects.bulk_create(
        a_hold(HoldKind.ARRANGEMENT, one.account_id, people, last, at, placed_for_type="arrangement",
               placed_for_id=one.pk)
        for one in made
    )  # fmt: skip
    at_arrangements(account_ids, NextKind.CHECK_PROMISE, third_on + ONE_DAY)


def _payment(arrangement: Arrangement, number: int, third_on: date, third: str) -> Instalment:
    due_on = third_on + (number - BEHIND - 1) * WEEK
    return Instalment(
        arrangement=arrangement, account_id=arrangement.account_id, number=number, due_on=due_on,
        judged_on=due_on + ONE_DAY, amount=AMOUNT, state=third if number == BEHIND + 1 else I.SCHEDULED,
    )  # fmt: skip


def live_instalments() -> int:
    """Counted from the tables: payments of arrangements in force."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM arrangements_instalment i JOIN arrangements_arrangement a ON a.id = i.arrangement_id "
            "WHERE a.state = 'active'"
        )
        return int(cursor.fetchone()[0])
