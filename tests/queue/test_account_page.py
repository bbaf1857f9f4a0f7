"""The account page: what it says, to whom, and what it costs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import HoldKind, Note
from accounts.services.holds import place_hold
from accounts.services.payments import reverse_payment
from collections_crm.models import Lease
from collections_crm.selectors.timeline import timeline
from collections_crm.selectors.timeline_words import told
from collections_crm.work.leases import LEASE_TIME, take_next
from communications.models import Contact
from tests.communications.calls import verify
from tests.factories import NOW, make_party, make_portfolio, make_team, make_user, pay, place_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def shown(client, account) -> str:
    answer = client.get(reverse("account", args=[account.reference]))
    assert answer.status_code == 200
    return answer.content.decode()


def call(agent, account) -> Contact:
    party = account.parties.get()
    contact = Contact.objects.create(
        person_id=party.person_id,
        party=party,
        channel="call",
        direction="in",
        purpose="inbound",
        agent=agent,
        caller_role="primary",
        started_at=NOW,
        local_on=NOW.date(),
    )
    contact.account_contacts.create(account=account)
    return contact


def test_of_several_reasons_the_heading_tells_the_one_that_lasts(client, agent):
    account = place_account(owner=agent)
    place_hold(kind=HoldKind.INSOLVENCY, account_id=account.pk, actor=agent, now=NOW)
    place_hold(kind=HoldKind.PAUSE, account_id=account.pk, actor=agent, now=NOW)
    client.force_login(agent)
    badge = client.get(reverse("account", args=[account.reference])).context["page"].reach.badge

    assert badge.verdict == "refuse"
    assert "insolvent" in badge.reason.lower()


def test_the_accounts_own_person_comes_before_whoever_stands_in_for_them(client, agent):
    account = place_account(jurisdiction="US", owner=agent, phone="+12125550123")
    surety = make_party("Sam Surety")
    place_account(jurisdiction="MX", party=surety)
    account.account_parties.create(party=surety, role="guarantor")
    client.force_login(agent)
    page = client.get(reverse("account", args=[account.reference])).context["page"]

    assert page.reach.ways[0].role == "primary"
    assert page.reach.zones == ["America/New_York"]


def test_money_that_came_back_stands_at_its_own_time_beside_the_payment(as_agent, finance):
    account = place_account(owed="1200.00", due="400.00")
    payment = pay(account, "200.00", method="direct_debit")
    later = NOW + timedelta(days=2)
    reverse_payment(payment_id=payment.pk, reason="dishonour", on=later.date(), actor=finance, now=later)

    lines = [(row.source, row.at, row.by, *told(row)) for row in timeline(account.pk).rows]

    money = [line for line in lines if line[0] in ("payment", "reversal")]
    assert money == [
        (
            "reversal",
            later,
            finance.username,
            "Payment 200.00 GBP taken back",
            "dishonour, Fri 20 Nov 2026 · received Wed 18 Nov 2026",
        ),
        ("payment", NOW, "", "Payment 200.00 GBP", "direct debit, Wed 18 Nov 2026 · taken back Fri 20 Nov 2026"),
    ]


def test_the_page_says_what_is_owed_what_is_next_and_whether_to_call(as_agent):
    account = place_account(owed="1200.00", due="400.00")

    page = shown(as_agent, account)

    assert "400.00" in page
    assert "1,200.00" in page
    assert "MAY CALL" in page
    assert "Harbour Lending" in page


def test_numbers_and_addresses_are_masked_and_the_full_value_is_not_in_the_page(as_agent):
    account = place_account(phone="020 7946 0123", email="juana.ramirez@example.com")

    page = shown(as_agent, account)

    assert "+44 20 •••• 0123" in page
    assert "79460123" not in page
    assert "juana.ramirez@" not in page
    assert "1 High Street" not in page


def test_a_refused_channel_is_shown_with_its_reason(as_agent, agent):
    account = place_account()
    place_hold(kind=HoldKind.INSOLVENCY, party_id=account.parties.get().pk, actor=agent, now=NOW)

    page = shown(as_agent, account)

    assert "DO NOT CALL" in page
    assert "insolvency" in page


def test_before_verification_nothing_about_the_debt_is_in_the_page(as_agent, agent):
    account = place_account(owed="1200.00", due="400.00")
    pay(account, "10.00")
    Note.objects.create(account=account, text="Secret note", author=agent, written_at=NOW)
    call(agent, account)

    page = shown(as_agent, account)

    assert "Verify first" in page
    for secret in ("400.00", "390.00", "1,200.00", "1,190.00", "Harbour Lending", "Secret note", "Payment", "due now"):
        assert secret not in page
    assert f"<title>{account.reference}</title>" in page


@pytest.mark.parametrize("kind", [HoldKind.HARDSHIP, HoldKind.DISPUTE, HoldKind.INSOLVENCY, HoldKind.VULNERABILITY])
def test_before_verification_the_page_does_not_say_what_stands_against_reaching_them(as_agent, agent, kind):
    account = place_account()
    place_hold(kind=kind, account_id=account.pk, actor=agent, now=NOW)
    call(agent, account)

    page = shown(as_agent, account)

    assert "Why is told once somebody is verified." in page
    for word in ("disput", "hardship", "insolven", "vulnerable", "help is being arranged"):
        assert word not in page.split("<main")[1].split("</main>")[0].lower()
    assert (
        account.reference not in as_agent.get(reverse("inbox")).content.decode().split("<main")[1].split("</main>")[0]
    )


def test_after_verification_everything_is_there(as_agent, agent):
    account = place_account(owed="1200.00", due="400.00")
    contact = call(agent, account)
    verify(contact, agent)

    assert "1,200.00" in shown(as_agent, account)


def test_a_strangers_account_is_not_there(client):
    account = place_account()
    elsewhere = make_portfolio("UK", code="elsewhere")
    elsewhere.teams.clear()
    client.force_login(make_user("agent", make_team(elsewhere, name="Others")))

    for name, args in [("account", []), ("account-changes", [0]), ("account-older", [])]:
        assert client.get(reverse(name, args=[account.reference, *args])).status_code == 404


def test_an_advance_is_told_in_its_own_words_and_never_in_default(as_agent):
    portfolio = make_portfolio("US", "mca")
    make_team(portfolio)
    account = place_account(portfolio=portfolio, purchased_amount=Decimal("58959.00"))

    page = shown(as_agent, account)

    assert "34 days behind" in page
    assert "Purchased amount" in page
    assert "Delivered" in page
    assert "past due" not in page.split('id="main"')[1]
    assert "Principal" not in page


def test_other_accounts_of_the_person_are_listed_with_a_total_for_each_currency(as_agent):
    party = make_party()
    first = place_account(party=party, owed="100.00", due="10.00")
    place_account(party=party, owed="50.00", due="10.00")
    abroad = place_account(party=party, owed="70.00", due="10.00", jurisdiction="MX")

    page = shown(as_agent, first)

    assert abroad.reference in page
    assert "150.00" in page
    assert "70.00" in page


def test_the_timeline_merges_everything_newest_first_and_goes_on_without_gaps(agent, team):
    account = place_account()
    pay(account, "10.00")
    place_hold(kind=HoldKind.PAUSE, account_id=account.pk, actor=agent, now=NOW)
    for number in range(40):
        Note.objects.create(account=account, text=f"note {number}", author=agent, written_at=NOW)

    first = timeline(account.pk)
    second = timeline(account.pk, before=first.older)

    seen = [(row.source, row.id) for page in (first, second) for row in page.rows]
    assert len(first.rows) == 30
    assert len(seen) == len(set(seen))
    assert {row.source for page in (first, second) for row in page.rows} >= {"note", "payment", "event"}
    assert second.older == ""


def test_the_page_learns_what_somebody_else_changed_and_not_what_oneself_did(as_agent, agent, manager):
    account = place_account()
    version = as_agent.get(reverse("account", args=[account.reference])).context["page"].version
    url = reverse("account-changes", args=[account.reference, version])
    place_hold(kind=HoldKind.PAUSE, account_id=account.pk, actor=agent, now=NOW)
    assert as_agent.get(url).status_code == 204

    place_hold(kind=HoldKind.DISPUTE, account_id=account.pk, actor=manager, now=NOW)

    answer = as_agent.get(url)
    assert "dispute" in answer.content.decode()
    assert manager.username in answer.content.decode()


def test_the_page_says_who_else_has_the_person_and_looking_keeps_ones_own_lease(
    as_agent, agent, team, client, settings
):
    account = place_account()
    take_next(actor=agent, now=NOW)
    settings.FROZEN_NOW = NOW + timedelta(minutes=10)
    shown(as_agent, account)
    client.force_login(make_user("agent", team))

    page = shown(client, account)

    assert f"{agent.username} is working with this person now" in page
    assert Lease.objects.get().expires_at == NOW + timedelta(minutes=10) + LEASE_TIME


def test_the_account_page_costs_at_most_twenty_queries(as_agent, agent, django_assert_max_num_queries):
    party = make_party()
    account = place_account(party=party, email="juana@example.com")
    place_account(party=party)
    pay(account, "10.00")
    place_hold(kind=HoldKind.PAUSE, account_id=account.pk, actor=agent, now=NOW)
    shown(as_agent, account)

    with django_assert_max_num_queries(20):
        shown(as_agent, account)


def test_the_account_page_in_spanish_has_no_english_headings(client, team):
    client.force_login(make_user("agent", team, language="es-mx"))

    page = shown(client, place_account())

    assert 'lang="es-mx"' in page
