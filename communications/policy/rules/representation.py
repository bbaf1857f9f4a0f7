"""Representation: contact goes to the representative, until they stay silent or the person asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from communications.policy import civil
from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts, HoldFact
from communications.policy.rules.hold import restrains
from communications.policy.rules.periods import days_of

HOLD = "representation"
# What is recorded of it on the account: we wrote to the representative; warned that the person would be contacted; they
# answered; they don't act; or the person asks for direct contact.
ASKED, WARNED, ANSWERED = "representative_asked", "representative_warned", "representative_answered"
ENDS_IT = ("representative_declined", "direct_contact_asked")


@dataclass(frozen=True, slots=True)
class Params:
    """Without an answer within `answer_days` of the day on which we wrote, the person may be contacted again (0:
    silence changes nothing); with `warn_days`, only once a warning, written after those days, has stood that long.

    Contacts with a party in one of `exempt_roles` pass.
    """

    answer_days: int = 0
    warn_days: int = 0
    exempt_roles: tuple[str, ...] = ("representative",)

    def __post_init__(self) -> None:
        if self.answer_days < 0 or self.warn_days < 0 or (self.warn_days and not self.answer_days):
            raise ValueError("a warning follows days without an answer")


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    for hold in facts.holds:
        if hold.kind != HOLD or hold.joint_accounts or facts.purpose in hold.permitted:
            continue
        for account in accounts:
            if account.role not in params.exempt_roles and restrains(hold, facts, account):
                yield from _represented(params, facts, hold, account, moment)


def _represented(
    params: Params, facts: ContactFacts, hold: HoldFact, account: AccountFact, moment: Moment
) -> Iterator[Finding]:
    free_on = _free_on(params, hold, account)
    early = [zone for zone, day in moment.days() if free_on is None or day < free_on]
    if early:
        yield Finding(
            code="represented",
            params={"days": params.answer_days, "warn_days": params.warn_days, "purpose": facts.purpose},
            facts={"hold": hold.id, "zones": early, "free_on": free_on.isoformat() if free_on else None},
            accounts=(account.id,),
            retry_at=max(civil.start_of(free_on, zone) for zone in early) if free_on else None,
        )


def _free_on(params: Params, hold: HoldFact, account: AccountFact) -> date | None:
    """The first day on which the person may be contacted again; None while none is in sight."""
    since = hold.since or date.min
    ended = [day for kind in ENDS_IT for day in days_of(account, kind) if day >= since]
    if ended:
        return min(ended)
    heard_on = max((day for day in days_of(account, ANSWERED) if day >= since), default=None)
    asked = [day for day in days_of(account, ASKED) if day >= since and (heard_on is None or day > heard_on)]
    if not (asked and params.answer_days):
        return None
    silent_on = asked[0] + timedelta(days=params.answer_days + 1)
    if not params.warn_days:
        return silent_on
    warned_on = next((day for day in days_of(account, WARNED) if day >= silent_on), None)
    return warned_on + timedelta(days=params.warn_days + 1) if warned_on else None
