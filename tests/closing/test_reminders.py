"""Reminders of promises: the day before, by an agreed channel, and taken back when there is nothing to remind of."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import ConsentBasis, ContactPoint
from accounts.services.contact_points import opt_out, record_consent
from collections_crm.closing.close import close_through
from collections_crm.closing.day import closing_instant
from communications.models import Message
from tests.factories import NOW, TODAY, make_portfolio, pay, place_account
from tests.support.promises import promise

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(db):
    account = place_account(portfolio=make_portfolio("UK"))
    point = ContactPoint.objects.get(party__accounts=account, kind="phone")
    record_consent(contact_point_id=point.pk, channel="text", basis=ConsentBasis.GIVEN, actor=None, now=NOW)
    return account


def close(account, on=TODAY):
    portfolio = account.portfolio
    return close_through(portfolio_id=portfolio.pk, on=on, now=closing_instant(portfolio, on))[-1]


def test_a_promise_is_reminded_of_the_day_before_by_an_agreed_channel(account, agent):
    promise(account, agent, in_days=2)

    run = close(account)
    close(account)

    message = Message.objects.get(account=account)
    assert run.counts["reminders"] == {"reminders": 1}
    assert (message.channel, message.purpose, message.state) == ("text", "reminder", "queued")
    assert message.due_at == datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
    assert "200.00 GBP" in message.body


def test_who_took_the_consent_back_is_not_reminded(account, agent):
    promise(account, agent, in_days=2)
    point = ContactPoint.objects.get(party__accounts=account, kind="phone")
    opt_out(contact_point_id=point.pk, channel="text", actor=agent, now=NOW)

    close(account)

    assert not Message.objects.exists()


def test_a_kept_promise_takes_its_reminder_back(account, agent):
    promise(account, agent, in_days=2)
    close(account)

    pay(account, "200.00", now=NOW + timedelta(hours=18))

    assert Message.objects.get(account=account).state == "cancelled"


def test_a_promise_of_another_day_is_not_reminded_of(account, agent):
    promise(account, agent, in_days=3)

    close(account)

    assert not Message.objects.exists()
