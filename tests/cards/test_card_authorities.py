"""Authorities to charge a card: used no more often than the law lets us, in full, and never against a hold."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.foundation.errors import Refused
from accounts.models import CardAttempt, CardAuthority, HoldKind, Payment
from accounts.services.card_authorities import end_authority, note_authority, record_attempt
from accounts.services.holds import place_hold
from tests.factories import NOW, TODAY, again, make_portfolio, make_team, make_user, place_account

pytestmark = pytest.mark.django_db
DUE = Decimal("400.00")


@pytest.fixture
def finance(team):
    return make_user("finance", team)


def lent(place="UK", product="payday", **fields):
    return place_account(portfolio=make_portfolio(place, product), **fields)


def given(account, agent, **more):
    said = {"party_id": account.parties.get().pk, "given_on": TODAY, "in_part": False} | more
    return note_authority(account_id=account.pk, actor=agent, now=NOW, **said)


def tried(account, finance, result="failed", amount=DUE, now=NOW, **more):
    said = {"amount": amount, "on": TODAY, "result": result} | more
    return record_attempt(account_id=account.pk, actor=finance, now=now, **said)


def test_what_is_collected_is_posted_and_the_count_begins_anew(agent, finance):
    account = lent()
    given(account, agent)
    tried(account, finance)
    attempt = tried(account, finance, "collected")

    assert (attempt.payment.amount, attempt.payment.method) == (DUE, "card")
    assert again(account).due_now == 0
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(("place", "product"), [("UK", "payday"), ("AU", "payday")])
def test_after_two_failures_the_customer_is_asked_first(agent, finance, place, product):
    account = lent(place, product)
    given(account, agent)
    for _time in range(2):
        tried(account, finance)

    with pytest.raises(Refused, match="failed 2 times in a row"):
        tried(account, finance)
    given(account, agent)
    assert tried(account, finance).pk
    assert CardAuthority.objects.filter(account=account, ended_why="renewed").count() == 1


@pytest.mark.parametrize(("place", "product"), [("US", "payday"), ("UK", "loan")])
def test_elsewhere_and_on_other_loans_no_limit_is_held(agent, finance, place, product):
    account = lent(place, product)
    given(account, agent)
    for _time in range(3):
        tried(account, finance)

    assert CardAttempt.objects.count() == 3


def test_the_database_refuses_the_third_whoever_writes_it(agent, finance):
    account = lent()
    authority = given(account, agent)
    row = {"authority": authority, "account": account, "amount": DUE, "currency": "GBP", "on": TODAY}
    row |= {"result": "failed", "tried_by": finance, "tried_at": NOW}
    for _time in range(2):
        CardAttempt.objects.create(**row)

    with pytest.raises(DatabaseError, match="asked first"), transaction.atomic():
        CardAttempt.objects.create(**row)
    end_authority(account_id=account.pk, actor=agent, now=NOW)
    with pytest.raises(DatabaseError, match="no longer in force"), transaction.atomic():
        CardAttempt.objects.create(**row)


def test_who_takes_it_back_is_charged_nothing_more_by_whoever_hears_it(agent, finance):
    account = lent()
    given(account, agent)
    end_authority(account_id=account.pk, actor=finance, now=NOW)

    with pytest.raises(Refused, match="No card authority"):
        tried(account, finance)


def test_nothing_is_charged_in_part_unless_they_agreed_and_never_more_than_is_due(agent, finance):
    account = lent()
    given(account, agent)
    with pytest.raises(Refused, match="charged in part"):
        tried(account, finance, amount=Decimal("100.00"))
    with pytest.raises(Refused, match="No more than what is due"):
        tried(account, finance, amount=Decimal("400.01"))
    given(account, agent, in_part=True)
    assert tried(account, finance, "collected", amount=Decimal("100.00")).payment.amount == 100


def test_what_is_in_dispute_is_not_charged(agent, finance):
    account = lent()
    given(account, agent)
    place_hold(kind=HoldKind.DISPUTE, account_id=account.pk, amount=Decimal("150.00"), actor=None, now=NOW)

    with pytest.raises(Refused, match=r"250\.00 GBP"):
        tried(account, finance)
    assert tried(account, finance, "collected", amount=Decimal("250.00")).payment.amount == 250


@pytest.mark.parametrize("kind", [HoldKind.BREATHING_SPACE, HoldKind.DISPUTE, HoldKind.HARDSHIP])
def test_a_hold_that_forbids_demands_forbids_charging(agent, finance, kind):
    account = lent()
    given(account, agent)
    place_hold(kind=kind, account_id=account.pk, actor=None, now=NOW)

    with pytest.raises(Refused, match="Nothing is charged while"):
        tried(account, finance)


def test_only_finance_charges_and_only_who_works_the_account_notes_it(agent, finance):
    account = lent()
    with pytest.raises(Refused, match="Your role"):
        given(account, finance)
    given(account, agent)
    with pytest.raises(Refused, match="Your role"):
        tried(account, agent)
    with pytest.raises(Refused, match="tried between"):
        tried(account, finance, on=TODAY + timedelta(days=1))


def test_it_is_done_on_the_account_page(client, settings, team):
    settings.FROZEN_NOW = NOW
    account = lent()
    make_team(account.portfolio)
    agent, finance = make_user("agent", team), make_user("finance", team)
    party = account.parties.get().pk
    client.force_login(agent)
    said = {"party": party, "given_on": "2026-11-18"}
    assert client.post(reverse("account-act", args=[account.reference, "card-authority"]), said).status_code == 302

    client.force_login(finance)
    address = reverse("account-act", args=[account.reference, "card-attempt"])
    for number in range(2):
        said = {"amount": "400.00", "on": "2026-11-18", "result": "failed", "idempotency": f"{number}" * 32}
        assert client.post(address, said).status_code == 302
    refused = client.post(address, said | {"idempotency": "9" * 32})
    assert refused.status_code == 422
    assert "CONC 7.6.12R" in refused.content.decode()
    panel = client.get(reverse("account-signs", args=[account.reference])).content.decode()
    assert "failed 2 of 2 times" in panel
    assert "How they are" not in panel
