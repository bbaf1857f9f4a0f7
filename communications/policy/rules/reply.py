"""Reply: an answer is one only to somebody who asked us something, lately, and has had no answer yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts, PastContact


@dataclass(frozen=True, slots=True)
class Params:
    """`days` in which what the person asked may be answered, the day on which they asked being the first.

    A call that the person asked for is an answer from its minute on, and is no longer wanted on later days than these.
    """

    days: int

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError("an answer has at least one day")


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    if facts.purpose != "reply" or _unanswered(params, facts, moment):
        return
    asked_for = [account.callback_at for account in accounts if account.callback_at]
    wanted = [at for at in asked_for if moment.at < at + timedelta(days=params.days)]
    if any(at <= moment.at for at in wanted):
        return
    yield Finding(
        code="nothing_to_answer",
        params={"days": params.days},
        accounts=tuple(account.id for account in accounts),
        retry_at=min(wanted, default=None),
    )


def asked_by(facts: ContactFacts) -> str:
    """The channel by which the person asked what is still unanswered; empty when nothing is."""
    asked = _open_question(facts)
    return asked.channel if asked else ""


def _unanswered(params: Params, facts: ContactFacts, moment: Moment) -> bool:
    """The last thing between us and the person is a question of theirs, not older than the days allow."""
    last = _open_question(facts)
    return last is not None and all(day < last.on + timedelta(days=params.days) for _, day in moment.days())


def _open_question(facts: ContactFacts) -> PastContact | None:
    own = sorted((past for past in facts.history if past.person_id == facts.party.person_id), key=_when)
    last = next((past for past in reversed(own) if "asks" in past.marks or _answers(past)), None)
    return last if last is not None and "asks" in last.marks else None


def _when(past: PastContact) -> tuple[date, int]:
    """Contacts are numbered as they happen, which tells those of one day apart."""
    return past.on, past.id


def _answers(past: PastContact) -> bool:
    """An answer was given, or a talk about the debt has taken place since."""
    if past.direction == "in":
        return past.reach == "conversation"
    return past.reach == "conversation" or (past.purpose == "reply" and "unconnected" not in past.marks)
