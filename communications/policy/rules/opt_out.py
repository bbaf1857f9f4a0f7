"""Opt-out: the person refused a channel, or one address or number, for all accounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts


@dataclass(frozen=True, slots=True)
class Params:
    """`permitted` purposes still go through: one confirmation of the opt-out, an answer by the same medium."""

    permitted: tuple[str, ...] = ()


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    if facts.purpose in params.permitted:
        return
    point_id = facts.point.id if facts.point else None
    for refused in facts.opt_outs:
        same_point = refused.point_id is not None and refused.point_id == point_id
        same_channel = refused.point_id is None and refused.channel == facts.channel
        if same_channel or (same_point and refused.channel in ("", facts.channel)):
            yield Finding(
                code="opted_out_point" if same_point else "opted_out_channel",
                params={"channel": facts.channel, "since": refused.since.isoformat()},
                facts={"point": refused.point_id},
                accounts=tuple(account.id for account in accounts),
            )
