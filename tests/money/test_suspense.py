"""Money whose account nobody knows waits in suspense, and is posted once somebody says whose it is."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.foundation.errors import Refused
from accounts.models import Event, LedgerEntry, Payment
from accounts.services.suspense import post_identified, take_unidentified
from collections_crm.selectors.suspense import suggestions, waiting
from tests.communications.calls import ring
from tests.factories import NOW, TODAY, again, make_portfolio, place_account
from tests.support.logged_in import as_user
from tests.support.promises import promise, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def account(team):
    return place_account(owed="1200.00", due="400.00")


@pytest.fixture
def desk(finance):
    return as_user(finance)


def came(amount="200.00", currency="GBP", reference="RUIZ A RENT", on=TODAY, method="transfer"):
    money = {"amount": Decimal(amount), "currency": currency, "method": method, "received_on": on}
    return take_unidentified(**money, reference=reference, source="test", source_key=uuid4().hex, actor=None, now=NOW)


def give(payment, account):
    return post_identified(payment_id=payment.pk, account_id=account.pk, actor=None, now=NOW)


def code_of(act, *given):
    with pytest.raises(Refused) as refusal:
        act(*given)
    return refusal.value.code


def test_money_of_nobody_is_kept_and_touches_no_account(account):
    payment = came()

    assert (payment.state, payment.account, payment.entry) == ("suspense", None, None)
    assert not LedgerEntry.objects.filter(kind="payment").exists()
    assert Event.objects.filter(kind="payment.suspend", subject_id=payment.pk).exists()


def test_once_it_is_known_whose_it_is_it_counts_from_the_day_on_which_it_came(account, agent):
    made = promise(account, agent, "200.00", in_days=2)
    payment = came(on=TODAY - timedelta(days=1))

    given = give(payment, account)

    assert (given.state, given.account_id) == ("cleared", account.pk)
    assert given.entry.effective_on == TODAY - timedelta(days=1)
    assert again(account).balance == 1000
    # It came before anything was agreed: the promise still waits.
    assert state_of(made) == ("active", "scheduled")


def test_money_that_came_in_time_and_was_found_later_keeps_a_promise(account, agent):
    made = promise(account, agent, "200.00", in_days=2)

    give(came(), account)

    assert state_of(made) == ("completed", "kept")


def test_the_same_money_is_given_once(account, team):
    payment = came()
    give(payment, account)
    give(payment, account)

    assert again(account).balance == 1000
    assert code_of(give, payment, place_account()) == "payment_identified"


def test_what_can_not_be_is_refused(account):
    assert code_of(give, came(currency="MXN"), account) == "payment_other_currency"
    for wrong, code in (
        ({"amount": "0.00"}, "payment_not_positive"),
        ({"on": TODAY + timedelta(days=2)}, "payment_in_the_future"),
        ({"reference": "  "}, "payment_without_reference"),
    ):
        with pytest.raises(Refused) as refusal:
            came(**wrong)
        assert refusal.value.code == code


def test_whose_it_may_be_is_suggested_with_the_reason_and_the_surest_first(account, agent, finance):
    promised, due = place_account(due="200.00"), place_account(due="200.00")
    promise(promised, agent, "200.00", in_days=2)
    place_account(portfolio=make_portfolio("MX"), due="200.00")
    payment = came(reference=f"RUIZ {account.reference.lower()} thank you")

    found = suggestions(payment, finance)

    assert [one.account for one in found] == [account, promised, due]
    assert found[0].reasons == ["The bank names its reference."]
    assert len(found[1].reasons) == 2


def test_how_long_it_waits_is_told_by_currency(account):
    for days in (0, 5, 6, 31):
        came(on=TODAY - timedelta(days=days))
    came("1.00", "MXN")

    pounds, pesos = waiting(TODAY)
    assert (pounds.count, pounds.amount, pounds.fresh, pounds.aged, pounds.old) == (4, 800, 2, 1, 1)
    assert (pesos.currency, pesos.fresh) == ("MXN", 1)


def test_finance_takes_it_in_finds_whose_it_is_and_posts_it_after_a_look(desk, account):
    key = uuid4()
    said = {"amount": "200.00", "currency": "GBP", "method": "transfer", "received_on": "2026-11-18"}
    for _time in range(2):
        desk.post(reverse("suspense-take"), said | {"bank_reference": account.reference, "idempotency": key})
    payment = Payment.objects.get()
    listed = desk.get(reverse("suspense")).content.decode()
    address = reverse("payment-identify", args=[payment.pk])
    shown = desk.get(address).content.decode()
    asked = desk.post(address, {"reference": account.reference}).content.decode()
    assert payment.reference in listed
    assert "The bank names its reference." in shown
    assert "1,000.00" in asked
    assert again(account).balance == 1200

    answer = desk.post(address, {"reference": account.reference, "confirmed": "1"})

    assert answer.headers["Location"] == reverse("payment", args=[payment.pk])
    assert again(account).balance == 1000
    assert desk.get(address).headers["Location"] == reverse("payment", args=[payment.pk])


def test_nothing_of_somebody_on_the_line_is_suggested_before_they_are_verified(desk, account, finance):
    payment = came(reference=account.reference)
    ring(account, finance)
    address = reverse("payment-identify", args=[payment.pk])

    shown = desk.get(address).content.decode()
    asked = desk.post(address, {"reference": account.reference})

    assert "The bank names its reference." not in shown
    assert asked.status_code == 403


def test_an_account_that_nobody_has_is_asked_for_again(desk, account):
    answer = desk.post(reverse("payment-identify", args=[came().pk]), {"reference": "A-nobody"})

    assert answer.status_code == 422
    assert "No account has this reference." in answer.content.decode()
    assert again(account).balance == 1200


def test_what_looks_like_the_same_payment_needs_a_look_first(desk, account):
    give(came(), account)
    second = came()
    address, said = reverse("payment-identify", args=[second.pk]), {"reference": account.reference, "confirmed": "1"}

    unticked = desk.post(address, said).content.decode()
    assert "Tick that you have looked" in unticked
    assert again(account).balance == 1000

    desk.post(address, said | {"sure": "1"})
    assert again(account).balance == 800


@pytest.mark.parametrize("name", ["suspense", "suspense-take"])
def test_only_finance_sees_it(as_agent, name):
    assert as_agent.get(reverse(name)).status_code == 403
