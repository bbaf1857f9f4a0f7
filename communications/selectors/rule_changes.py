"""What a draft changes, told in sentences that need no knowledge of how rules are stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any

from communications.models import PolicyVersion
from communications.policy.pack import ANYWHERE, Scope
from communications.policy.rules import KINDS
from communications.policy.rules.hours import DAYS
from communications.policy.wording import WEEKDAYS, civil_day, word
from communications.selectors.live_policy import rule_data
from communications.selectors.rule_words import (
    numbers_in_words,
    scope_in_words,
    value_in_words,
    window_in_words,
)

PLAIN = ("action", "legal_force", "effective_from", "effective_to", "kind", "jurisdiction", "confidence")
TEXTS = ("citation", "sentence_en", "sentence_es")
# Of these an empty list means every one, of all others none.
EMPTY_IS_ALL = {"kinds", "roles", "channels", "counted_purposes"}
GROUPS = {"action": "action", "legal_force": "legal_force", "kind": "kind", "jurisdiction": "country",
          "confidence": "confidence"}  # fmt: skip
MOST_PURPOSES_NAMED = 2


@dataclass(frozen=True)
class Change:
    """What differs in one thing about one rule: `told` is the sentence, `rule` its code, the rest its parts."""

    rule: str
    field: str
    before: str
    after: str
    told: str


def changes_of(version: PolicyVersion, language: str) -> list[Change]:
    """What differs from the version it is based on, rule by rule; a rule that is new or gone is one change.

    What only is written otherwise (a number that was understood and is now said) is no change.
    """
    before = {rule.code: rule_data(rule) for rule in version.based_on.rules.all()} if version.based_on else {}
    return list(changes_between(before, {rule.code: rule_data(rule) for rule in version.rules.all()}, language))


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any], language: str) -> Iterator[Change]:
    """The changes from some rules to others, both as plain data by their codes."""
    for code in sorted(before.keys() | after.keys()):
        if code not in before:
            yield _whole(after[code], "added", language)
        elif code not in after:
            yield _whole(before[code], "gone", language)
        else:
            yield from _differences(before[code], after[code], language)


def subject_in_words(data: Mapping[str, Any], language: str) -> str:
    """What a rule speaks of: `Calls to consumers in the United States where we collect as debt buyer`."""
    scope = data["scope"]
    parts = [_list("channel_plural", scope.get("channels"), language) or word("subject", "all", language)]
    parts += _part("to", _list("party_kind", scope.get("party_kinds"), language), language)
    parts += _part("about", _list("debt_purpose", scope.get("debt_purposes"), language), language)
    parts += _part("in", _place(data, language), language)
    parts += _part("as", _list("capacity", scope.get("capacities"), language), language)
    if len(scope.get("purposes", ())) <= MOST_PURPOSES_NAMED:
        parts += _part("for", _list("purpose", scope.get("purposes"), language), language)
    text = " ".join(parts)
    return text[0].upper() + text[1:]


def _place(data: Mapping[str, Any], language: str) -> str:
    scope = data["scope"]
    if named := scope.get("cities") or scope.get("regions"):
        return ", ".join(named)
    return "" if data["jurisdiction"] == ANYWHERE else word("country_in", data["jurisdiction"], language)


def _part(preposition: str, text: str, language: str) -> list[str]:
    return [f"{word('subject', preposition, language)} {text}"] if text else []


def _list(group: str, codes: Any, language: str) -> str:
    return ", ".join(word(group, code, language) for code in codes or ())


def _whole(data: Mapping[str, Any], code: str, language: str) -> Change:
    """A rule that is new or gone, with all that it says."""
    sentence = data["sentence_es" if language.startswith("es") else "sentence_en"]
    parts = [
        subject_in_words(data, language),
        word("kind", data["kind"], language),
        numbers_in_words(data["kind"], data["params"], language),
        scope_in_words(data["scope"], language),
        word("action", data["action"], language),
        f"{word('legal_force', data['legal_force'], language)}, {data['citation']}",
        f"“{sentence}”",
    ]
    text = " · ".join(part for part in parts if part)
    values = {"before": text if code == "gone" else "", "after": text if code == "added" else ""}
    told = word("change", code, language).format(**values)
    return Change(data["id"], word("field", "gone", language), told=told, **values)


def _differences(old: Mapping[str, Any], new: Mapping[str, Any], language: str) -> Iterator[Change]:
    subject = subject_in_words(new, language)
    if old["kind"] == new["kind"] == "hours":
        yield from _hours(old, new, subject, language)
    if old["kind"] == new["kind"]:
        kept = KINDS[new["kind"]].params
        yield from _values(kept, old["params"], new["params"], new["id"], subject, language)
    yield from _values(Scope, old["scope"], new["scope"], new["id"], subject, language)
    for name in (*PLAIN, *TEXTS):
        if _day(old[name]) != _day(new[name]):
            before, after = (_shown(name, data[name], language) for data in (old, new))
            template = "text" if name in TEXTS else "value"
            yield _told(template, new["id"], word("field", name, language), before, after, subject, language)


def _hours(old: Mapping[str, Any], new: Mapping[str, Any], subject: str, language: str) -> Iterator[Change]:
    """One change for all days that change alike."""
    alike: dict[tuple[str, str], list[int]] = {}
    for weekday, day in enumerate(DAYS):
        pair = old["params"].get(day, ""), new["params"].get(day, "")
        if pair[0] != pair[1]:
            alike.setdefault(pair, []).append(weekday)
    for (before, after), weekdays in alike.items():
        template = "shut" if not after else "opened" if not before else "hours"
        was, becomes = (window_in_words(window, language) for window in (before, after))
        field, days = word("field", "hours", language), days_in_words(weekdays, language)
        yield _told(template, new["id"], field, was, becomes, subject, language, days=days)


def days_in_words(weekdays: list[int], language: str) -> str:
    """Some weekdays as one says them: `every day`, `on weekdays`, `at weekends`, `on Mon, Wed`."""
    known = {tuple(range(7)): "every_day", tuple(range(5)): "weekdays", (5, 6): "weekend"}
    if code := known.get(tuple(weekdays)):
        return word("days", code, language)
    names = WEEKDAYS["es" if language.startswith("es") else "en"]
    return f"{word('days', 'on', language)} {', '.join(names[weekday] for weekday in weekdays)}"


def _values(
    record: type, old: Mapping[str, Any], new: Mapping[str, Any], rule: str, subject: str, language: str
) -> Iterator[Change]:
    """One change for each value that is another; what is not said stands at its default."""
    for field in fields(record):
        usual = None if field.default is MISSING else field.default
        before, after = (_plain(values.get(field.name, usual)) for values in (old, new))
        if field.name not in DAYS and before != after:
            every = record is Scope or field.name in EMPTY_IS_ALL
            was, becomes = (_value(field.name, value, every, language) for value in (before, after))
            yield _told("value", rule, word("param", field.name, language), was, becomes, subject, language)


def _plain(value: Any) -> Any:
    """Lists of words are sets to the gate: their order says nothing."""
    return sorted(value) if isinstance(value, (list, tuple)) else value


def _value(name: str, value: Any, empty_is_all: bool, language: str) -> str:
    if value == []:
        return word("param", "everything" if empty_is_all else "nothing", language)
    return value_in_words(name, value, language) or "-"


def _told(
    template: str, rule: str, field: str, before: str, after: str, subject: str, language: str, **more: str
) -> Change:
    filled = word("change", template, language).format(
        subject=subject, field=field, before=before or "-", after=after or "-", **more
    )
    return Change(rule, field, before, after, filled)


def _day(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value or ""


def _shown(name: str, value: Any, language: str) -> str:
    if name.startswith("effective"):
        return civil_day(date.fromisoformat(_day(value)), language) if value else "-"
    return word(GROUPS[name], str(value), language) if name in GROUPS else str(value)
