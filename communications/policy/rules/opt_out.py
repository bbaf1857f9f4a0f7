"""Opt-out: the person refused a channel, or one address or number, for all accounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts, OptOutFact
from communications.policy.rules.reply import asked_by


@dataclass(frozen=True, slots=True)
class Params:
    """`permitted` purposes still go through; those in `once` once since the refusal, by the channel that was refused.
    `same_medium`: a reply goes through only by the medium by which the person asked. With `as_one`, a refusal of one of
    these channels is a refusal of them all.
    """

    permitted: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    same_medium: bool = False
    as_one: tuple[str, ...] = ()


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    for refused in facts.opt_outs:
        code = _code(params, refused, facts)
        if code and not _goes_through(params, refused, facts):
            yield Finding(
                code=code,
                params={"channel": facts.channel, "since": refused.since.isoformat()},
                facts={"point": refused.point_id},
                accounts=tuple(account.id for account in accounts),
            )


def _code(params: Params, refused: OptOutFact, facts: ContactFacts) -> str:
    point_id = facts.point.id if facts.point else None
    if refused.point_id is not None and refused.point_id == point_id and refused.channel in ("", facts.channel):
        return "opted_out_point"
    if refused.point_id is None and refused.channel == facts.channel:
        return "opted_out_channel"
    return "opted_out_all" if refused.channel in params.as_one and facts.channel in params.as_one else ""


def _goes_through(params: Params, refused: OptOutFact, facts: ContactFacts) -> bool:
    if facts.purpose not in params.permitted:
        return False
    if facts.purpose == "reply" and params.same_medium:
        return asked_by(facts) == facts.channel
    return facts.purpose not in params.once or not _told_since(refused, facts)


def _told_since(refused: OptOutFact, facts: ContactFacts) -> bool:
    return any(
        past.person_id == facts.party.person_id
        and past.direction == "out"
        and past.channel == facts.channel
        and past.purpose == facts.purpose
        and past.on >= refused.since
        and "unconnected" not in past.marks
        for past in facts.history
    )
