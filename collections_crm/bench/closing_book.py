"""The evening of a busy day in a placed book: promises, reminders, holds and callbacks that all come to their date.

Written by the set, straight into the tables: only the closing of the day is measured.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection

from accounts.models import (
    HOLD_TERMS,
    Account,
    AccountParty,
    AccountState,
    Consent,
    ContactPoint,
    EntryKind,
    Hold,
    HoldKind,
    LedgerEntry,
    NextKind,
    Payment,
    PaymentState,
    Portfolio,
    User,
)
from accounts.services.due import refresh_due_of_portfolio
from arrangements.models import Arrangement, ArrangementState, Instalment, InstalmentState
from collections_crm.closing.day import ONE_DAY, closing_instant
from collections_crm.work.refresh import refresh_queue

PROMISES, REMINDERS, HOLDS, PAUSES, CALLBACKS = 2000, 500, 200, 50, 100
AMOUNT = Decimal("20.00")


def bring_to_evening(portfolio: Portfolio, day: date) -> None:
    """Half of the promises have money that clears on the day, the other half have none and are judged on it."""
    ids = list(Account.objects.filter(portfolio=portfolio).order_by("pk").values_list("pk", flat=True))
    people = dict(AccountParty.objects.filter(account__portfolio=portfolio).values_list("account_id", "party_id"))
    judged, reminded = ids[:PROMISES], ids[PROMISES : PROMISES + REMINDERS]
    rest = iter(ids[PROMISES + REMINDERS :])
    at = closing_instant(portfolio, day - 4 * ONE_DAY)
    agent = User.objects.create(username="bench", role="agent")
    _promise(judged, people, agent, at, day - ONE_DAY, InstalmentState.DUE)
    _promise(reminded, people, agent, at, day + 2 * ONE_DAY, InstalmentState.SCHEDULED)
    paying = judged[: PROMISES // 2]
    pay(paying, day - ONE_DAY, at + timedelta(days=2), "bench", clears_on=day)
    instalments = Instalment.objects.filter(account_id__in=paying)
    instalments.update(state=InstalmentState.KEPT_PROVISIONALLY, decided_on=day - ONE_DAY)
    _consent([people[pk] for pk in reminded], at)
    _hold(HoldKind.DISPUTE, [next(rest) for _ in range(HOLDS - PAUSES)], people, day, at)
    _hold(HoldKind.PAUSE, [next(rest) for _ in range(PAUSES)], people, day, at)
    callbacks = [next(rest) for _ in range(CALLBACKS)]
    Account.objects.filter(pk__in=callbacks).update(next_kind=NextKind.CALLBACK, next_on=day)
    fallen_due = refresh_due_of_portfolio(portfolio_id=portfolio.pk, on=day)
    touched = ids[: PROMISES + REMINDERS + HOLDS + CALLBACKS]
    refresh_queue([*touched, *fallen_due], now=at)


def _promise(account_ids: list[int], people: dict[int, int], agent: User, at, due_on: date, state: str) -> None:
    last = due_on + ONE_DAY
    made = Arrangement.objects.bulk_create(
        Arrangement(
            account_id=pk, party_id=people[pk], kind="promise", state=ArrangementState.ACTIVE, amount=AMOUNT,
            currency="USD", agreed_on=at.date(), made_by=agent, made_at=at,
        )
        for pk in account_ids
    )  # fmt: skip
    Instalment.objects.bulk_create(
        Instalment(
            arrangement=one, account_id=one.account_id, number=1, due_on=due_on, judged_on=last, amount=AMOUNT,
            state=state,
        )
        for one in made
    )  # fmt: skip
    Hold.objects.bulk_create(
        a_hold(HoldKind.ARRANGEMENT, one.account_id, people, last, at, placed_for_type="arrangement",
                placed_for_id=one.pk)
        for one in made
    )  # fmt: skip
    at_arrangements(account_ids, NextKind.CHECK_PROMISE, last)


def at_arrangements(account_ids: list[int], kind: NextKind, on: date) -> None:
    """These accounts wait for what was agreed on them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE accounts_account a SET state = %s, next_kind = %s, next_on = %s, next_subject_type = 'arrangement',
                   next_subject_id = g.id
            FROM arrangements_arrangement g WHERE g.account_id = a.id AND a.id = ANY(%s)
            """,
            [AccountState.ARRANGED, kind, on, account_ids],
        )


def pay(
    account_ids: list[int], paid_on: date, paid_at, source: str, *, clears_on: date | None = None, cleared: bool = False
) -> None:
    """Money by direct debit: it became final long ago, or does on a day."""
    entries = LedgerEntry.objects.bulk_create(
        LedgerEntry(
            account_id=pk, currency="USD", kind=EntryKind.PAYMENT, amount=-AMOUNT, principal=-AMOUNT, meets_due=True,
            effective_on=paid_on, recorded_at=paid_at, source=source, source_key=str(pk),
        )
        for pk in account_ids
    )  # fmt: skip
    Payment.objects.bulk_create(
        Payment(
            account_id=entry.account_id, amount=AMOUNT, currency="USD", method="direct_debit", received_on=paid_on,
            clears_on=clears_on or paid_on, state=PaymentState.POSTED, entry=entry, source=source,
            source_key=entry.source_key, recorded_at=paid_at,
        )
        for entry in entries
    )  # fmt: skip
    if cleared:
        Payment.objects.filter(source=source).update(state=PaymentState.CLEARED)


def _consent(party_ids: list[int], at) -> None:
    phones = ContactPoint.objects.filter(party_id__in=party_ids, kind="phone")
    Consent.objects.bulk_create(
        Consent(contact_point=phone, channel="text", basis="given", given_at=at) for phone in phones
    )


def _hold(kind: HoldKind, account_ids: list[int], people: dict[int, int], day: date, at) -> None:
    holds = Hold.objects.bulk_create(a_hold(kind, pk, people, day + ONE_DAY, at) for pk in account_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE accounts_account a SET next_kind = %s, next_on = %s, next_subject_type = 'hold',
                   next_subject_id = h.id
            FROM accounts_hold h WHERE h.account_id = a.id AND h.id = ANY(%s)
            """,
            [NextKind.REVIEW_HOLD, day + ONE_DAY, [hold.pk for hold in holds]],
        )


def a_hold(kind: HoldKind, account_id: int, people: dict[int, int], review_on: date, at, **fields) -> Hold:
    terms = HOLD_TERMS[kind]
    return Hold(
        kind=kind, scope=terms.scope, person_id=people[account_id], account_id=account_id, permits=list(terms.permits),
        from_on=at.date(), review_on=review_on, self_ending=terms.self_ending, placed_at=at, **fields,
    )  # fmt: skip


def moved_buckets(portfolio: Portfolio, on: date) -> int:
    """How many accounts belong in another bucket on a day than the one that is stored, counted one by one."""
    bounds = portfolio.product.bucket_bounds
    rows = Account.objects.filter(portfolio=portfolio).values_list("oldest_due_on", "bucket")
    return sum(bucket != _bucket(oldest, bounds, on) for oldest, bucket in rows.iterator())


def _bucket(oldest: date | None, bounds: list[int], on: date) -> int:
    return 0 if oldest is None or oldest >= on else bisect_right(bounds, (on - oldest).days)
