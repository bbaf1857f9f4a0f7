"""The account page offers what can be done, says quietly when the rest can be, and shows what the file said."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Hold, Note, Origin
from tests.communications.calls import ring, verify
from tests.factories import NOW, TODAY, make_limit, place_account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(settings):
    settings.FROZEN_NOW = NOW
    make_limit("agent")


@pytest.fixture
def see(client):
    def page(user, account):
        client.force_login(user)
        return client.get(reverse("account", args=[account.reference])).text

    return page


def test_a_promise_is_offered_to_an_agent_only_with_the_verified_person_on_the_line(see, agent):
    account = place_account(owner=agent)

    before = see(agent, account)
    contact = ring(account, agent)
    verify(contact, agent)
    after = see(agent, account)

    assert 'data-key="P"' not in before
    assert "A promise is taken while the verified person is on the line, or by a manager." in before
    assert 'data-key="P"' in after
    assert "A promise is taken while" not in after


def test_a_manager_may_always_take_a_promise(see, manager, agent):
    assert 'data-key="P"' in see(manager, place_account(owner=agent))


def test_writing_is_offered_only_where_somebody_can_be_written_to(see, agent):
    reachable = see(agent, place_account(owner=agent, phone="020 7946 0123"))
    unreachable = see(agent, place_account(owner=agent, phone=None))

    assert 'data-key="T"' in reachable
    assert 'data-key="M"' not in reachable
    assert 'data-key="T"' not in unreachable
    assert "Nobody can be written to" in unreachable


def test_hardship_has_a_form_of_its_own_and_keeps_what_was_said(client, see, agent):
    account = place_account(owner=agent)
    url = reverse("account-act", args=[account.reference, "hardship"])
    assert url in see(agent, account)

    drawn = client.get(url).text
    said = {"note": "40 a month from January", "reason": "customer_told", "party": account.parties.get().pk}
    client.post(url, said)

    assert 'name="kind"' not in drawn
    assert Hold.objects.get().kind == "hardship"
    assert Note.objects.get().text == "40 a month from January"


def test_a_dispute_without_words_is_not_kept(client, agent):
    account = place_account(owner=agent)
    client.force_login(agent)

    client.post(reverse("account-act", args=[account.reference, "dispute"]), {"reason": "customer_told"})

    assert not Hold.objects.exists()


def test_what_the_file_said_of_the_credit_stands_on_the_account(see, agent):
    account = place_account(owner=agent)
    Origin.objects.create(
        account=account, creditor="First Bank of Ohio", status="CHGOFF", originated_on=TODAY, lent=Decimal("25000.00")
    )

    page = see(agent, account)

    assert "First Bank of Ohio" in page
    assert "CHGOFF" in page
    assert "25,000.00" in page


def test_days_past_due_are_grouped_like_every_other_number(see, agent):
    account = place_account(owner=agent)
    type(account).objects.filter(pk=account.pk).update(oldest_due_on=TODAY - timedelta(days=12935))

    assert "12,935 days past due" in see(agent, account)


@pytest.mark.parametrize("name", ["message-write", "escalate", "promise", "paid-claim", "trace", "notice-record"])
def test_every_page_about_an_account_leads_back_in_the_same_words(client, agent, name):
    account = place_account(owner=agent, reference="A-77")
    client.force_login(agent)

    page = client.get(reverse(name, args=[account.reference])).text

    assert f'<p class="crumbs"><a href="{reverse("account", args=["A-77"])}">← Account A-77</a></p>' in page
