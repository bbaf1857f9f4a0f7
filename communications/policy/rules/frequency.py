"""Frequency: at most so many contacts within a window of civil days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from communications.policy import civil
from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import REACHES, AccountFact, ContactFacts
from communications.policy.rules.counting import (
    COUNT_KEYS,
    attributed,
    counted_contacts,
    keyed_accounts,
    live_consent,
    told_once,
)

WINDOWS = ("rolling", "week", "month")
PLACES = ("", "work", "elsewhere")
ATTRIBUTIONS = ("all", "one")


@dataclass(frozen=True, slots=True)
class Params:
    """`limit` contacts per window: `days` rolling civil days (today included), the week from Monday, or the month.

    `count_what` is the least a contact must have reached to count, `count_key` for whom it is counted, `channels` and
    `counted_purposes` (empty: all) what is counted, `exclusions` the marks left out. `consent_days` above 0 lets a
    contact through under live consent, whatever the count. `place`: only contacts at a place of `work`, or only those
    `elsewhere`, are judged and counted. `unanswered_attribution`: an unanswered call about several debts counts for
    `all` of them, or for `one`, the one that has had the fewest.
    """

    limit: int
    count_what: str = "attempt"
    count_key: str = "person_account"
    channels: tuple[str, ...] = ()
    counted_purposes: tuple[str, ...] = ()
    window: str = "rolling"
    days: int = 1
    exclusions: tuple[str, ...] = ()
    consent_days: int = 0
    place: str = ""
    unanswered_attribution: str = "all"

    def __post_init__(self) -> None:
        if self.place not in PLACES or self.unanswered_attribution not in ATTRIBUTIONS:
            raise ValueError("unknown place or unanswered_attribution")
        if self.limit < 1 or self.days < 1 or self.consent_days < 0:
            raise ValueError("a limit and a window are at least 1")
        if self.count_what not in REACHES or self.count_key not in COUNT_KEYS or self.window not in WINDOWS:
            raise ValueError("unknown count_what, count_key or window")

    def opens(self, day: date) -> date:
        """The first day of the window that ends with `day`."""
        if self.window == "week":
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self.window == "month" else day - timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True)
class Usage:
    """How far a limit is used up on a day."""

    account: int
    used: int
    limit: int
    window: str
    days: int


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    if not _is_of_place(params, facts):
        return iter(())
    return told_once(_full(params, facts, accounts, moment), params.count_key)


def _full(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    for account in accounts:
        counted = _counted(params, facts, account)
        full = [(zone, day) for zone, day in moment.days() if _is_full(params, facts, account, counted, day)]
        if full:
            yield _limit_reached(params, account, counted, full)


def usage(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> list[Usage]:
    """The use of the limit for each account, on the day that is strictest of those the person may be in."""
    if not _is_of_place(params, facts):
        return []
    uses = []
    for account in keyed_accounts(accounts, params.count_key):
        counted = _counted(params, facts, account)
        used = max(len(_within(params, counted, day)) for _, day in moment.days())
        uses.append(Usage(account.id, used, params.limit, params.window, params.days))
    return uses


def _is_of_place(params: Params, facts: ContactFacts) -> bool:
    at_work = facts.point is not None and facts.point.work
    return not params.place or at_work == (params.place == "work")


def _counted(params: Params, facts: ContactFacts, account: AccountFact) -> list[date]:
    shared_out = params.unanswered_attribution == "one"
    counted = counted_contacts(
        facts,
        account,
        reach=params.count_what,
        key="person" if shared_out else params.count_key,
        channels=params.channels,
        exclusions=(*params.exclusions, "work") if params.place == "elsewhere" else params.exclusions,
        purposes=params.counted_purposes,
        marks=("work",) if params.place == "work" else (),
    )
    if shared_out:
        counted = attributed(counted, account.id, params.days)
    return sorted(past.on for past in counted)


def _is_full(params: Params, facts: ContactFacts, account: AccountFact, counted: list[date], day: date) -> bool:
    if len(_within(params, counted, day)) < params.limit:
        return False
    return not (params.consent_days and live_consent(facts, account.id, day, params.consent_days))


def _within(params: Params, counted: list[date], day: date) -> list[date]:
    """The days counted in the window of `day`. Days after it count too: where the person lives it may be tomorrow."""
    opens = params.opens(day)
    return [on for on in counted if on >= opens]


def _limit_reached(params: Params, account: AccountFact, counted: list[date], full: list[tuple[str, date]]) -> Finding:
    _zone, day = full[0]
    return Finding(
        code="limit_reached",
        params={"limit": params.limit, "days": params.days, "used": len(_within(params, counted, day))},
        facts={"counted_on": [on.isoformat() for on in _within(params, counted, day)], "zones": [z for z, _ in full]},
        accounts=(account.id,),
        retry_at=max(_frees(params, counted, on, name) for name, on in full),
    )


def _frees(params: Params, counted: list[date], day: date, zone: str) -> datetime:
    """The start of the first day on whose window the limit is not used up."""
    if params.window == "rolling":
        free = _within(params, counted, day)[-params.limit] + timedelta(days=params.days)
    elif params.window == "week":
        free = params.opens(day) + timedelta(days=7)
    else:
        free = (params.opens(day) + timedelta(days=32)).replace(day=1)
    return civil.start_of(free, zone)
