"""Rules in words, for those who edit and publish them: their numbers, whom they cover, and what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from accounts.foundation.week_hours import DAYS
from communications.models import PolicyRule
from communications.policy.examples import examples_of
from communications.policy.wording import WEEKDAYS, sentence, word
from communications.selectors.live_policy import rule_of

# Which list of words a parameter's values are from.
WORDS_OF = {
    "channels": "channel", "purposes": "purpose", "counted_purposes": "purpose", "permitted": "purpose",
    "other_purposes": "purpose", "kinds": "hold", "except_kinds": "hold", "roles": "role", "exempt_roles": "role",
    "count_what": "count_what", "count_key": "count_key", "window": "window", "exclusions": "mark",
    "statuses": "status", "point_statuses": "status", "bases": "basis", "required": "language",
    "debt_purposes": "debt_purpose", "party_kinds": "party_kind", "capacities": "capacity", "products": "product",
    "standings": "standing", "place": "place", "unanswered_attribution": "attribution", "once": "purpose",
    "as_one": "channel", "other_key": "count_key", "notice": "notice", "within_notice": "notice", "asked": "notice",
    "answered": "notice", "withdrawn": "notice", "elements": "element", "bands": "band",
}  # fmt: skip
EXAMPLE_DAY = date(2026, 8, 14)


def numbers_in_words(kind: str, params: Mapping[str, Any], language: str) -> str:
    """The parameters of a rule for a reader: `Mon - Fri 08:00 - 21:00; Sat, Sun closed`, `at most: 3; ...`."""
    parts = [_hours(params, language)] if kind == "hours" else []
    return "; ".join([*parts, *(_named(name, params[name], language) for name in params if name not in DAYS)])


def example_sentence(rule: PolicyRule, language: str) -> str:
    """The refusal as it would read one day, its blanks filled with an example."""
    template = rule.sentence_es if language.startswith("es") else rule.sentence_en
    code = "preferred_times" if rule.kind == "preference" else "point_dead"
    return sentence(template, code, _example(rule), language)


def _example(rule: PolicyRule) -> dict[str, Any]:
    params = rule.params
    window = next((params[day] for day in DAYS if params.get(day)), "08:00-21:00")
    days = (
        params.get("days")
        or params.get("answer_days")
        or params.get("wait_days")
        or params.get("within_business_days", 1)
    )
    return {
        "hold": (params.get("kinds") or ["admin"])[0], "channel": (rule.scope.get("channels") or ["call"])[0],
        "hours": window.replace("-", " - "), "local_time": "06:40", "weekday": "sun", "zone": rule.version.pack.zone,
        "limit": params.get("limit", params.get("other_limit", 1)), "days": params.get("fresh_days", days),
        "used": "en" if rule.kind == "language" else params.get("limit", params.get("other_limit", 1)),
        "talked_on": EXAMPLE_DAY.isoformat(), "free_on": (EXAMPLE_DAY + timedelta(days=days)).isoformat(),
        "day": "2026-12-25", "since": EXAMPLE_DAY.isoformat(), "barred_on": EXAMPLE_DAY.isoformat(),
        "role": "third_party", "purpose": "demand", "status": "dead", "wanted": params.get("required") or "es",
        "element": (params.get("elements") or ["opt_out"])[0], "warn_days": params.get("warn_days", 0),
        "minutes": params.get("minutes", 0),
        "notice": params.get("notice", ""), "country": params.get("country", ""),
        "standing": (params.get("standings") or ["paid"])[0],
    }  # fmt: skip


def examples_in_words(rule: PolicyRule, language: str) -> list[str]:
    """What the gate answers to the cases that the rule's numbers are about; none for a rule that makes no sense."""
    try:
        return [example.told(language) for example in examples_of(rule_of(rule))]
    except (ValueError, TypeError):
        return []


def scope_in_words(scope: Mapping[str, Any], language: str) -> str:
    """Whom and what a rule covers: `channels: call; we collect as: debt buyer`, or `everything`."""
    parts = [_named(name, value, language) for name, value in scope.items() if value]
    return "; ".join(parts) or word("param", "everything", language)


def _hours(params: Mapping[str, Any], language: str) -> str:
    names = WEEKDAYS["es" if language.startswith("es") else "en"]
    days = [(names[index], params.get(day, "")) for index, day in enumerate(DAYS)]
    spans = [(window, [name for name, _ in group]) for window, group in groupby(days, key=lambda day: day[1])]
    return "; ".join(f"{_span(group)} {window_in_words(window, language)}" for window, group in spans)


def _span(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} - {names[-1]}"


def window_in_words(window: str, language: str) -> str:
    """One day's hours: `08:00 - 21:00`, `closed`, `all day`."""
    if not window:
        return word("param", "closed", language)
    return word("param", "all_day", language) if window == "00:00-24:00" else window.replace("-", " - ")


def _named(name: str, value: Any, language: str) -> str:
    return f"{word('param', name, language)}: {value_in_words(name, value, language)}"


def value_in_words(name: str, value: Any, language: str) -> str:
    """One value of a parameter in words."""
    if isinstance(value, bool):
        return word("param", "yes" if value else "no", language)
    values = value if isinstance(value, (list, tuple)) else [value]
    group = WORDS_OF.get(name)
    return ", ".join(word(group, str(each), language) if group else str(each) for each in values)
