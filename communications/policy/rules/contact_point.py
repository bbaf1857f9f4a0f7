"""Contact point: the number or address must be this party's, alive, and fit for the channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts

KINDS_OF_CHANNEL = {
    "call": ("phone", "whatsapp"),
    "text": ("phone",),
    "email": ("email",),
    "whatsapp": ("phone", "whatsapp"),
    "post": ("post", "address"),
}


@dataclass(frozen=True, slots=True)
class Params:
    """`statuses` that forbid any use, and the kinds of number that take no texts."""

    statuses: tuple[str, ...] = ("dead", "wrong_party")
    no_text_kinds: tuple[str, ...] = ("toll_free",)


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    if code := _fault(params, facts):
        yield Finding(
            code=code,
            params={"channel": facts.channel, "status": facts.point.status if facts.point else ""},
            facts={"point": facts.point.id if facts.point else None},
            accounts=tuple(account.id for account in accounts),
        )


def _fault(params: Params, facts: ContactFacts) -> str:
    point = facts.point
    if point is None:
        return "no_contact_point"
    if not point.belongs:
        return "not_theirs"
    if point.status in params.statuses:
        return f"point_{point.status}"
    if point.kind not in KINDS_OF_CHANNEL[facts.channel]:
        return "wrong_channel"
    if facts.channel == "text" and point.number_kind in params.no_text_kinds:
        return "takes_no_texts"
    return ""
