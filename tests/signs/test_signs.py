"""Signs of difficulty: seen, explained, set aside, and decisive of nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Sign
from accounts.services.ledger import post_entry
from accounts.services.notes import write_note
from accounts.services.payments import reverse_payment
from accounts.services.signs import set_aside
from accounts.stress import tells_of_difficulty
from collections_crm.models import QueueEntry
from collections_crm.selectors.signs import signs_of
from collections_crm.work.refresh import refresh_queue
from communications.services.received_texts import receive_text
from tests.factories import NOW, TODAY, make_user, pay, place_account

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _frozen(settings):
    settings.FROZEN_NOW = NOW


@pytest.fixture
def account(agent):
    return place_account(owner=agent, phone="020 7946 0321", days_late=200, now=NOW - 150 * DAY)


def codes(account, now=NOW):
    return [sign.code for sign in signs_of(account, now=now)]


def returned(account, *days_ago):
    for days in days_ago:
        paid = pay(account, "10.00", TODAY - (days + 2) * DAY, now=NOW - (days + 2) * DAY)
        reverse_payment(payment_id=paid.pk, reason="dishonour", on=TODAY - days * DAY, actor=None, now=NOW - days * DAY)


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("She lost her job in May.", True),
        ("PERDI MI TRABAJO, no me alcanza", True),
        ("No puedo pagar hasta el lunes", True),
        ("Tengo depresion", True),
        ("He will pay on Friday.", False),
        ("Silly question about the bill", False),
        ("She still works at the hospitality group", False),
    ],
)
def test_words_are_found_whole_accents_and_capitals_aside(text, tells):
    assert tells_of_difficulty(text) is tells


def test_nothing_happened_no_sign(account):
    assert codes(account) == []


def test_two_returned_payments_are_a_sign_one_is_none(account):
    returned(account, 40)
    assert codes(account) == []
    returned(account, 10)
    (sign,) = signs_of(account, now=NOW)
    assert (sign.code, sign.times, sign.last_on) == (Sign.DISHONOURS, 2, TODAY - 10 * DAY)
    assert codes(account, NOW + 60 * DAY) == []


def test_words_in_notes_and_texts_are_a_sign(account, agent):
    write_note(account_id=account.pk, text="Says he was made redundant.", actor=agent, now=NOW - 3 * DAY)
    receive_text(sender="+442079460321", body="I am ill", provider_reference="a", now=NOW - DAY)

    (sign,) = signs_of(account, now=NOW)
    assert (sign.code, sign.times) == (Sign.WORDS, 2)


def test_owed_more_with_nothing_paid_is_a_sign(account):
    given = {"account": account, "kind": "fee", "source": "test", "actor": None, "now": NOW - 5 * DAY}
    post_entry(fees=Decimal("150.00"), effective_on=TODAY - 5 * DAY, source_key="1", **given)
    assert codes(account) == [Sign.RISING]

    pay(account, "5.00")
    assert codes(account) == []


def test_set_aside_it_comes_back_with_what_happens_afterwards(account, agent):
    returned(account, 40, 10)
    set_aside(account_id=account.pk, sign="dishonours", said="Changed banks.", actor=agent, now=NOW)
    assert codes(account) == []

    later = NOW + 20 * DAY
    for days in (18, 19):
        paid = pay(account, "10.00", TODAY + days * DAY, now=NOW + days * DAY)
        at = NOW + days * DAY
        reverse_payment(payment_id=paid.pk, reason="dishonour", on=TODAY + days * DAY, actor=None, now=at)
    assert codes(account, later) == [Sign.DISHONOURS]


def test_a_sign_changes_no_rank(account, agent):
    def rank():
        refresh_queue([account.pk], now=NOW)
        return QueueEntry.objects.values("tab", "priority", "parts").get(pk=account.pk)

    before = rank()
    write_note(account_id=account.pk, text="Lost her job, no me alcanza.", actor=agent, now=NOW - DAY)
    assert codes(account) == [Sign.WORDS]
    assert rank() == before


def test_the_page_tells_it_to_who_works_the_account_and_never_the_words(client, account, agent, team):
    write_note(account_id=account.pk, text="Depression, says the sister.", actor=agent, now=NOW - DAY)
    panel = reverse("account-signs", args=[account.reference])
    client.force_login(agent)
    assert f'hx-get="{panel}"' in client.get(reverse("account", args=[account.reference])).content.decode()
    page = client.get(panel, headers={"HX-Request": "true"}).content.decode()
    assert "words of difficulty" in page
    assert "Depression" not in page
    assert "MoneyHelper" in page
    assert (
        "There are signs of difficulty" in client.get(reverse("negotiate", args=[account.reference])).content.decode()
    )

    client.force_login(make_user("finance", team))
    assert "words of difficulty" not in client.get(panel).content.decode()


def test_it_is_set_aside_on_its_form(client, account, agent):
    returned(account, 40, 10)
    client.force_login(agent)
    address = reverse("account-act", args=[account.reference, "set-aside"])
    assert client.post(address, {"sign": "dishonours", "note": ""}).status_code == 422
    assert client.post(address, {"sign": "dishonours", "note": "Changed banks."}).status_code == 302
    assert codes(account) == []
