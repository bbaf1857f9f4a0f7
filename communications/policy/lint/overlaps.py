"""Rules of one pack in each other's way: hours without a common time, limits that another reaches first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from communications.policy.facts import REACHES
from communications.policy.lint.compare import LISTS, WIDER_KEYS, covers, window_contains
from communications.policy.lint.flaw import Flaw
from communications.policy.pack import ACTIONS, ANYWHERE, Pack, Rule

WEEKDAYS = range(5)
DIMENSIONS = ("jurisdiction", *LISTS)


def hours_flaws(pack: Pack) -> Iterator[Flaw]:
    """Hours of a pack that never open together, and single days that look forgotten."""
    for together in never_open(pack.rules):
        yield Flaw("never_open", together[0].id, {"others": tuple(rule.id for rule in together[1:])})
    for rule in pack.rules:
        if rule.kind == "hours" and (days := forgotten_days(rule)):
            yield Flaw("day_forgotten", rule.id, {"days": days})


def forgotten_days(rule: Rule) -> tuple[int, ...]:
    """Closed days between open ones: a weekday beside other weekdays, or any day whose neighbours are both open."""
    is_open = [rule.prepared.window(day) is not None for day in range(7)]
    working = any(is_open[day] for day in WEEKDAYS)
    between = [is_open[day - 1] and is_open[(day + 1) % 7] for day in range(7)]
    return tuple(d for d in range(7) if not is_open[d] and (between[d] or (working and d in WEEKDAYS)))


def never_open(rules: Sequence[Rule]) -> list[tuple[Rule, ...]]:
    """Sets of hours rules that bind the same contact and leave it no time of the week."""
    stopping = [rule for rule in rules if rule.kind == "hours" and rule.action != "warn" and _opens(rule)]
    found: dict[tuple[str, ...], tuple[Rule, ...]] = {}
    for case in product(*(_values(stopping, name) for name in DIMENSIONS), (False, True)):
        binding = tuple(rule for rule in stopping if _binds(rule, case))
        if len(binding) > 1 and not _common_time(binding):
            found.setdefault(tuple(rule.id for rule in binding), binding)
    return list(found.values())


def _opens(rule: Rule) -> bool:
    return any(rule.prepared.window(day) for day in range(7))


def _values(rules: Sequence[Rule], name: str) -> list[Any]:
    """Every word that the rules tell apart, and one that none of them names."""
    named = {rule.jurisdiction for rule in rules} - {ANYWHERE} if name == "jurisdiction" else set()
    if name != "jurisdiction":
        named = {word for rule in rules for word in getattr(rule.scope, name)}
    return [*sorted(named), None]


def _binds(rule: Rule, case: tuple[Any, ...]) -> bool:
    *values, at_work = case
    if rule.prepared.only_at_work and not at_work:
        return False
    place, *words = values
    if rule.jurisdiction not in (ANYWHERE, place):
        return False
    wanted = (getattr(rule.scope, name) for name in LISTS)
    return all(not allowed or word in allowed for allowed, word in zip(wanted, words, strict=True))


def _common_time(rules: Sequence[Rule]) -> bool:
    for day in range(7):
        windows = [rule.prepared.window(day) for rule in rules]
        if all(windows) and max(window[0] for window in windows) <= min(window[1] for window in windows):
            return True
    return False


def shadowed(pack: Pack) -> Iterator[Flaw]:
    """Limits and waits that another rule of the pack reaches first, at least as strictly, for all that they cover."""
    for rule in pack.rules:
        for other in pack.rules:
            if other is not rule and other.kind == rule.kind and _shadows(other, rule):
                yield Flaw("shadowed", rule.id, {"others": (other.id,)})


def _shadows(first: Rule, late: Rule) -> bool:
    strict = ACTIONS.index(first.action) - ACTIONS.index(late.action)
    earlier = REACHED_FIRST.get(first.kind)
    if earlier is None or strict < 0 or not _in_force_as_long(first, late):
        return False
    if first.jurisdiction not in (ANYWHERE, late.jurisdiction) or not covers(first.scope, late.scope):
        return False
    # Of two that are wholly equal one is enough: the second in order is the superfluous one.
    equal = strict == 0 and earlier(late.prepared, first.prepared) and covers(late.scope, first.scope)
    return earlier(first.prepared, late.prepared) and not (equal and first.id > late.id)


def _in_force_as_long(first: Rule, late: Rule) -> bool:
    begins = not first.starts_at or bool(late.starts_at and first.starts_at <= late.starts_at)
    return begins and (not first.ends_at or bool(late.ends_at and first.ends_at >= late.ends_at))


def _frequency_first(first: Any, late: Any) -> bool:
    return (
        first.limit <= late.limit
        and window_contains(first, late)
        and REACHES.index(first.count_what) <= REACHES.index(late.count_what)
        and _counts_all(first, late)
        and _takes_in(first.counted_purposes, late.counted_purposes)
        and first.place in ("", late.place)
        and _attributes_all(first, late)
    )


def _attributes_all(first: Any, late: Any) -> bool:
    """True when what the later rule counts for an account is not counted for another by the earlier.

    A rule that counts an unanswered call for one of several debts counts by person and account, whatever its key says.
    """
    if first.unanswered_attribution != "all":
        return False
    return late.unanswered_attribution == "all" or first.count_key != "address"


def _cool_down_first(first: Any, late: Any) -> bool:
    return first.days >= late.days and _counts_all(first, late)


def _notice_first(first: Any, late: Any) -> bool:
    """True when the earlier rule wants the notice no later, and has it waited out no shorter."""
    return (
        first.notice == late.notice
        and first.country == late.country
        and (late.only_if_sent or not first.only_if_sent)
        and first.within_days <= late.within_days
        and first.within_business_days <= late.within_business_days
        and first.wait_business_days >= late.wait_business_days
        and first.wait_days >= late.wait_days
        and (late.day_counts or not first.day_counts)
    )


def _spacing_first(first: Any, late: Any) -> bool:
    sooner = REACHES.index(first.count_what) <= REACHES.index(late.count_what)
    return first.minutes >= late.minutes and sooner and _counts_all(first, late)


def _counts_all(first: Any, late: Any) -> bool:
    """True when whatever the later rule counts the earlier counts, too, and consent lifts it for no more days."""
    return (
        _takes_in(first.channels, late.channels)
        and set(first.exclusions) <= set(late.exclusions)
        and (first.count_key == late.count_key or first.count_key in WIDER_KEYS.get(late.count_key, set()))
        and getattr(first, "consent_days", 0) <= getattr(late, "consent_days", 0)
    )


def _takes_in(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    return not wide or (bool(narrow) and set(narrow) <= set(wide))


REACHED_FIRST = {"frequency": _frequency_first, "cool_down": _cool_down_first, "notice": _notice_first,
                 "spacing": _spacing_first}  # fmt: skip
