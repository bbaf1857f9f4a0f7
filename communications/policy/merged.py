"""The answer of all packs together, rule by rule: what won, what spoke, what was silent, what was left out and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communications.policy.decide import decide
from communications.policy.decision import VERDICT_OF_ACTION, Decision
from communications.policy.facts import OUTBOUND_PURPOSES, AccountFact, ContactFacts
from communications.policy.pack import ANYWHERE, PackSet, Rule


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A rule that was not asked. `why` names what kept it out: a part of the scope, the jurisdiction or its dates."""

    rule: Rule
    why: str


@dataclass(frozen=True, slots=True)
class Merged:
    """`winners` are the rules that made the verdict what it is: the strictest, all of them when several are equal."""

    decision: Decision
    winners: tuple[str, ...]
    silent: tuple[Rule, ...]
    left_out: tuple[LeftOut, ...]


def merged(facts: ContactFacts, packs: PackSet) -> Merged:
    """Judge the contact and sort every rule of the packs into one of three: spoke, was silent, was left out."""
    decision = decide(facts, packs)
    rules = [rule for pack in packs.packs for rule in pack.rules]
    left_out = tuple(LeftOut(rule, why) for rule in rules if (why := why_left_out(rule, facts)))
    heard = {*decision.rules, *(one.rule.id for one in left_out)}
    return Merged(
        decision=decision,
        winners=tuple(dict.fromkeys(r.rule for r in decision.reasons if _decides(r.action, decision))),
        silent=tuple(rule for rule in rules if rule.id not in heard),
        left_out=left_out,
    )


def why_left_out(rule: Rule, facts: ContactFacts) -> str:
    """The first thing by which a rule does not speak of the contact; empty when it does."""
    if not rule.accounts(facts):
        return next(_misses(rule, facts), "account")
    if not rule.in_force(facts.at):
        return "effective_from" if rule.starts_at and facts.at < rule.starts_at else "effective_to"
    return ""


def _decides(action: str, decision: Decision) -> bool:
    return VERDICT_OF_ACTION[action] == decision.verdict


def _misses(rule: Rule, facts: ContactFacts) -> Iterator[str]:
    """What no account of the contact satisfies, the country first: elsewhere the rest says nothing."""
    scope, accounts = rule.scope, facts.accounts
    if rule.jurisdiction != ANYWHERE and not any(rule.jurisdiction == a.jurisdiction for a in accounts):
        yield "jurisdiction"
    of_contact = {"channels": facts.channel, "purposes": facts.purpose, "party_kinds": facts.party.kind}
    for name, value in of_contact.items():
        allowed = getattr(scope, name) or (OUTBOUND_PURPOSES if name == "purposes" else ())
        if allowed and value not in allowed:
            yield name
    for name in OF_ACCOUNT:
        if not any(_fits(scope, name, account) for account in accounts):
            yield name


OF_ACCOUNT = {
    "debt_purposes": "debt_purpose", "capacities": "capacity", "products": "product", "regions": "region",
    "cities": "city", "regulated_only": "regulated", "natural_only": "natural", "bands": "band",
    "opened_from": "opened_on",
}  # fmt: skip


def _fits(scope: object, name: str, account: AccountFact) -> bool:
    wanted, has = getattr(scope, name), getattr(account, OF_ACCOUNT[name])
    if name == "opened_from":
        return not wanted or (has is not None and has.isoformat() >= wanted)
    return not wanted or (has if name in TICKS else has in wanted)


TICKS = ("regulated_only", "natural_only")
