"""Money for what was written off: recovered as far as it goes, never a credit of the customer's."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.services.approvals import approve
from accounts.services.payments import reverse_payment
from tests.factories import NOW, TODAY, again, make_user, pay
from tests.support.cases import make_limits, raise_case
from tests.support.logged_in import as_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def written_off(team, agent):
    make_limits()
    case = raise_case("write_off", agent)
    approve(approval_id=case.approval_id, actor=make_user("manager", team), now=NOW)
    account = again(case.account)
    assert (account.state, account.balance) == ("written_off", 0)
    return account


def test_a_payment_recovers_what_was_written_off_and_leaves_nothing_owed_either_way(written_off):
    payment = pay(written_off, "10.00")

    account = again(written_off)
    assert (account.state, account.balance, account.principal) == ("written_off", 0, 0)
    recovery = account.ledger.get(kind="recovery")
    assert (recovery.amount, recovery.source_key) == (Decimal("10.00"), str(payment.pk))


def test_a_payment_taken_back_takes_its_recovery_back(written_off):
    payment = pay(written_off, "10.00")

    reverse_payment(payment_id=payment.pk, reason="dishonour", on=TODAY, actor=None, now=NOW)

    account = again(written_off)
    assert account.balance == 0
    assert sum(row.amount for row in account.ledger.filter(kind="recovery")) == 0


def test_what_is_more_than_was_written_off_stays_a_credit(written_off):
    lost = -written_off.ledger.get(kind="write_off").amount

    pay(written_off, str(lost + 5))

    assert again(written_off).balance == -5


def test_finance_reads_before_posting_that_it_is_a_recovery(written_off):
    sent = {
        "reference": written_off.reference, "amount": "10.00", "method": "transfer", "received_on": TODAY.isoformat(),
    }  # fmt: skip

    page = as_user(make_user("finance")).post(reverse("payment-post"), sent).content.decode()

    assert "of it is recovered by this payment" in page
    assert "stays as a credit balance" not in page
