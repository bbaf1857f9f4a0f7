"""Where two packs that rule together contradict each other. The firm's pack is the one that binds everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from communications.policy.facts import OUTBOUND_PURPOSES
from communications.policy.lint.compare import loosenings, overlap
from communications.policy.lint.flaw import Flaw
from communications.policy.lint.overlaps import never_open
from communications.policy.pack import ACTIONS, ANYWHERE, Pack, Rule

# By which parameter a kind lets purposes through.
PERMITS = {"opt_out": "permitted", "hold": "permitted", "third_party": "other_purposes",
           "preference": "permitted"}  # fmt: skip
COMPARED = ("hours", "frequency", "cool_down", "consent", "spacing")
# Two counts are compared only when they count the same.
COUNTED_BY = ("count_what", "count_key", "channels", "counted_purposes", "exclusions", "window", "place",
              "unanswered_attribution")  # fmt: skip


def conflicts(pack: Pack, others: Sequence[Pack]) -> Iterator[Flaw]:
    """What a pack and the others in force with it say against each other.

    A country that becomes stricter than the firm contradicts nothing; a firm that becomes milder than a country does.
    """
    yield from _twice(pack, others)
    yield from _never_open_with(pack, others)
    if pack.jurisdiction != ANYWHERE:
        return
    for rule in pack.rules:
        countries = (other for each in others for other in each.rules if each.jurisdiction != ANYWHERE)
        against = [other for other in countries if other.kind == rule.kind and overlap(rule, other)]
        yield from _permitted_in_vain(rule, against)
        yield from _looser_than_country(rule, against)


def _twice(pack: Pack, others: Sequence[Pack]) -> Iterator[Flaw]:
    named = {rule.id: other.code for other in others for rule in other.rules}
    for rule in pack.rules:
        if rule.id in named:
            yield Flaw("same_name", rule.id, {"pack": named[rule.id]})


def _never_open_with(pack: Pack, others: Sequence[Pack]) -> Iterator[Flaw]:
    rules = [rule for each in (pack, *others) for rule in each.rules]
    for together in never_open(rules):
        packs = {rule.pack for rule in together}
        if pack.code in packs and len(packs) > 1:
            own, *_ = (rule for rule in together if rule.pack == pack.code)
            yield Flaw("never_open", own.id, {"others": tuple(rule.id for rule in together if rule is not own)})


def _permitted_in_vain(rule: Rule, against: Sequence[Rule]) -> Iterator[Flaw]:
    """A purpose that the firm lets through and that every country with such a rule refuses.

    Where some countries let it through, the firm's rule is the floor and theirs is the stricter: no contradiction.
    """
    if (name := PERMITS.get(rule.kind)) is None:
        return
    for purpose in getattr(rule.prepared, name):
        asked = [other for other in against if _judges(other, rule, purpose)]
        if asked and not any(purpose in getattr(other.prepared, name) for other in asked):
            yield Flaw("permitted_in_vain", rule.id, {"purpose": purpose, "others": tuple(o.id for o in asked)})


def _judges(other: Rule, rule: Rule, purpose: str) -> bool:
    """True when the other rule has a say on the same things: the same holds, people outside the account."""
    if purpose not in (other.scope.purposes or OUTBOUND_PURPOSES):
        return False
    if rule.kind == "third_party":
        return bool(other.prepared.roles)
    kinds, mine = getattr(other.prepared, "kinds", ()), getattr(rule.prepared, "kinds", ())
    return not kinds or not mine or bool(set(kinds) & set(mine))


def _looser_than_country(rule: Rule, against: Sequence[Rule]) -> Iterator[Flaw]:
    """The firm's number is beyond the country's for the same contacts: there it has no effect."""
    for other in against:
        stricter = ACTIONS.index(other.action) >= ACTIONS.index(rule.action)
        if rule.kind not in COMPARED or not stricter or not _alike(rule, other):
            continue
        for name, theirs, ours in loosenings(other, rule):
            values = {"field": name, "before": theirs, "after": ours, "others": (other.id,)}
            yield Flaw("looser_than_country", rule.id, values)


def _alike(rule: Rule, other: Rule) -> bool:
    if set(other.scope.regions + other.scope.cities) - set(rule.scope.regions + rule.scope.cities):
        return False
    if rule.kind == "hours":
        return rule.prepared.only_at_work == other.prepared.only_at_work
    return all(getattr(rule.prepared, name, None) == getattr(other.prepared, name, None) for name in COUNTED_BY)
