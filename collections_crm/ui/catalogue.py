"""The Spanish catalogue: every sentence of the code and templates, in one sorted file without line numbers.

`bin/messages` brings it up to date and lists what has no Spanish yet. `--fill other.po` takes missing Spanish from
another file; `--check` only looks, and fails when something is missing.
"""

from __future__ import annotations

import argparse
import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOGUE = ROOT / "locale" / "es_MX" / "LC_MESSAGES" / "django.po"
FLOORS = ["accounts", "communications", "arrangements", "collections_crm"]
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

HEADER = """\
# Spanish of Mexico. The sentences come from bin/messages, their Spanish from people.
msgid ""
msgstr ""
"Language: es_MX\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _found() -> Iterator[tuple]:
    for floor in FLOORS:
        yield from extract_from_dir(
            ROOT / floor, method_map=[("**/migrations/**", "ignore"), ("**.py", "python")], keywords=KEYWORDS
        )
        for path in sorted((ROOT / floor).rglob("*.py")):
            for line, *said in within_f_strings(path.read_text()):
                yield (str(path), line, *said)
    yield from extract_from_dir(
        ROOT / "templates", method_map=[("**.html", "enmerkar.extract:extract_django")], keywords=KEYWORDS
    )


def within_f_strings(source: str) -> Iterator[tuple]:
    """What is asked for inside an f-string: Python 3.11 reads it as one piece, and babel sees no call in it."""
    if "{_(" not in source and "gettext(" not in source:
        return
    for text in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.JoinedStr)):
        for part in (part for part in text.values if isinstance(part, ast.FormattedValue)):
            yield from extract("python", io.BytesIO(ast.unparse(part.value).encode()), keywords=KEYWORDS)


def in_code() -> Catalog:
    """Every sentence that the code and the templates ask gettext for, without any Spanish."""
    catalogue = _empty()
    for _, _, msgid, _, context in _found():
        catalogue.add(msgid, context=context)
    return catalogue


def kept(path: Path = CATALOGUE) -> Catalog:
    if not path.exists():
        return _empty()
    with path.open("rb") as file:
        return read_po(file, locale="es_MX")


def _empty() -> Catalog:
    return Catalog(locale="es_MX", fuzzy=False)


def merged(wanted: Catalog, *sources: Catalog) -> Catalog:
    """The wanted sentences, each with the first Spanish that one of the sources has for it."""
    for message in wanted:
        if message.id:
            message.string = next(
                (
                    known.string
                    for known in (source.get(message.id, message.context) for source in sources)
                    if is_said(known)
                ),
                message.string,
            )
    return wanted


def is_said(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    said = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return all(said)


def unsaid(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id and not is_said(message)]


def write(catalogue: Catalog, path: Path = CATALOGUE) -> None:
    """Sorted, unwrapped and without dates or places in the code, so that two people's changes rarely touch."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, catalogue, width=0, sort_output=True, no_location=True, omit_header=True, ignore_obsolete=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/messages", description=__doc__)
    parser.add_argument(
        "--fill", type=Path, nargs="*", default=[], help="other catalogues to take missing Spanish from"
    )
    parser.add_argument("--check", action="store_true", help="change nothing; fail when Spanish is missing")
    options = parser.parse_args()
    catalogue = merged(in_code(), kept(), *(kept(path) for path in options.fill))
    if not options.check:
        write(catalogue)
    missing = unsaid(catalogue)
    for message in missing:
        say(f"no Spanish: {message.context + ' | ' if message.context else ''}{message.id}")
    say(f"{len(catalogue)} sentences, {len(missing)} without Spanish")
    return 1 if options.check and missing else 0


if __name__ == "__main__":
    sys.exit(main())
