"""Finance posts payments and takes them back, after seeing what that does."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Payment
from accounts.services.payments import reverse_payment
from tests.factories import NOW, TODAY, again, pay, place_account
from tests.support.promises import promise, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
OF_NOBODY = {"actor": None, "now": NOW}
KEY = "0e9f2f0c-8d3a-4a39-9f43-5a4be4b5b002"


@pytest.fixture
def account(team):
    return place_account(owed="1200.00", due="400.00")


@pytest.fixture
def desk(client, finance):
    client.force_login(finance)
    return client


def sent(account, **said):
    return {
        "reference": account.reference,
        "amount": "200.00",
        "method": "direct_debit",
        "received_on": "2026-11-18",
        "bank_reference": "BACS 77",
        "idempotency": KEY,
    } | said


def post(client, account, **said):
    return client.post(reverse("payment-post"), sent(account, **said))


def test_posting_shows_first_what_it_will_do(desk, account):
    shown = post(desk, account).content.decode()

    assert "Post this payment?" in shown
    assert "1,200.00" in shown
    assert "1,000.00" in shown
    assert not Payment.objects.exists()


def test_a_confirmed_payment_is_posted_once_and_its_receipt_says_what_happened(desk, account, agent):
    made = promise(account, agent)

    answer = post(desk, account, confirmed="1")
    again_sent = post(desk, account, confirmed="1")

    payment = Payment.objects.get(account=account)
    assert answer.url == again_sent.url == reverse("payment", args=[payment.pk])
    assert (again(account).balance, state_of(made)) == (1000, ("active", "kept_provisionally"))
    receipt = desk.get(answer.url).content.decode()
    assert "1,000.00" in receipt
    assert "kept provisionally" in receipt
    assert "Principal <" in receipt
    assert payment.entry.actor.username in receipt


def test_a_payment_is_posted_by_the_creditors_reference_where_one_account_has_it(desk):
    account = place_account(external_reference="HL-77")

    assert account.reference in post(desk, account, reference="hl-77").content.decode()

    place_account(jurisdiction="AU", external_reference="HL-77")
    assert "Several accounts have this" in post(desk, account, reference="HL-77").content.decode()


def test_the_second_answer_to_a_double_click_says_too_that_the_payment_is_posted(desk, account):
    """The browser shows only the second; by then the amount looks like more than twice what is left."""
    post(desk, account, confirmed="1", amount="1100.00")
    desk.get(reverse("payments"))

    shown = desk.post(reverse("payment-post"), sent(account, confirmed="1", amount="1100.00"), follow=True)

    assert shown.request["PATH_INFO"] == reverse("payment", args=[Payment.objects.get().pk])
    assert "The payment is posted." in shown.content.decode()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"reference": "A-nowhere"}, "No account has this reference."),
        ({"amount": "0"}, "Write an amount above zero."),
        ({"received_on": "2026-11-20"}, "has not come yet"),
        ({"received_on": "+5", "amount": "999,999"}, "has not come yet"),
        ({"bank_reference": "4111 1111 1111 1111"}, "looks like a card number"),
    ],
)
def test_what_can_not_be_posted_comes_back_with_its_reason(said, words, desk, account):
    shown = post(desk, account, confirmed="1", **said).content.decode()

    assert words in shown
    assert not Payment.objects.exists()


def test_more_than_is_owed_is_pointed_out_before_it_is_posted(desk, account):
    shown = post(desk, account, amount="1300.00").content.decode()

    assert "100.00 GBP more than is owed" in shown


def test_a_day_to_come_is_refused_on_the_first_step(desk, account):
    shown = post(desk, account, received_on="2026-11-20").content.decode()

    assert "has not come yet" in shown
    assert "Post this payment?" not in shown


def test_the_same_payment_again_needs_a_look_at_the_first_one(desk, account):
    post(desk, account, confirmed="1")
    first = Payment.objects.get()
    again_typed = {"idempotency": "0e9f2f0c-8d3a-4a39-9f43-5a4be4b5b009"}

    shown = post(desk, account, **again_typed).content.decode()
    unticked = post(desk, account, confirmed="1", **again_typed).content.decode()

    assert "The same payment may be posted already" in shown
    assert reverse("payment", args=[first.pk]) in shown
    assert "Tick that you have looked" in unticked
    assert Payment.objects.count() == 1

    post(desk, account, confirmed="1", sure="1", **again_typed)

    assert Payment.objects.count() == 2


def test_the_day_that_was_read_is_the_day_that_is_confirmed(desk, account):
    """`-1` confirmed after midnight would be another day."""
    shown = post(desk, account, received_on="-1").content.decode()

    assert '<input type="hidden" name="received_on" value="2026-11-17">' in shown
    assert '<input type="hidden" name="amount" value="200.00">' in shown


def test_money_of_before_the_account_came_to_us_needs_a_look(desk, account):
    before = (account.opened_on - timedelta(days=1)).isoformat()
    unticked = post(desk, account, received_on=before, confirmed="1").content.decode()
    assert "the creditor may have counted this money already" in unticked
    assert not Payment.objects.exists()

    post(desk, account, received_on=before, confirmed="1", sure="1")
    assert Payment.objects.count() == 1


def test_a_payment_that_was_taken_back_may_come_again(desk, account):
    reverse_payment(payment_id=pay(account, "200.00", method="direct_debit").pk, reason="error", on=TODAY, **OF_NOBODY)

    shown = post(desk, account).content.decode()

    assert "may be posted already" not in shown


def test_far_more_than_is_owed_needs_a_second_look(desk, account):
    shown = post(desk, account, amount="999,999").content.decode()
    post(desk, account, amount="999,999", confirmed="1")

    assert "more than twice what is owed" in shown
    assert not Payment.objects.exists()


def test_a_payment_is_taken_back_with_a_reason(desk, account, agent):
    made = promise(account, agent)
    payment = pay(account, "200.00", method="cash")
    assert state_of(made)[0] == "completed"
    address = reverse("payment-reverse", args=[payment.pk])

    assert "1,200.00" in desk.get(address).content.decode()
    answer = desk.post(address, {"reason": "dishonour", "on": "2026-11-18"})

    assert answer.status_code == 302
    assert (again(payment).state, again(account).balance) == ("reversed", 1200)
    assert state_of(made) == ("active", "due")
    assert "taken back already" in desk.get(address).content.decode()


def test_the_second_answer_to_a_double_click_says_too_that_the_money_is_taken_back(desk, account):
    address = reverse("payment-reverse", args=[pay(account, "200.00", method="cash").pk])
    said = {"reason": "dishonour", "on": "2026-11-18"}
    desk.post(address, said, follow=True)

    shown = desk.post(address, said, follow=True).content.decode()

    assert "The payment is taken back." in shown
    assert again(account).balance == 1200


def test_without_a_reason_nothing_is_taken_back(desk, account):
    payment = pay(account, "200.00", method="cheque")

    answer = desk.post(reverse("payment-reverse", args=[payment.pk]), {"reason": "", "on": "2026-11-18"})

    assert answer.status_code == 200
    assert again(payment).state == "posted"


def test_payments_are_found_by_a_reference_that_stays_out_of_the_address(desk, account):
    other = place_account()
    pay(account, "200.00")
    pay(other, "310.00")

    shown = desk.post(reverse("payments"), {"words": account.reference.lower()}).content.decode()

    assert "200.00" in shown
    assert "310.00" not in shown
    assert "310.00" in desk.get(reverse("payments")).content.decode()


@pytest.mark.parametrize("role", ["agent", "manager", "compliance", "admin"])
def test_only_finance_touches_money(role, client, request, account):
    client.force_login(request.getfixturevalue(role))
    payment = pay(account, "200.00")

    for name, args in (
        ("payments", []),
        ("payment-post", []),
        ("payment", [payment.pk]),
        ("payment-reverse", [payment.pk]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 403
    assert post(client, account, confirmed="1").status_code == 403
    assert Payment.objects.count() == 1
    assert payment.received_on == TODAY
