"""What another version of the policy would have said: the same facts judged under two sets of packs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from communications.policy.civil import Moment
from communications.policy.decide import Stance, speaking_at, zones_of
from communications.policy.facts import ContactFacts
from communications.policy.pack import PackSet, Rule


@dataclass(frozen=True, slots=True)
class Change:
    """One contact that would be decided otherwise: the verdicts before and after, and the rules that make it so.

    `appeared` speak only afterwards, `gone` only before; `otherwise` speak both times and do something else.
    """

    before: str
    after: str
    appeared: tuple[str, ...]
    gone: tuple[str, ...]
    otherwise: tuple[str, ...]


class Comparison:
    """Two sets of packs, prepared for many contacts.

    Rules are judged one by one and know nothing of each other, so those that both sets have alike say the same under
    both: they are asked only about a contact to which the others make a difference.
    """

    def __init__(self, before: PackSet, after: PackSet) -> None:
        alike = _traits_of(before) & _traits_of(after)
        self._alike = _only(before, lambda rule: _traits(rule) in alike)
        self._before, self._after = (_only(packs, lambda rule: _traits(rule) not in alike) for packs in (before, after))

    def change(self, facts: ContactFacts) -> Change | None:
        """How the answer to this contact changes; None when it stays, and so do the rules behind it."""
        moment = Moment(facts.at, zones_of(facts))
        before, after = (speaking_at(packs.applicable(facts), facts, moment) for packs in (self._before, self._after))
        if before == after:
            return None
        alike = speaking_at(self._alike.applicable(facts), facts, moment)
        return _change(Stance(before | alike), Stance(after | alike))


def _change(before: Stance, after: Stance) -> Change:
    old, new = before.rules, after.rules
    return Change(
        before=before.verdict,
        after=after.verdict,
        appeared=tuple(sorted(new - old)),
        gone=tuple(sorted(old - new)),
        otherwise=tuple(sorted({rule for rule, _action in before.standing ^ after.standing} & old & new)),
    )


def _traits(rule: Rule) -> tuple[Any, ...]:
    """All of a rule that decides whether it speaks and what it does; its words and its source decide nothing."""
    dates = (rule.starts_at, rule.ends_at)
    return (rule.id, rule.kind, rule.action, rule.jurisdiction, rule.prepared, rule.scope, *dates)


def _traits_of(packs: PackSet) -> set[tuple[Any, ...]]:
    return {_traits(rule) for pack in packs.packs for rule in pack.rules}


def _only(packs: PackSet, suits: Callable[[Rule], bool]) -> PackSet:
    """The packs with some of their rules. All packs stay, so that a country without one is still noticed."""
    return PackSet([replace(pack, rules=tuple(filter(suits, pack.rules))) for pack in packs.packs])
