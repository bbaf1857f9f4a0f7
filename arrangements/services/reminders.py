"""Reminders the day before a promised payment, by a channel that the customer agreed to."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from accounts.foundation.days import start_of
from accounts.foundation.domain_events import ArrangementChanged
from accounts.models import Consent, ContactPoint, Portfolio
from arrangements.models import ArrangementState, Instalment, InstalmentState
from arrangements.selectors.promises import REMIND_AHEAD, promises_due
from communications.models import Message, MessageState
from communications.services.message_sets import Wanted, queue_messages
from communications.services.messages import agreed_channel, cancel_message

TEMPLATE = "promise-reminder"
# When a reminder is in place if nothing else is known; the gate judges the customer's own hours when it is sent.
HOUR = time(10, 0)


def queue_reminders(*, portfolio: Portfolio, on: date, now: datetime, after: int = 0, most: int = 1000) -> list[int]:
    """Put in line, for the civil day `on` of the portfolio, a reminder of each promise due the day after.

    Customers who agreed to neither texts nor e-mail get none. Queueing twice changes nothing. Answers the ids of the
    instalments looked at, at most `most` after the id `after`.
    """
    due = promises_due(on + REMIND_AHEAD).filter(account__portfolio=portfolio, pk__gt=after)
    instalments = list(due.select_related("arrangement", "account__portfolio").order_by("pk")[:most])
    points, consents = _ways_to([row.arrangement.party_id for row in instalments])
    wanted = []
    for instalment in instalments:
        party_id = instalment.arrangement.party_id
        if way := agreed_channel(points[party_id], consents[party_id], now):
            wanted.append(_wanted(instalment, *way, portfolio=portfolio, on=on, now=now))
    queue_messages(wanted, template_code=TEMPLATE, actor=None, now=now)
    return [row.pk for row in instalments]


def withdraw_reminders(event: ArrangementChanged) -> None:
    """What was kept or no longer holds needs no reminder: one that still waits leaves the line."""
    over = Instalment.objects.filter(arrangement_id__any=event.ids).exclude(
        state=InstalmentState.SCHEDULED, arrangement__state=ArrangementState.ACTIVE
    )
    keys = [_key(pk, due_on) for pk, due_on in over.values_list("pk", "due_on")]
    waiting = Message.objects.filter(dedupe_key__any=keys, state=MessageState.QUEUED)
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        cancel_message(message_id=pk, reason="promise_changed", actor=None, now=event.at)


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
    instalment: Instalment, point: ContactPoint, channel: str, *, portfolio: Portfolio, on: date, now: datetime
) -> Wanted:
    return Wanted(
        account=instalment.account,
        contact_point=point,
        channel=channel,
        dedupe_key=_key(instalment.pk, instalment.due_on),
        due_at=max(now, datetime.combine(on, HOUR, tzinfo=ZoneInfo(portfolio.zone))),
        expires_at=start_of(instalment.due_on, portfolio.zone),
        values={"amount": instalment.amount, "day": instalment.due_on},
    )
