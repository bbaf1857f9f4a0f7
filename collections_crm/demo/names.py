"""Names for the demo's people and businesses, in the languages of its countries."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

WORDS = json.loads(Path(__file__).with_name("names.json").read_text())
GIVEN = {language: " ".join(lines).split() for language, lines in WORDS["given"].items()}
FAMILY = {language: " ".join(lines).split() for language, lines in WORDS["family"].items()}
TRADES = ("Bakery", "Sports", "Auto Repair", "Landscaping", "Nail Salon", "Diner", "Roofing", "Print Shop", "Florist")
FRONTS = ("Harbor", "Cedar Hill", "Blue Door", "Northside", "Golden Gate", "Riverbend", "Liberty", "Two Brothers")


def person(random: Random, language: str) -> str:
    """A given name and the family names that the language uses: one in English, two in Spanish."""
    pool = "es" if language.startswith("es") else "en"
    given, family = random.choice(GIVEN[pool]), random.choice(FAMILY[pool])
    return f"{given} {family} {random.choice(FAMILY[pool])}" if pool == "es" else f"{given} {family}"


def business(random: Random) -> str:
    return f"{random.choice(FRONTS)} {random.choice(TRADES)} {random.choice(('LLC', 'Inc', 'Co'))}"


def misspelt(random: Random, name: str) -> str:
    """The name as another clerk typed it: a letter doubled, dropped or swapped inside one of its longer words."""
    words = name.split()
    where = max(range(len(words)), key=lambda index: len(words[index]))
    word = words[where]
    at = random.randrange(1, len(word) - 1)
    words[where] = random.choice(
        (
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1 :],
            word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
        )
    )
    return " ".join(words)
