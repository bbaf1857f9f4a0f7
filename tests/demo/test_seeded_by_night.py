"""Whatever the hour at which the book is seeded, nothing in it is later than that."""

from datetime import UTC, date, datetime, time

import pytest
from django.core.management import call_command
from django.test import override_settings

from accounts.foundation.events import Event
from accounts.foundation.runs import Run
from accounts.models import Payment, Portfolio
from collections_crm.demo.history import story_ends
from communications.models import Contact, Message, ReceivedText

NIGHT = datetime(2026, 11, 26, 5, 5, tzinfo=UTC)  # in Mexico City it is still the evening of the 25th
LATEST = [(Event, "at"), (Run, "started_at"), (Contact, "started_at"), (Payment, "recorded_at"),
          (Message, "queued_at"), (ReceivedText, "received_at")]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (NIGHT, date(2026, 11, 25)),
        (NIGHT.replace(hour=15), date(2026, 11, 26)),
        (NIGHT.replace(hour=23, minute=59), date(2026, 11, 26)),
    ],
)
def test_the_story_ends_before_the_first_day_that_has_not_ended_somewhere(now, ends):
    zones = ("Europe/London", "America/New_York", "America/Mexico_City", "Australia/Sydney")
    portfolios = [Portfolio(zone=zone, cash_cut_off=time(6)) for zone in zones]

    assert story_ends(portfolios, now) == ends


@pytest.mark.django_db
def test_a_book_seeded_while_a_day_has_not_ended_everywhere_holds_nothing_of_the_future_and_no_broken_invariant():
    with override_settings(FROZEN_NOW=NIGHT, DEMO=True):
        call_command("seed_book", accounts=400, seed=7)
        call_command("check_invariants")

    for model, column in LATEST:
        later = model.objects.filter(**{f"{column}__gt": NIGHT})
        # The shipped policy came with the database, by the real clock.
        assert [row for row in later[:20] if getattr(row, "kind", "") != "policy_version.shipped"] == [], model
