"""What publishing would do to the messages in line: the gate is asked about each under both versions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from communications.models import Message, MessageState, PolicyVersion
from communications.policy.decide import decide
from communications.policy.facts import ContactFacts
from communications.policy.pack import PackSet
from communications.selectors.contact_facts import ContactRequest, gather_many
from communications.selectors.live_policy import live_packs, pack_of
from communications.services.send import worth_waiting_for

# So many messages are looked at, those first in line.
MOST = 200


@dataclass(frozen=True)
class Fates:
    """How many messages would go out, be put off until later, or be refused for good."""

    allowed: int
    later: int
    refused: int


@dataclass(frozen=True)
class Impact:
    """Of `looked_at` messages in line (`is_all`: there are no more) what becomes of them without the version and with
    it. `turned` is how many it makes a difference to."""

    looked_at: int
    is_all: bool
    without: Fates
    under_it: Fates
    turned: int


def impact_on_messages(version: PolicyVersion, *, begins: datetime, now: datetime) -> Impact:
    """Judge the messages first in line at their time, or when the version begins if that is later.

    The same few queries however many there are. Emergency stops are left aside: what they keep is judged when it goes.
    """
    in_line = Message.objects.filter(state=MessageState.QUEUED).order_by("due_at", "pk")
    rows = list(in_line.only(*_ASKED)[: MOST + 1])
    messages, packs = rows[:MOST], live_packs(begins)
    changed = PackSet([pack_of(version) if pack.code == version.pack.code else pack for pack in packs.packs])
    gathered = gather_many([_request(message) for message in messages], now=now) if messages else []
    pairs = [
        (_fate(message, facts, packs), _fate(message, facts, changed))
        for message, found in zip(messages, gathered, strict=True)
        for facts in [_judged_at(found.facts, max(begins, message.due_at))]
    ]
    without, under_it = (_counted(fates) for fates in (zip(*pairs, strict=True) if pairs else ((), ())))
    return Impact(len(messages), len(rows) <= MOST, without, under_it, sum(one != other for one, other in pairs))


_ASKED = ("account_id", "party_id", "contact_point_id", "channel", "purpose", "due_at", "expires_at", "state")


def _request(message: Message) -> ContactRequest:
    about = (message.account_id,)
    return ContactRequest(about, message.party_id, message.contact_point_id, message.channel, message.purpose)


def _judged_at(facts: ContactFacts, at: datetime) -> ContactFacts:
    return replace(facts, at=at, accounts=tuple(replace(account, stops=()) for account in facts.accounts))


def _fate(message: Message, facts: ContactFacts, packs: PackSet) -> str:
    if message.expires_at and message.expires_at <= facts.at:
        return "refused"
    answer = decide(facts, packs)
    if answer.passes:
        return "allowed"
    return "later" if worth_waiting_for(message, answer.next_allowed_at, facts.at) else "refused"


def _counted(fates: tuple[str, ...]) -> Fates:
    number = Counter(fates)
    return Fates(number["allowed"], number["later"], number["refused"])
