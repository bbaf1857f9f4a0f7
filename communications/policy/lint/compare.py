"""Comparing two rules of one kind: whether one covers all that the other does, and by what it lets more through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from communications.policy.facts import OUTBOUND_PURPOSES, REACHES
from communications.policy.pack import ANYWHERE, Rule, Scope
from communications.policy.rules.frequency import Params as Frequency
from communications.policy.rules.hours import DAYS

LISTS = ("debt_purposes", "party_kinds", "capacities", "channels", "purposes", "regions", "cities", "products",
         "bands")  # fmt: skip
TICKS = ("regulated_only", "natural_only")
# What a larger number, more words or a tick lets through; and what fewer do. An empty list of these means every one.
MORE_IS_LOOSER = {"limit", "consent_days", "within_days", "within_business_days"}
FEWER_IS_LOOSER = {"days", "wait_days", "wait_business_days", "warn_days", "minutes"}
# Nought means without end: of what is let through, or of what is waited for.
NOUGHT_IS_LOOSEST = {"fresh_days", "other_limit"}
NOUGHT_IS_STRICTEST = {"answer_days"}
GROWN_IS_LOOSER = {"exclusions", "permitted", "except_kinds", "exempt_roles", "other_purposes", "bases", "roles",
                   "point_statuses"}  # fmt: skip
SHRUNK_IS_LOOSER = {"kinds", "channels", "counted_purposes", "standings", "statuses", "no_text_kinds", "extra",
                    "once", "as_one", "elements"}  # fmt: skip
EMPTY_IS_ALL = {"kinds", "channels", "counted_purposes", "roles"}
SET_IS_LOOSER = {"only_if_forbidden", "only_at_work", "unless_same_medium", "only_if_sent", "day_counts"}
UNSET_IS_LOOSER = {"no_minors", "no_elders", "unknown_forbids", "times", "places", "media", "same_medium",
                   "reply_same_medium"}  # fmt: skip
# Without a word the rule binds everywhere, always and until it is met.
EMPTY_IS_STRICTEST = {"place", "within_notice", "withdrawn"}
# An answer may be given for so many days: the longer, the more passes.
LONGER_IS_LOOSER_OF = {"reply"}
# A count by these takes in all that a count by person and account does.
WIDER_KEYS = {"person_account": {"person", "account"}}
DAYS_IN_WEEK, DAYS_IN_MONTH = 7, 31
Loosening = tuple[str, Any, Any]


def covers(wide: Scope, narrow: Scope) -> bool:
    """True when whatever falls under the one scope falls under the other."""
    lists = all(_within(_words(narrow, name), _words(wide, name)) for name in LISTS)
    ticks = all(getattr(narrow, name) or not getattr(wide, name) for name in TICKS)
    return lists and ticks and wide.opened_from <= narrow.opened_from


def overlap(one: Rule, other: Rule) -> bool:
    """True when some contact falls under both rules."""
    places = {one.jurisdiction, other.jurisdiction}
    if len(places) > 1 and ANYWHERE not in places:
        return False
    pairs = ((_words(one.scope, name), _words(other.scope, name)) for name in LISTS)
    return all(not a or not b or set(a) & set(b) for a, b in pairs)


def narrowings(law: Scope, own: Scope) -> Iterator[Loosening]:
    """By what the one scope leaves out what the other covers."""
    for name in LISTS:
        if not _within(_words(law, name), _words(own, name)):
            yield name, getattr(law, name), getattr(own, name)
    for name in TICKS:
        if getattr(own, name) and not getattr(law, name):
            yield name, False, True
    if own.opened_from > law.opened_from:
        yield "opened_from", law.opened_from, own.opened_from


def loosenings(law: Rule, own: Rule) -> Iterator[Loosening]:
    """By which numbers one rule lets through what another of its kind does not."""
    if law.kind == "hours":
        yield from _wider_hours(law.prepared, own.prepared)
    for name in law.prepared.__dataclass_fields__:
        before, after = getattr(law.prepared, name), getattr(own.prepared, name)
        if name in DAYS or before == after:
            continue
        if law.kind == "frequency" and name in ("window", "days"):
            if not window_contains(own.prepared, law.prepared):
                yield name, before, after
        elif _is_looser(law.kind, name, before, after):
            yield name, before, after


def window_contains(wide: Frequency, narrow: Frequency) -> bool:
    """True when on every day one window takes in every day that the other does."""
    if wide.window == narrow.window:
        return wide.window != "rolling" or wide.days >= narrow.days
    longest = {"week": DAYS_IN_WEEK, "month": DAYS_IN_MONTH}
    if wide.window == "rolling":
        return wide.days >= longest[narrow.window]
    return narrow.window == "rolling" and narrow.days == 1


def _is_looser(kind: str, name: str, law: Any, own: Any) -> bool:
    if name in MORE_IS_LOOSER or (name == "days" and kind in LONGER_IS_LOOSER_OF):
        return own > law
    if name in FEWER_IS_LOOSER:
        return own < law
    if name in NOUGHT_IS_LOOSEST:
        return (own or float("inf")) > (law or float("inf"))
    if name in NOUGHT_IS_STRICTEST:
        return (own or float("inf")) < (law or float("inf"))
    if name in SET_IS_LOOSER or name in UNSET_IS_LOOSER:
        return own == (name in SET_IS_LOOSER)
    return _words_are_looser(name, law, own)


def _words_are_looser(name: str, law: Any, own: Any) -> bool:
    every = name in EMPTY_IS_ALL
    if name in GROWN_IS_LOOSER:
        return not _within(own, law) if every else not set(own) <= set(law)
    if name in SHRUNK_IS_LOOSER:
        return not _within(law, own) if every else not set(law) <= set(own)
    if name == "count_what":
        return REACHES.index(own) > REACHES.index(law)
    if name in ("count_key", "other_key"):
        return own not in WIDER_KEYS.get(law, set())
    if name == "unanswered_attribution":
        return own == "one"
    return bool(own != law) and not (name in EMPTY_IS_STRICTEST and not own)


def _wider_hours(law: Any, own: Any) -> Iterator[Loosening]:
    """Days that are wider alike are told together, their names joined by commas."""
    alike: dict[tuple[str, str], list[str]] = {}
    for weekday, day in enumerate(DAYS):
        outer, inner = law.window(weekday), own.window(weekday)
        if inner and (not outer or inner[0] < outer[0] or inner[1] > outer[1]):
            alike.setdefault((getattr(law, day), getattr(own, day)), []).append(day)
    for (before, after), days in alike.items():
        yield ",".join(days), before, after


def _words(scope: Scope, name: str) -> tuple[str, ...]:
    words = getattr(scope, name)
    return () if name == "purposes" and set(words) >= set(OUTBOUND_PURPOSES) else words


def _within(narrow: tuple[str, ...], wide: tuple[str, ...]) -> bool:
    """True when a list of words is part of another; an empty one stands for every word."""
    return not wide or (bool(narrow) and set(narrow) <= set(wide))
