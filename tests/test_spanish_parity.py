"""Spanish is as complete as English: no sentence without it, none guessed, none that lost a number on the way."""

import re

import pytest
from babel.messages.catalog import Message
from django.urls import reverse

from accounts.models import User
from collections_crm.ui.catalogue import in_code, is_said, kept

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+[^}]*\}|%[sd]")
# Words that are the same in both languages, whoever translates them.
LETTERS = re.compile(r"[^\W\d_]{2,}")


def texts(said) -> list[str]:
    return list(said) if isinstance(said, tuple | list) else [said]


@pytest.fixture(scope="module")
def spanish() -> list[tuple[Message, Message | None]]:
    """Every sentence of the code, with what the catalogue has for it."""
    catalogue = kept()
    return [(message, catalogue.get(message.id, message.context)) for message in in_code() if message.id]


def test_every_sentence_has_its_spanish(spanish):
    missing = [wanted.id for wanted, known in spanish if not is_said(known)]

    assert missing == []


def test_no_spanish_is_only_guessed(spanish):
    assert [wanted.id for wanted, known in spanish if known and known.fuzzy] == []


def test_every_number_and_name_in_a_sentence_is_also_in_its_spanish(spanish):
    lost = [
        (english, in_spanish)
        for wanted, known in spanish
        if known
        for english, in_spanish in zip(texts(wanted.id), texts(known.string), strict=True)
        if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(in_spanish))
    ]

    assert lost == []


def test_at_most_one_sentence_in_twenty_reads_the_same_in_both(spanish):
    worded = [(wanted, known) for wanted, known in spanish if known and LETTERS.search(texts(wanted.id)[0])]
    same = [wanted.id for wanted, known in worded if texts(wanted.id)[0] == texts(known.string)[0]]

    assert len(same) <= len(worded) / 20, same


def test_a_page_in_spanish_has_no_english_left_in_its_frame(client, db):
    agent = User.objects.create_user("ana", password="x", language="es-mx")
    client.force_login(agent)

    page = client.get(reverse("password_change")).text

    for english in ("Skip to", "Queue", "Search", "Log out", "Change password", "Commands", "Keys", "Close", "Inbox"):
        assert f">{english}" not in page
        assert f'"{english}' not in page
    assert "Cerrar sesión" in page
    assert "Cambiar contraseña" in page
