"""What is installed: the same versions at a desk and in production, with hashes, from no named host."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = ["requirements.txt", "requirements-production.txt"]


def pins(name):
    return dict(re.findall(r"^([\w.\-\[\]]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))


def asked(name):
    lines = (ROOT / name).read_text().splitlines()
    return {re.split(r"[\[<>=~]", line)[0].lower() for line in lines if line and not line.startswith(("#", "-r"))}


def test_production_runs_what_was_tested():
    tested = pins("requirements.txt")

    assert pins("requirements-production.txt").items() <= tested.items()


@pytest.mark.parametrize("name", FILES)
def test_every_package_has_a_hash_and_no_host(name):
    text = (ROOT / name).read_text()

    assert "://" not in text
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[\w])", text.strip()))


def test_every_package_that_we_ask_for_is_explained():
    explained = (ROOT / "docs" / "dependencies.md").read_text().lower()

    names = asked("requirements.in") | asked("requirements-production.in")

    assert {name for name in names if name not in explained and not name.startswith("types-")} == set()
