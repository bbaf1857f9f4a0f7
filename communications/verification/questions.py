"""Which questions are asked, and whether an answer matches. Plain Python: the facts are handed in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

TAIL = 4


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask. `facts` are the answers we hold, any of which matches; they never leave the server."""

    code: str
    facts: tuple[str, ...]

    def matches(self, answer: str) -> bool:
        return bool(answer) and normal(self.code, answer) in self.facts


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The questions for one person. With fewer facts than the place demands nobody can pass."""

    questions: tuple[Question, ...]
    can_pass: bool

    def all_match(self, answers: Mapping[str, str]) -> bool:
        return self.can_pass and all(question.matches(answers.get(question.code, "")) for question in self.questions)

    @property
    def codes(self) -> list[str]:
        return [question.code for question in self.questions]


@cache
def shipped() -> dict[str, dict[str, dict]]:
    return tomllib.loads(Path(__file__).with_name("questions.toml").read_text(encoding="utf-8"))


def questionnaire(*, jurisdiction: str, is_entity: bool, facts: Mapping[str, tuple[str, ...]]) -> Questionnaire:
    """The first questions of the place whose facts we hold. `facts` hold normal forms by question code."""
    asked = shipped()[jurisdiction]["entity" if is_entity else "individual"]
    known = [Question(code, facts[code]) for code in asked["ask"] if facts.get(code)]
    return Questionnaire(tuple(known[: asked["need"]]), can_pass=len(known) >= asked["need"])


def normal(code: str, text: str) -> str:
    """One form of what may be said in several: upper case, no spaces or signs, the last four where a tail is asked.

    A birth date is handed over as ISO text.
    """
    if code == "birth_date":
        return text.strip()
    bare = re.sub(r"[^0-9A-Z]", "", text.upper())
    if code == "postcode":
        return bare[:5] if re.fullmatch(r"\d{9}", bare) else bare
    return bare[-TAIL:]


def fact(code: str, value: str | date | None) -> tuple[str, ...]:
    """What we hold, in normal form; nothing when we don't know it or it is too short to prove anything."""
    if isinstance(value, date):
        return (value.isoformat(),)
    known = normal(code, value or "")
    return (known,) if len(known) >= TAIL else ()
