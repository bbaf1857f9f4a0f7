"""Facts survive being written down; packs refuse what they don't understand; sentences are there in both languages."""

import json
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from communications.policy.decide import decide
from communications.policy.facts import ConsentFact, ContactFacts, HoldFact, NoticeFact, OptOutFact, StopFact
from communications.policy.pack import pack_from
from communications.policy.shipped import CODES, shipped_data, shipped_pack, shipped_packs
from communications.policy.wording import sentence
from tests.support.policy_facts import account, at, contact, judged, party, past

FULL = contact(
    at("2026-04-08 12:00"),
    account(first_contact_on=date(2026, 4, 1), notices=(NoticeFact("validation", date(2026, 4, 2)),)),
    account(id=101, limitation_on=None, stops=(StopFact(2, "post", "other", date(2026, 4, 3)),)),
    party=party("America/New_York", "America/Chicago"),
    holds=(HoldFact(1, "pause", "account", 100, permitted=("reply",), lifts_on=date(2026, 5, 1)),),
    consents=(ConsentFact("text", date(2026, 4, 1), account_ids=(100,)),),
    opt_outs=(OptOutFact("text", date(2026, 4, 1), 5),),
    history=tuple(past("2026-04-07", id=n, marks=("unconnected",)) for n in range(10)),
)


def test_facts_written_down_and_read_again_are_the_same_and_have_the_same_digest():
    again = ContactFacts.from_json(FULL.as_json())

    assert again == FULL
    assert again.digest(b"key") == FULL.digest(b"key")
    assert again.digest(b"key") != FULL.digest(b"other")


def test_facts_that_were_kept_before_there_were_stops_are_still_read():
    kept = json.loads(FULL.as_json())
    for one in kept["accounts"]:
        del one["stops"]

    old = ContactFacts.from_json(json.dumps(kept))

    assert [one.stops for one in old.accounts] == [(), ()]


def test_facts_without_a_zone_on_the_instant_or_about_nothing_are_refused():
    with pytest.raises(ValueError, match="instant with its zone"):
        contact(at("2026-04-08 12:00").replace(tzinfo=None))
    with pytest.raises(ValueError, match="unknown channel"):
        contact(at("2026-04-08 12:00"), channel="pigeon")


@pytest.mark.parametrize("code", CODES)
def test_every_shipped_rule_has_its_source_and_a_sentence_in_both_languages(code):
    rules = shipped_pack(code).rules

    lacking = [r.id for r in rules if not (r.citation and r.sentence_en and r.sentence_es)]
    same = [r.id for r in rules if r.sentence_en == r.sentence_es]

    assert rules
    assert (lacking, same) == ([], [])


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "weather"},
        {"action": "shout"},
        {"params": {"limit": 0}},
        {"params": {"limit": 1, "days_": 2}},
        {"scope": {"channels": ["pigeon"]}},
        {"scope": {"colour": ["red"]}},
    ],
)
def test_a_pack_with_anything_unknown_is_refused(change):
    data = shipped_data("firm")
    cap = next(rule for rule in data["rules"] if rule["id"] == "firm-uk-daily-cap")
    cap.update(change)

    with pytest.raises((ValueError, TypeError)):
        pack_from(data)


def test_the_same_rule_twice_in_a_pack_is_refused():
    data = shipped_data("firm")
    data["rules"].append(data["rules"][0])

    with pytest.raises(ValueError, match="given twice"):
        pack_from(data)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "You talked about this debt on Fri 14 Aug 2026: the next call is allowed on Fri 21 Aug 2026."),
        ("es-mx", "Se habló de esta deuda el vie 14 ago 2026: la siguiente llamada se permite el vie 21 ago 2026."),
    ],
)
def test_a_reason_reads_as_a_sentence_in_the_readers_language(language, words):
    facts = contact(at("2026-08-15 16:00"), history=(past("2026-08-14", reach="conversation"),))
    (reason,) = judged(facts).reasons
    rule = shipped_packs().rule(reason.rule)

    template = rule.sentence_es if language.startswith("es") else rule.sentence_en

    assert sentence(template, reason.code, reason.params, language) == words


def test_the_engine_runs_without_django():
    code = (
        "import sys; from communications.policy.shipped import shipped_packs; shipped_packs(); "
        "import communications.policy.decide, communications.policy.outlook, communications.policy.wording; "
        "sys.exit('django' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], cwd=Path.cwd(), check=False).returncode == 0


def test_a_thousand_decisions_take_no_more_than_a_second():
    packs = shipped_packs()
    started = time.process_time()

    for _ in range(1000):
        decide(FULL, packs, key=b"key")

    assert time.process_time() - started < 1.0
