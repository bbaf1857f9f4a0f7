"""Placing, extending and lifting holds, and what they do to the next step."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import models
from django.db.models import Q

from accounts.foundation.domain_events import AccountsChanged, HoldPlaced, HoldReleased, publish
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.purposes import Purpose
from accounts.foundation.states import move
from accounts.foundation.users import Team, User
from accounts.models import HOLD_TERMS, IN_FORCE, Account, ContactPoint, Hold, HoldKind, HoldScope, NextKind, Party
from accounts.services.accounts import today_of
from accounts.services.limitation import rewind_after_hold
from accounts.services.next_step import set_next

# What a next step is for, so that a hold on that purpose displaces it. Steps not named here don't contact anybody.
PURPOSE_OF_STEP = {NextKind.ACT: Purpose.DEMAND, NextKind.CALLBACK: Purpose.DEMAND, NextKind.TRACE: Purpose.TRACE}


@retrying
def place_hold(
    *,
    kind: str,
    actor: User | None,
    now: datetime,
    account_id: int | None = None,
    party_id: int | None = None,
    contact_point_id: int | None = None,
    channel: str = "",
    review_on: date | None = None,
    reason: str = "",
    placed_for: models.Model | None = None,
    amount: Decimal | None = None,
    from_on: date | None = None,
) -> Hold:
    """Restrict what may be done, from today until a review, with the scope and permitted purposes of the kind.

    A hold that freezes interest may have begun before we were told (`from_on`): what was charged since is taken back.

    With an `amount` only that part of an account's debt is held, and the work on the rest goes on. Names at least an
    account, a party or a contact point; the person is found from it. A next step that the hold forbids becomes a hold
    review no later than the hold's date, and comes back when the hold is released. Refuses a review date in the past.
    """
    terms = HOLD_TERMS[HoldKind(kind)]
    person = _lock_person(account_id, party_id, contact_point_id)
    scope = HoldScope.AMOUNT if amount is not None else terms.scope
    accounts = _lock_touched(person, scope, account_id)
    today = today_of(accounts[0], now) if accounts else now.date()
    from_on = from_on or today
    if from_on > today or (from_on < today and not terms.freezes_interest):
        raise Refused("hold_begins_today")
    review_on = review_on or max(today, from_on + timedelta(days=terms.review_days))
    if review_on < today:
        raise Refused("hold_review_in_the_past", day=review_on)
    hold = Hold.objects.create(
        kind=kind,
        scope=scope,
        amount=amount,
        person=person,
        account_id=account_id,
        contact_point_id=contact_point_id,
        channel=channel,
        permits=list(terms.permits),
        from_on=from_on,
        review_on=review_on,
        self_ending=terms.self_ending,
        placed_by=actor,
        placed_at=now,
        reason=reason,
        placed_for_type=placed_for._meta.model_name if placed_for is not None else "",
        placed_for_id=placed_for.pk if placed_for is not None else None,
    )
    record("hold.placed", subject=hold, actor=actor, at=now, reason=reason, codes={"kind": kind})
    if scope in ("person", "account"):
        _displace_steps(hold, accounts, actor, now)
    _tell(HoldPlaced, hold, accounts, actor, now)
    return hold


def _lock_person(account_id: int | None, party_id: int | None, contact_point_id: int | None) -> Party:
    if party_id is None and contact_point_id is not None:
        party_id = ContactPoint.objects.values_list("party_id", flat=True).get(pk=contact_point_id)
    if party_id is None:
        party_id = (
            Party.objects.filter(account_parties__account_id=account_id, account_parties__role="primary")
            .values_list("pk", flat=True)
            .get()
        )
    return Party.objects.lock(Party.objects.values_list("person_id", flat=True).get(pk=party_id))


def _lock_touched(person: Party, scope: str, account_id: int | None) -> list[Account]:
    """The accounts whose work the hold changes: the one named, or all open ones of the person."""
    if scope in ("account", "amount"):
        return Account.objects.lock_all([account_id]) if account_id else []
    of_person = Account.objects.filter(parties__person_id=person.pk).values_list("pk", flat=True)
    return Account.objects.lock_all(of_person)


def _displace_steps(hold: Hold, accounts: list[Account], actor: User | None, now: datetime) -> None:
    """Only an account that can't be acted on any more gets a review; what a hold permits goes on."""
    displaced = {}
    for account in accounts:
        purpose = PURPOSE_OF_STEP.get(NextKind(account.next_kind)) if account.is_open else None
        if purpose is None or purpose in hold.permits:
            continue
        displaced[str(account.pk)] = _step_of(account)
        if hold.kind != HoldKind.ARRANGEMENT:
            set_next(
                account=account,
                kind=NextKind.REVIEW_HOLD,
                on=hold.review_on,
                subject=hold,
                reason="displaced_by_hold",
                actor=actor,
                now=now,
            )
    if displaced:
        hold.displaced_step = {**(hold.displaced_step or {}), **displaced}
        hold.save(update_fields=["displaced_step"])


def give_way_to_holds(*, account: Account, actor: User | None, now: datetime) -> None:
    """Let the step just set on an account that the caller has locked yield to a hold in force that forbids it."""
    purpose = PURPOSE_OF_STEP.get(NextKind(account.next_kind))
    person_id = account.account_parties.values_list("party__person_id", flat=True).get(role="primary")
    holds = holds_touching(account, person_id).exclude(kind=HoldKind.ARRANGEMENT).order_by("review_on", "pk")
    forbidding = next((hold for hold in holds if purpose and hold.forbids(purpose)), None)
    if forbidding is not None:
        _displace_steps(forbidding, [account], actor, now)


def _step_of(account: Account) -> dict:
    return {
        "kind": account.next_kind,
        "on": account.next_on.isoformat() if account.next_on else None,
        "at": account.next_at.isoformat() if account.next_at else None,
        "owner": account.next_owner_id,
        "team": account.next_team_id,
    }


@retrying
def release_hold(*, hold_id: int, reason: str, actor: User | None, now: datetime) -> Hold:
    """Lift a hold and give back the next steps that it displaced. Releasing twice changes nothing."""
    hold, accounts = _lock_hold(hold_id)
    if not hold.in_force:
        return hold
    move(hold, "release", actor=actor, at=now, reason=reason, given={"at": now, "reason": reason})
    for account in accounts:
        _restore_step(hold, account, actor, now)
    _tell(HoldReleased, hold, accounts, actor, now)
    return hold


def _lock_hold(hold_id: int) -> tuple[Hold, list[Account]]:
    look = Hold.objects.get(pk=hold_id)
    person = Party.objects.lock(look.person_id)
    accounts = _lock_touched(person, look.scope, look.account_id)
    return Hold.objects.lock(hold_id), accounts


def _restore_step(hold: Hold, account: Account, actor: User | None, now: datetime) -> None:
    """What stood there before comes back, today when its day has passed; another hold in force takes over instead."""
    is_ours = account.next_subject_type == "hold" and account.next_subject_id == hold.pk
    if not account.is_open or not is_ours:
        return
    was = (hold.displaced_step or {}).get(str(account.pk)) or {"kind": NextKind.ACT, "on": None}
    today = today_of(account, now)
    if other := _other_hold_forbidding(hold, account, was["kind"]):
        other.displaced_step = {**(other.displaced_step or {}), str(account.pk): was}
        other.save(update_fields=["displaced_step"])
        set_next(
            account=account,
            kind=NextKind.REVIEW_HOLD,
            on=max(today, other.review_on),
            subject=other,
            reason="displaced_by_hold",
            actor=actor,
            now=now,
        )
        return
    on = max(today, date.fromisoformat(was["on"])) if was["on"] else today
    at = datetime.fromisoformat(was["at"]) if was.get("at") else None
    owner = User.objects.filter(pk=was.get("owner")).first()
    team = Team.objects.filter(pk=was.get("team")).first()
    set_next(
        account=account,
        kind=was["kind"],
        on=on,
        at=at if at and at > now else None,
        owner=owner,
        team=team,
        reason="hold_released",
        actor=actor,
        now=now,
    )


def _other_hold_forbidding(hold: Hold, account: Account, step_kind: str) -> Hold | None:
    purpose = PURPOSE_OF_STEP.get(NextKind(step_kind))
    if purpose is None:
        return None
    others = holds_touching(account, hold.person_id).exclude(pk=hold.pk).exclude(kind=HoldKind.ARRANGEMENT)
    return next((other for other in others if other.forbids(purpose)), None)


def holds_on_account(account: Account, person_id: int) -> models.QuerySet[Hold]:
    """What a page tells of an account: holds on it, on a part of its amount, or on the person."""
    about = Q(account=account, scope__in=["account", "amount"]) | Q(scope="person", person_id=person_id)
    return Hold.objects.filter(about, state__in=IN_FORCE)


def holds_touching(account: Account, person_id: int) -> models.QuerySet[Hold]:
    """Holds in force on the whole account or on the person, whatever the account."""
    return Hold.objects.filter(
        Q(account=account) | Q(scope="person", person_id=person_id), state__in=IN_FORCE, scope__in=["person", "account"]
    )


@retrying
def extend_hold(*, hold_id: int, review_on: date, reason: str, actor: User | None, now: datetime) -> Hold:
    """Set a later review date. Refuses one in the past, and a hold that is no longer in force."""
    hold, accounts = _lock_hold(hold_id)
    if review_on < (today_of(accounts[0], now) if accounts else now.date()):
        raise Refused("hold_review_in_the_past", day=review_on)
    move(hold, "extend", actor=actor, at=now, reason=reason, given={"review_on": review_on})
    for account in accounts:
        if account.next_subject_type == "hold" and account.next_subject_id == hold.pk:
            set_next(
                account=account,
                kind=NextKind.REVIEW_HOLD,
                on=review_on,
                subject=hold,
                reason="hold_extended",
                actor=actor,
                now=now,
            )
    _tell(HoldPlaced, hold, accounts, actor, now)
    return hold


def release_holds_for(*, subject: models.Model, reason: str, actor: User | None, now: datetime) -> list[Hold]:
    """Lift every hold that was kept by one thing: an arrangement that ended, a concern that was declined."""
    kept = Hold.objects.filter(
        placed_for_type=subject._meta.model_name, placed_for_id=subject.pk, state__in=IN_FORCE
    ).order_by("pk")
    return [release_hold(hold_id=pk, reason=reason, actor=actor, now=now) for pk in kept.values_list("pk", flat=True)]


def _tell(
    event: type[HoldPlaced] | type[HoldReleased], hold: Hold, accounts: list[Account], actor: User | None, now: datetime
) -> None:
    if hold.kind == HoldKind.BREATHING_SPACE:
        rewind_after_hold(accounts=accounts, actor=actor, now=now)
    actor_id = getattr(actor, "pk", None)
    publish(event(ids=frozenset([hold.pk]), at=now, actor_id=actor_id))
    publish(AccountsChanged(ids=frozenset(a.pk for a in accounts), at=now, actor_id=actor_id))
