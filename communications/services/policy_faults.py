"""The sentences of the lint: what keeps a draft from being submitted, and what is only shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from communications.policy.rules.hours import DAYS
from communications.policy.wording import WEEKDAYS, civil_day, word
from communications.selectors.rule_words import value_in_words, window_in_words

FAULTS = {
    "sentence_missing": _("{rule}: the refusal has no sentence in both languages"),
    "sentence_untranslated": _("{rule}: the Spanish sentence is the English one"),
    "citation_missing": _("{rule}: no source is named"),
    "never_in_force": _("{rule}: it ends before it begins"),
    "always_closed": _("{rule}: the hours open on no day"),
    "senseless": _("{rule}: {detail}"),
    "blank_unknown": _("{rule}: the sentence asks for {detail}, which this kind of rule never fills"),
    "no_rules": _("the version has no rule"),
    "nothing_changed": _("nothing differs from the version in force"),
    "guard_missing": _("{rule} was taken out: nothing else in the pack stops such contacts"),
    "never_speaks": _("{rule}: no contact under it could ever offend it, so it never speaks"),
    "no_such_contact": _("{rule}: there is no contact that is all of this: {values}"),
    "misspelt": _("{rule}: {written} never matches, it is written {right}"),
    "never_agreed": _("{rule}: no ground for consent is accepted, so every contact is stopped"),
    "never_open": _("{rule}: together with {others} its hours leave no time of the week for the same contact"),
    "same_name": _("{rule}: the pack {pack} has a rule of the same name"),
    "looser_than_law": _("{rule}: looser than the law: {field} is {after}, the law says {before} ({source})"),
    "law_missing": _("{rule} is law and was taken out ({source})"),
}
WARNINGS = {
    "over": _("{rule}: it ended on {day}"),
    "no_such_region": _("{rule}: {written} is no state that we know of"),
    "city_without_region": _("{rule}: it names cities without their state: the same names elsewhere fall under it"),
    "day_forgotten": _("{rule}: closed on {days} between open days: was that forgotten?"),
    "shadowed": _("{rule}: {others} is always reached first and is at least as strict"),
    "looser_than_guidance": _("{rule}: looser than its source: {field} is {after}, there it is {before} ({source})"),
    "guidance_missing": _("{rule} was taken out ({source})"),
    "permitted_in_vain": _("{rule}: lets through {purpose}, which {others} never lets through"),
    "looser_than_country": _("{rule}: {field} is {after}, but {others} says {before}: there it has no effect"),
}
NAMED = {"action": "action", "legal_force": "legal_force", "jurisdiction": "country"}
OF_SCOPE = {"debt_purposes", "party_kinds", "capacities", "channels", "purposes", "regions", "cities", "products"}


@dataclass(frozen=True)
class Fault:
    """One thing found, told in the reader's language when it is shown."""

    code: str
    rule: str = ""
    detail: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stops(self) -> bool:
        """Whether a draft with it may not be submitted."""
        return self.code in FAULTS

    def __str__(self) -> str:
        sentence = FAULTS[self.code] if self.stops else WARNINGS[self.code]
        return str(sentence).format(rule=self.rule, detail=self.detail, **self._shown(get_language() or "en"))

    def _shown(self, language: str) -> dict[str, str]:
        said = {name: _plain(name, value, language) for name, value in self.values.items()}
        if about := self.values.get("field"):
            said["field"] = _field(about, language)
            said |= {name: _value(about, self.values[name], language) for name in ("before", "after")}
        parts = [f"{_field(name, language)}: {value_in_words(name, v, language)}" for name, v in self.values.items()]
        return {**said, "values": "; ".join(parts)} if self.code == "no_such_contact" else said


def _plain(name: str, value: Any, language: str) -> str:
    if isinstance(value, date):
        return civil_day(value, language)
    if name == "days":
        return ", ".join(WEEKDAYS["es" if language.startswith("es") else "en"][day] for day in value)
    if name == "purpose":
        return word("purpose", value, language)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _field(name: str, language: str) -> str:
    if _are_days(name):
        names = WEEKDAYS["es" if language.startswith("es") else "en"]
        return ", ".join(names[DAYS.index(day)] for day in name.split(","))
    return word("field" if name in (*NAMED, "effective_from", "effective_to") else "param", name, language)


def _are_days(name: str) -> bool:
    return set(name.split(",")) <= set(DAYS)


def _value(name: str, value: Any, language: str) -> str:
    if _are_days(name):
        return window_in_words(value, language)
    if isinstance(value, date):
        return civil_day(value, language)
    if name in NAMED:
        return word(NAMED[name], value, language)
    if value == ():
        return word("param", "everything" if name in OF_SCOPE else "nothing", language)
    return value_in_words(name, value, language) or "-" if value is not None else "-"
