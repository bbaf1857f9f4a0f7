"""What a draft changes reads as sentences, says everything that differs and nothing that does not."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communications.policy.facts import OUTBOUND_PURPOSES
from communications.policy.pack import pack_from
from communications.policy.shipped import CODES, shipped_data
from communications.selectors.live_policy import RULE_FIELDS
from communications.selectors.rule_changes import changes_between

USUAL = {"params": {}, "scope": {}, "effective_from": None, "effective_to": None}


def rules(code: str) -> dict:
    """The rules of a shipped pack as plain data by their names, as a version has them."""
    data = shipped_data(code)
    usual = {**USUAL, "jurisdiction": data["jurisdiction"]}
    return {rule["id"]: {"id": rule["id"], **{n: {**usual, **rule}[n] for n in RULE_FIELDS}} for rule in data["rules"]}


def told(code: str, rule: str, language: str = "en", **differs) -> list[str]:
    """The sentences about one rule with some values changed."""
    before, after = rules(code), rules(code)
    for name, value in differs.items():
        after[rule][name] = {**after[rule][name], **value} if name in ("params", "scope") else value
    return [change.told for change in changes_between(before, after, language)]


REGULATION_F = "Calls about consumer debt in the United States where we collect as third-party collector, debt buyer"
WORKDAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-20:00")


@pytest.mark.parametrize(
    ("differs", "sentences"),
    [
        ({"params": WORKDAYS}, [f"{REGULATION_F}: from 08:00 - 21:00 to 09:00 - 20:00 on weekdays"]),
        ({"params": {"sat": "", "sun": ""}}, [f"{REGULATION_F}: closed at weekends, until now 08:00 - 21:00"]),
        (
            {"params": {"mon": "09:00-20:00", "sun": ""}},
            [
                f"{REGULATION_F}: from 08:00 - 21:00 to 09:00 - 20:00 on Mon",
                f"{REGULATION_F}: closed on Sun, until now 08:00 - 21:00",
            ],
        ),
        ({"action": "warn"}, [f"{REGULATION_F}: what it does from refuse to warn"]),
        ({"legal_force": "policy"}, [f"{REGULATION_F}: legal force from presumption to firm policy"]),
        ({"effective_from": "2027-01-01"}, [f"{REGULATION_F}: in force from from - to Fri 1 Jan 2027"]),
        ({"citation": "See there"}, None),
        ({"sentence_en": "No."}, None),
        ({"scope": {"regions": ["MA"]}}, None),
    ],
)
def test_a_change_is_one_sentence_that_names_before_and_after(differs, sentences):
    said = told("US", "us-regf-hours", **differs)

    assert len(said) == (len(sentences) if sentences else 1)
    assert sentences is None or said == sentences


def test_it_reads_spanish():
    assert told("US", "us-regf-hours", "es-mx", params=WORKDAYS) == [
        "Llamadas por deuda de consumo en Estados Unidos donde cobramos como despacho de cobranza, "
        "comprador de cartera: de 08:00 - 21:00 a 09:00 - 20:00 de lunes a viernes"
    ]


def test_numbers_and_lists_are_told_one_by_one():
    said = told("US", "us-regf-7in7", params={"limit": 5, "exclusions": ["unconnected"], "consent_days": 0})

    assert said == [
        f"{REGULATION_F}: at most from 7 to 5",
        f"{REGULATION_F}: left out from under live consent, to professionals, busy or not in service "
        "to busy or not in service",
        f"{REGULATION_F}: days that consent lifts it from 7 to 0",
    ]


def test_a_scope_that_is_no_longer_limited_covers_everything():
    (said,) = told("US", "us-bankruptcy-stay", scope={"channels": ["call"]})

    assert said == "Calls in the United States: channels from everything to call"


def test_rules_that_are_new_or_gone_say_all_that_they_say():
    before, after = rules("US"), rules("US")
    gone = before["us-dc-4in7"]
    del after["us-dc-4in7"]

    (one,) = changes_between(before, after, "en")
    (other,) = changes_between(after, before, "en")

    assert one.told.startswith("Rule taken out. It said: Calls about consumer debt in DC · frequency · at most: 4")
    assert other.told.startswith("New rule. Calls about consumer debt in DC")
    assert gone["citation"] in one.told
    assert gone["sentence_en"] in one.told


EDITS = {
    "action": ["warn", "override", "refuse"],
    "legal_force": ["statute", "policy"],
    "citation": ["See there", "12 CFR 1006.6"],
    "confidence": ["P", "G"],
    "sentence_en": ["No.", "Not now."],
    "sentence_es": ["No.", "Ahora no."],
    "effective_from": [None, "2026-09-01", "2027-01-01"],
    "effective_to": [None, "2028-01-01"],
}


@st.composite
def edited(draw):
    """A pack's rules, and the same with a few values replaced, left out or said though they are usual."""
    before = rules(draw(st.sampled_from(CODES)))
    after = deepcopy(before)
    for _ in range(draw(st.integers(0, 3))):
        rule = after[draw(st.sampled_from(sorted(after)))]
        name = draw(st.sampled_from([*EDITS, "params", "scope"]))
        if name == "params" and rule["params"]:
            rule["params"].pop(draw(st.sampled_from(sorted(rule["params"]))))
        elif name == "scope":
            purposes = st.lists(st.sampled_from(OUTBOUND_PURPOSES), unique=True, max_size=3)
            rule["scope"]["purposes"] = draw(purposes)
        elif name in EDITS:
            rule[name] = draw(st.sampled_from(EDITS[name]))
    return before, after


def meaning(rule: dict) -> tuple:
    """A rule as the gate reads it, its sentences and source with it."""
    head = {
        "code": "t",
        "version": 1,
        "jurisdiction": rule["jurisdiction"],
        "zone": "UTC",
        "title_en": "",
        "title_es": "",
    }
    (read,) = pack_from({**head, "rules": [rule]}).rules
    lists = (getattr(read.scope, name) for name in read.scope.__dataclass_fields__)
    scope = tuple(frozenset(v) if isinstance(v, tuple) else v for v in lists)
    values = (getattr(read.prepared, n) for n in read.prepared.__dataclass_fields__)
    numbers = tuple(frozenset(v) if isinstance(v, tuple) else v for v in values)
    plain = (read.kind, read.action, read.legal_force, read.citation, read.confidence)
    said = (read.sentence_en, read.sentence_es, read.effective_from, read.effective_to)
    return (*plain, *said, numbers, scope)


@settings(max_examples=100, deadline=None)
@given(edited())
def test_every_difference_is_told_and_nothing_else(pair):
    before, after = pair
    try:
        really = {code for code in before if meaning(before[code]) != meaning(after[code])}
    except (ValueError, TypeError):
        return

    found = list(changes_between(before, after, "en"))

    assert {change.rule for change in found} == really
    assert all(change.before != change.after for change in found)
    assert all("{" not in change.told.replace(change.before, "").replace(change.after, "") for change in found)
