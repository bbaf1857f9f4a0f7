"""Promises to pay: one amount by one day, taken by an agent within limits."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.foundation.domain_events import AccountsClosed, ArrangementChanged, publish
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.money import rounded
from accounts.foundation.states import move
from accounts.foundation.users import Role, User
from accounts.models import Account, Approval, Party
from accounts.services.accounts import today_of
from arrangements.models import LIVE, Arrangement, ArrangementKind, ArrangementState
from arrangements.services import sentences  # noqa: F401 - registers the refusals
from arrangements.services.aftermath import Ended, end
from arrangements.services.agreeing import Terms, agree, enter, refuse_not_said, refuse_unverified
from arrangements.services.askable import refuse_more_than_may_be_asked
from arrangements.services.promise_limits import limits_for

CANCEL_REASONS = ("customer_withdrew", "made_in_error", "cannot_pay")


@retrying
def make_promise(
    *,
    account_id: int,
    party_id: int,
    amount: Decimal,
    due_on: date,
    actor: User,
    now: datetime,
    contact_id: int | None = None,
) -> Arrangement:
    """Take a promise to pay `amount` by the civil day `due_on`, and stop chasing until it is judged.

    A live arrangement is replaced. The account becomes arranged, a hold of kind `arrangement` pauses demands, the next
    step is to check the promise once its grace has passed. Refuses: a party not verified in `contact_id` (a manager
    may do without), a party who doesn't owe, holds under which nobody may be committed, more than is owed or in
    dispute, days gone by, and what is beyond the role's limits, naming the limit.
    """
    account, party = enter(account_id, party_id)
    amount = rounded(amount, account.currency)
    _refuse(account, party, amount, due_on, contact_id, actor, now)
    return _take(
        account, party, Terms.single(ArrangementKind.PROMISE, amount, due_on, contact_id), actor=actor, now=now
    )


@retrying
def keep_approved_promise(
    *,
    account_id: int,
    party_id: int,
    amount: Decimal,
    due_on: date,
    contact_id: int | None,
    approval: Approval | None,
    taken_by: User,
    actor: User,
    now: datetime,
) -> Arrangement:
    """Put in force a promise beyond its taker's limits, which `actor` has approved. It counts for `taken_by`.

    Refuses what no limit reaches: a person not verified in that contact or who doesn't owe, holds, more than may be
    asked, days gone by, and accounts on which nothing can be agreed any more.
    """
    account, party = enter(account_id, party_id)
    refuse_unverified(account, party, contact_id)
    _refuse_impossible(account, amount, due_on, today_of(account, now))
    terms = Terms.single(ArrangementKind.PROMISE, amount, due_on, contact_id)
    return _take(account, party, terms, actor=actor, now=now, approval=approval, taken_by=taken_by)


def _take(account: Account, party: Party, terms: Terms, *, actor: User, now: datetime, **given: Any) -> Arrangement:
    promise = agree(account, party, terms, actor=actor, now=now, **given)
    codes = {"amount": str(terms.amount), "on": terms.first_on.isoformat()}
    record("promise.made", subject=promise, actor=actor, at=now, codes=codes)
    return promise


def _refuse(
    account: Account,
    party: Party,
    amount: Decimal,
    due_on: date,
    contact_id: int | None,
    actor: User,
    now: datetime,
) -> None:
    if actor.role not in (Role.AGENT, Role.MANAGER):
        raise Refused("promise_not_your_role")
    if not actor.is_manager:
        refuse_not_said(account, party, contact_id, now)
    today = today_of(account, now)
    _refuse_impossible(account, amount, due_on, today)
    limits_for(actor, account, today).refuse_beyond(amount=amount, due_on=due_on, currency=account.currency)


def _refuse_impossible(account: Account, amount: Decimal, due_on: date, today: date) -> None:
    refuse_more_than_may_be_asked(account, amount)
    if due_on < today:
        raise Refused("day_has_passed", day=due_on)


@retrying
def cancel_arrangement(*, arrangement_id: int, reason: str, actor: User, now: datetime) -> Arrangement:
    """End a live promise or settlement because it no longer holds; the account is chased again from today.

    It counts neither as kept nor as broken, so only its maker or a manager may cancel, for one of `CANCEL_REASONS`.
    Cancelling twice changes nothing; refuses one that has already ended otherwise.
    """
    look = Arrangement.objects.get(pk=arrangement_id)
    enter_people(look.account_id)
    account = Account.objects.lock(look.account_id)
    arrangement = Arrangement.objects.lock(arrangement_id)
    if arrangement.state == ArrangementState.CANCELLED:
        return arrangement
    if reason not in CANCEL_REASONS:
        raise Refused("cancel_reason_unknown")
    if not actor.is_manager and arrangement.made_by_id != actor.pk:
        raise Refused("cancel_not_yours")
    _cancel([arrangement], reason, on=today_of(account, now), actor=actor, now=now)
    return arrangement


def enter_people(account_id: int) -> None:
    """Lock the people of an account, in the order of their ids."""
    people = Party.objects.filter(account_parties__account_id=account_id).values_list("person_id", flat=True)
    Party.objects.lock_all(people)


def _cancel(live: list[Arrangement], reason: str, *, on: date, actor: User | None, now: datetime) -> None:
    for arrangement in live:
        move(arrangement, "cancel", actor=actor, at=now, reason=reason, given={"at": now})
    end([Ended(arrangement, ArrangementState.CANCELLED) for arrangement in live], on=on, actor=actor, now=now)
    ids = frozenset(arrangement.pk for arrangement in live)
    publish(ArrangementChanged(ids=ids, at=now, actor_id=getattr(actor, "pk", None)))


def cancel_of_closed_accounts(event: AccountsClosed) -> None:
    """Nothing is left to collect: what was promised on these accounts is no longer waited for."""
    live = Arrangement.objects.filter(account_id__in=event.ids, state__in=LIVE).values_list("pk", flat=True)
    rows = Arrangement.objects.lock_all(live)
    if rows:
        _cancel(rows, "account_closed", on=event.at.date(), actor=None, now=event.at)
