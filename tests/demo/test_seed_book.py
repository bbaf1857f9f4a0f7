"""The demonstration book: everything in it came about as a real book's would."""

import pytest
from django.core.management import call_command
from django.test import override_settings

from accounts.models import Account, AccountState
from arrangements.models import Arrangement, Escalation, HardshipCase
from communications.models import Contact, LocalMail, Message, PolicyDecision, ReceivedText
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def book(real_db, django_db_blocker):
    with django_db_blocker.unblock(), override_settings(FROZEN_NOW=NOW, DEMO=True):
        call_command("seed_book", accounts=400, seed=7)
        yield


def test_a_fortnight_has_brought_accounts_to_every_state_and_broken_no_invariant(book):
    assert set(Account.objects.values_list("state", flat=True)) == set(AccountState.values)
    assert {"kept", "broken"} & set(Arrangement.objects.values_list("instalments__state", flat=True))
    assert Contact.objects.filter(origin="ours", direction="out", decision=None).count() == 0

    call_command("check_invariants")


def test_customers_who_cannot_pay_are_at_every_step_of_what_is_done_about_it(book):
    cases = HardshipCase.objects.all()

    assert {"information_requested", "assessed", "granted", "under_review", "declined", "ended"} <= set(
        cases.values_list("state", flat=True)
    )
    assert {"pause", "arrangement"} <= set(cases.values_list("measure", flat=True))
    assert cases.filter(budget__isnull=False).count() >= 5


def test_the_gate_refused_the_slips_of_the_clock_too(book):
    verdicts = set(PolicyDecision.objects.values_list("verdict", flat=True))

    assert {"allow", "refuse"} <= verdicts
    assert not Contact.objects.filter(decision__verdict="refuse").exists()


def test_reminders_went_out_and_somebody_answered(book):
    sent = Message.objects.filter(state__in=["sent", "delivered"])

    assert {"text", "email"} <= set(sent.values_list("channel", flat=True))
    assert LocalMail.objects.exists()
    assert ReceivedText.objects.filter(contact__isnull=False).exists()


def test_the_notes_of_cases_say_nothing_that_the_timeline_does_not(book):
    cases = Escalation.objects.filter(account__account_contacts__isnull=True)
    notes = {kind: text.lower() for kind, text in cases.values_list("kind", "note__text")}

    assert {"settlement", "write_off", "fraud"} <= set(notes)
    assert len(set(notes.values())) == len(notes), "each kind has its own"
    assert not any("spoke" in text or "timeline" in text for text in notes.values())


def test_seeding_twice_leaves_the_book_as_it_is(book):
    before = list(Account.objects.order_by("pk").values_list("reference", "state", "balance", "due_now", "bucket"))

    call_command("seed_book", accounts=400, seed=7)

    assert (
        list(Account.objects.order_by("pk").values_list("reference", "state", "balance", "due_now", "bucket")) == before
    )
    call_command("check_invariants")


def test_more_accounts_join_a_book_that_is_being_worked(book):
    call_command("seed_book", accounts=440, seed=7)

    assert Account.objects.count() == 440
    call_command("check_invariants")
