"""The documents say what is there: every file, command, setting and link that they name exists."""

import os
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.management import get_commands

from collections_crm.proof import state_drawings

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
KINDS = r"(?:py|toml|json|md|html|css|js|yml|txt|in|csv|png|po)"
NAMES_A_FILE = re.compile(rf"^(?:\.?[\w*-]+/)+(?:[\w.*-]+)?$|^[\w*-]+\.{KINDS}$")
# What lies in `.data/`, as the documents call it.
OF_THE_DESK = (".data/", "postgres/", "valkey/", "logs/", "media/", "test-clusters/")
NOT_OURS = {".git", ".venv", ".data", "__pycache__", "staticfiles"}
MAPPED = ["accounts", "communications", "arrangements", "collections_crm"]


def named(document: Path) -> str:
    return str(document.relative_to(ROOT))


def every_document(check):
    return pytest.mark.parametrize("document", DOCS, ids=named)(check)


@cache
def files() -> frozenset[str]:
    """Every file that belongs to the project, and every folder of one."""
    listed = []
    for folder, inner, found in os.walk(ROOT):
        inner[:] = [name for name in inner if name not in NOT_OURS]
        listed += [str((Path(folder) / name).relative_to(ROOT)) for name in found]
    return frozenset(listed) | {f"{parent}/" for path in listed for parent in Path(path).parents}


def matching(name: str) -> list[str]:
    """The files that a document may mean: it may leave out the folders in front."""
    pattern = re.compile("(?:.*/)?" + re.escape(name).replace(r"\*", "[^/]*"))
    return [path for path in files() if pattern.fullmatch(path) or pattern.fullmatch(path.rstrip("/"))]


def code_spans(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def missing_from(span: str) -> str:
    """What a span names that isn't there: `path`, or `path: name` with a name that stands in the file."""
    path, _, name = span.partition(": ")
    if not NAMES_A_FILE.match(path) or path.startswith(OF_THE_DESK):
        return ""
    found = matching(path)
    if not found:
        return f"no file {path}"
    if name.isidentifier() and not any(name in (ROOT / file).read_text() for file in found):
        return f"no {name} in {path}"
    return ""


def headings(document: Path) -> set[str]:
    lines = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in lines}


@every_document
def test_every_file_that_a_document_names_exists(document):
    wrong = [said for span in code_spans(document.read_text()) if (said := missing_from(span))]

    assert wrong == []


@every_document
def test_every_command_that_a_document_names_exists(document):
    text = document.read_text()

    programs = {name for name in re.findall(r"(?<!/)\bbin/(\w+)", text) if not list((ROOT / "bin").glob(f"{name}*"))}
    commands = set(re.findall(r"(?:bin/manage|manage\.py) ([a-z_]{3,})", text)) - set(get_commands()) - {"help"}

    assert (programs, commands) == (set(), set())


@every_document
def test_every_link_leads_somewhere(document):
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        path, _, heading = target.partition("#")
        goal = (document.parent / unquote(path)).resolve() if path else document
        if "://" not in target and (not goal.exists() or (heading and heading not in headings(goal))):
            dead.append(target)

    assert dead == []


@every_document
def test_no_document_speaks_of_the_machine_it_was_written_on(document):
    assert re.findall(r"(?<![\w.])/(?:work|home|root|tmp|Users)/\S*", document.read_text()) == []


def test_the_state_machines_are_drawn_as_the_code_has_them():
    drawn = (ROOT / "docs" / "state-machines.md").read_text()

    assert drawn == state_drawings.page(), "bin/manage draw_states > docs/state-machines.md"


def test_every_page_that_the_code_refers_to_exists():
    code = "".join((ROOT / path).read_text() for path in files() if path.endswith((".py", ".toml", ".yml")))

    assert {page for page in re.findall(r"docs/[\w/-]+\.md", code) if not (ROOT / page).is_file()} == set()


def test_every_setting_is_explained():
    asked = re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "collections_crm" / "settings.py").read_text())

    explained = (ROOT / "docs" / "operations.md").read_text()

    assert [name for name in asked if f"`{name}`" not in explained] == []


def test_the_map_shows_every_package():
    shown = (ROOT / "docs" / "map.md").read_text()
    packages = {str(Path(path).parent) for path in files() if path.endswith("/__init__.py") and path.count("/") == 2}

    ours = {package for package in packages if package.split("/")[0] in MAPPED}
    silent = {package for package in ours if not package.endswith(("/migrations", "/management", "/templatetags"))}

    assert {package for package in silent if f"`{package}/" not in shown} == set()


def test_decisions_are_numbered_without_a_gap():
    numbers = [int(path.name[:4]) for path in DECISIONS]

    assert numbers == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("document", DECISIONS, ids=named)
def test_a_decision_says_why_what_and_what_follows(document):
    assert re.findall(r"^## (.+)$", document.read_text(), re.MULTILINE) == ["Context", "Decision", "Consequence"]


def test_every_picture_is_small_and_shown():
    texts = "".join(document.read_text() for document in DOCS)
    pictures = sorted((ROOT / "docs" / "images").glob("*"))

    heavy = [picture.name for picture in pictures if picture.stat().st_size > 300_000]
    hidden = [picture.name for picture in pictures if f"images/{picture.name}" not in texts]

    assert pictures
    assert (heavy, hidden) == ([], [])
