"""Emergency stop: nothing of ours goes out by a stopped channel until two people have let it go on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts


@dataclass(frozen=True, slots=True)
class Params:
    """Nothing to set: whoever stops says what is stopped."""


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    """One finding a stop, with the accounts that it covers. Time never lifts it."""
    stops = {stop.id: stop for account in accounts for stop in account.stops if stop.channel in ("", facts.channel)}
    for stop in stops.values():
        yield Finding(
            code="stopped",
            params={"stopped": stop.channel or "all", "cause": stop.cause, "since": stop.since.isoformat()},
            facts={"stop": stop.id},
            accounts=tuple(account.id for account in accounts if stop in account.stops),
        )
