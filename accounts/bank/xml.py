"""XML of banks: parsed without definitions of its own, found by local names whatever the version's namespace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from accounts.bank.refusals import BankFileRefused


def parsed(content: bytes) -> Element:
    """The root, its elements named without namespace. A file with a DOCTYPE is refused before anything is expanded."""
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", content, re.IGNORECASE):
        raise BankFileRefused("has_doctype", "-")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - without a DOCTYPE there is no entity to expand
    except (ElementTree.ParseError, LookupError, ValueError) as damage:
        raise BankFileRefused("damaged", f"line {getattr(damage, 'position', (1, 0))[0]}", problem=damage) from damage
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    return root


def text_of(element: Element | None, path: str) -> str:
    """The text at a path below, without blanks around it; empty where there is none."""
    if element is None:
        return ""
    found = element.find(path)
    return (found.text or "").strip() if found is not None else ""


def first_text(element: Element | None, *paths: str) -> str:
    return next((text for path in paths if (text := text_of(element, path))), "")


def below(element: Element, *tags: str) -> Iterator[Element]:
    """Direct children with one of these names."""
    return (child for child in element if child.tag in tags)
