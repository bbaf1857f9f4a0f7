"""Reminders the day before a promised payment, by a channel that the customer agreed to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from accounts.foundation.days import start_of
from accounts.foundation.domain_events import ArrangementChanged, PaymentPosted
from accounts.foundation.money import ZERO
from accounts.foundation.purposes import Purpose
from accounts.models import Consent, ContactPoint, Payment, Portfolio
from accounts.selectors.askable import may_be_asked_of
from arrangements.models import ArrangementState, Instalment, InstalmentState
from arrangements.selectors.promises import REMIND_AHEAD, promises_due
from arrangements.selectors.standings import judged
from communications.models import Message, MessageState
from communications.services.message_sets import Wanted, queue_messages
from communications.services.messages import agreed_channel, cancel_message

TEMPLATE = "promise-reminder"
# When a reminder is in place if nothing else is known; the gate judges the customer's own hours when it is sent.
HOUR = time(10, 0)


def queue_reminders(*, portfolio: Portfolio, on: date, now: datetime, after: int = 0, most: int = 1000) -> list[int]:
    """Put in line, for the civil day `on` of the portfolio, a reminder of each promise due the day after: of what is
    still missing of that payment, and never more than may be asked of the account.

    Customers who agreed to neither texts nor e-mail get none, nor does who has nothing left to pay of it. Queueing
    twice changes nothing. Answers the ids of the instalments looked at, at most `most` after the id `after`.
    """
    due = promises_due(on + REMIND_AHEAD).filter(account__portfolio=portfolio, pk__gt=after)
    instalments = list(due.select_related("arrangement", "account__portfolio").order_by("pk")[:most])
    if not instalments:
        return []
    points, consents = _ways_to([row.arrangement.party_id for row in instalments])
    to_pay = what_to_remind_of(instalments)
    wanted = []
    for instalment in instalments:
        party_id, amount = instalment.arrangement.party_id, to_pay[instalment.pk]
        if amount and (way := agreed_channel(points[party_id], consents[party_id], now)):
            wanted.append(_wanted(instalment, amount, *way, portfolio=portfolio, on=on, now=now))
    queue_messages(wanted, template_code=TEMPLATE, actor=None, now=now)
    return [row.pk for row in instalments]


def what_to_remind_of(instalments: Sequence[Instalment]) -> dict[int, Decimal]:
    """By id, what is missing of each payment (`account` read with it), as far as it may be asked. Six queries."""
    asked = may_be_asked_of([row.account for row in instalments])
    live = {one.arrangement.pk: one for one in judged(asked) if one.arrangement.state == ArrangementState.ACTIVE}
    missing = {row.pk: live[row.arrangement_id].missing_of(row.pk) for row in instalments if row.arrangement_id in live}
    return {row.pk: min(missing.get(row.pk, ZERO), asked[row.account_id].balance) for row in instalments}


def withdraw_reminders(event: ArrangementChanged) -> None:
    """What was kept or no longer holds needs no reminder: one that still waits leaves the line."""
    over = Instalment.objects.filter(arrangement_id__any=event.ids).exclude(
        state=InstalmentState.SCHEDULED, arrangement__state=ArrangementState.ACTIVE
    )
    keys = [_key(pk, due_on) for pk, due_on in over.values_list("pk", "due_on")]
    _withdraw(keys, event.at)


def withdraw_outdated(event: PaymentPosted) -> None:
    """A reminder in line of what was paid in part meanwhile names too much: it leaves the line."""
    accounts = Payment.objects.filter(pk__in=event.ids).values("account_id")
    waiting = Message.objects.filter(account_id__in=accounts, purpose=Purpose.REMINDER, state=MessageState.QUEUED)
    if not waiting.exists():
        return
    due = Instalment.objects.filter(
        account_id__in=accounts, state=InstalmentState.SCHEDULED, arrangement__state=ArrangementState.ACTIVE
    )
    instalments = list(due.select_related("account"))
    to_pay = what_to_remind_of(instalments)
    _withdraw([_key(row.pk, row.due_on) for row in instalments if to_pay[row.pk] < row.amount], event.at)


def _withdraw(keys: list[str], now: datetime) -> None:
    waiting = Message.objects.filter(dedupe_key__any=keys, state=MessageState.QUEUED)
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        cancel_message(message_id=pk, reason="promise_changed", actor=None, now=now)


def _key(instalment_id: int, due_on: date) -> str:
    return f"reminder:{instalment_id}:{due_on.isoformat()}"


def _ways_to(party_ids: list[int]) -> tuple[dict[int, list[ContactPoint]], dict[int, list[Consent]]]:
    """Per party the consents that were not taken back, and the contact points that they are for."""
    points, consents = defaultdict(list), defaultdict(list)
    of_parties = Consent.objects.filter(contact_point__party_id__any=party_ids, revoked_at__isnull=True)
    given = list(of_parties.order_by("pk"))
    agreed = ContactPoint.objects.filter(pk__any={consent.contact_point_id for consent in given})
    known = {point.pk: point for point in agreed.select_related("party").order_by("pk")}
    for point in known.values():
        points[point.party_id].append(point)
    for consent in given:
        consents[known[consent.contact_point_id].party_id].append(consent)
    return points, consents


def _wanted(
    instalment: Instalment,
    amount: Decimal,
    point: ContactPoint,
    channel: str,
    *,
    portfolio: Portfolio,
    on: date,
    now: datetime,
) -> Wanted:
    return Wanted(
        account=instalment.account,
        contact_point=point,
        channel=channel,
        dedupe_key=_key(instalment.pk, instalment.due_on),
        due_at=max(now, datetime.combine(on, HOUR, tzinfo=ZoneInfo(portfolio.zone))),
        expires_at=start_of(instalment.due_on, portfolio.zone),
        values={"amount": amount, "day": instalment.due_on},
    )
