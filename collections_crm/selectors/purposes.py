"""What a contact would be for, worked out from what is going on: the badge and the call ask the gate the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.foundation.purposes import Channel, Purpose
from accounts.models import Account, AccountState, ContactPoint, NextKind
from accounts.services.accounts import today_of
from arrangements.selectors.promises import reminder_is_due
from communications.selectors.contact_facts import ContactRequest
from communications.services.authorise import Preview, preview_contact


def judged_now(account: Account, ways: Iterable[tuple[ContactPoint, Channel]], *, now: datetime) -> list[Preview]:
    """What the gate would say now to a contact about the account at each point and channel, for the purpose that it
    would have: a reply while something that this person asked is unanswered, else the account's usual one."""
    usual = usual_purpose(account, now=now)
    requests = [ContactRequest((account.pk,), point.party_id, point.pk, channel, usual) for point, channel in ways]
    return preview_contact(requests=requests, now=now, answering=True) if requests else []


def purpose_of_call(account: Account, point: ContactPoint, *, now: datetime) -> str:
    """The purpose that a call at this number would have now. Nobody chooses it."""
    return judged_now(account, [(point, Channel.CALL)], now=now)[0].request.purpose


def usual_purpose(account: Account, *, now: datetime) -> Purpose:
    """A reminder of an instalment that is near, due or missed; tracing while somebody is looked for; else a demand."""
    if account.state == AccountState.ARRANGED and reminder_is_due(account.pk, on=today_of(account, now)):
        return Purpose.REMINDER
    return Purpose.TRACE if account.next_kind == NextKind.TRACE else Purpose.DEMAND
