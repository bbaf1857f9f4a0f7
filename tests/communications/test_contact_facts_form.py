"""Facts that somebody hands in: the documented form, its schema and the worked examples are what the gate takes."""

import json
import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from communications.policy.facts import ContactFacts
from communications.policy.schema import facts_schema
from communications.selectors.explanation import facts_from
from tests.communications.policy.test_facts_and_packs import FULL

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "contact-facts.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"## ([^\n]+)\n.*?```json\n(.*?)```\n\nAnswer: ([^\n]+)", PAGE, re.DOTALL)


def judged(tmp_path, text, *more):
    file = tmp_path / "case.json"
    file.write_text(text, encoding="utf-8")
    out = StringIO()
    call_command("explain_contact", "--facts", str(file), *more, stdout=out)
    return out.getvalue()


def test_the_page_has_its_examples():
    assert len(EXAMPLES) == 6


@pytest.mark.parametrize(("title", "text", "answer"), EXAMPLES, ids=[title for title, _text, _answer in EXAMPLES])
def test_a_worked_example_gets_the_answer_that_the_page_gives(tmp_path, title, text, answer):
    told = json.loads(judged(tmp_path, text, "--json"))

    said = re.findall(r"`([^`]+)`", answer)
    verdict, rules = said[0], [word for word in said[1:] if "T" not in word]
    assert told["verdict"] == verdict
    assert set(rules) <= {reason["rule"] for reason in told["reasons"]}
    assert told["next_allowed_at"] == next((word for word in said[1:] if "T" in word), None)


def test_the_schema_that_is_handed_out_is_that_of_the_code():
    assert json.loads((ROOT / "docs" / "contact-facts.schema.json").read_text()) == facts_schema()


def test_facts_of_the_gate_itself_keep_to_the_schema():
    assert facts_from(FULL.as_json()) == FULL
    assert isinstance(facts_from(EXAMPLES[0][1]), ContactFacts)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"channel": "pigeon"}, r"\$\.channel: 'pigeon' is not one of"),
        ({"at": "2026-11-24T07:30:00"}, r"\$\.at: .*does not match"),
        ({"accounts": [{"id": 1}]}, r"\$\.accounts\[0\]: '(jurisdiction|capacity)' is a required property"),
        ({"weather": "fine"}, r"\$: .*'weather' was unexpected"),
        ({"accounts": []}, r"about at least one account"),
        ({"at": "2026-13-24T07:30:00Z"}, r"month must be in 1..12"),
        ({"party": {"id": 1, "person_id": 1, "zones": [{"zone": "Moon/Base", "source": "address"}]}}, r"Moon/Base"),
    ],
)
def test_what_is_wrong_in_a_file_is_named_by_its_place(tmp_path, change, words):
    given = json.loads(EXAMPLES[0][1]) | change

    with pytest.raises(CommandError, match=words):
        judged(tmp_path, json.dumps(given))


def test_what_is_no_file_or_no_json_is_said(tmp_path):
    with pytest.raises(CommandError, match=r"this is no JSON: line 1, column 2"):
        judged(tmp_path, "{")
    with pytest.raises(CommandError, match="No such file"):
        call_command("explain_contact", "--facts", str(tmp_path / "nothing.json"))
    with pytest.raises(CommandError, match="say --account and --channel and --purpose"):
        call_command("explain_contact")


def test_a_case_is_judged_without_a_database(tmp_path):
    file = tmp_path / "case.json"
    file.write_text(EXAMPLES[0][1], encoding="utf-8")
    environment = os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing", "ENVIRONMENT": "test"}

    command = [sys.executable, "manage.py", "explain_contact", "--facts", str(file)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout.split("\n")[0].split("  ")[0]) == (0, "MAY CONTACT"), done.stderr
