"""Holds: what they forbid, and what becomes of the next step."""

from datetime import timedelta

import pytest

from accounts.foundation.errors import Refused
from accounts.models import Event
from accounts.services.holds import extend_hold, place_hold, release_hold
from tests.factories import TODAY, again, make_party, place_account

pytestmark = pytest.mark.django_db


def test_a_dispute_turns_the_next_step_into_its_review_and_gives_it_back(now, agent):
    account = place_account()

    hold = place_hold(kind="dispute", account_id=account.pk, actor=agent, now=now, reason="wrong_amount")

    held = again(account)
    assert (held.next_kind, held.next_on) == ("review_hold", hold.review_on)
    assert hold.forbids("demand")
    assert not hold.forbids("reply")

    release_hold(hold_id=hold.pk, reason="resolved", actor=agent, now=now)

    assert (again(account).next_kind, again(account).next_on) == ("act", TODAY)


def test_a_hold_on_the_person_reaches_every_account_of_hers(now):
    party = make_party()
    accounts = [place_account(party=party) for _n in range(2)]

    place_hold(kind="insolvency", party_id=party.pk, actor=None, now=now)

    assert {again(account).next_kind for account in accounts} == {"review_hold"}


def test_when_one_of_two_holds_ends_the_other_keeps_the_account(now):
    account = place_account()
    first = place_hold(kind="dispute", account_id=account.pk, actor=None, now=now)
    second = place_hold(kind="fraud", account_id=account.pk, actor=None, now=now)

    release_hold(hold_id=first.pk, reason="resolved", actor=None, now=now)

    kept = again(account)
    assert (kept.next_kind, kept.next_subject_id) == ("review_hold", second.pk)

    release_hold(hold_id=second.pk, reason="resolved", actor=None, now=now)

    assert again(account).next_kind == "act"


def test_releasing_twice_changes_nothing(now):
    account = place_account()
    hold = place_hold(kind="dispute", account_id=account.pk, actor=None, now=now)

    for _time in range(2):
        release_hold(hold_id=hold.pk, reason="resolved", actor=None, now=now)

    assert Event.objects.filter(kind="hold.release", subject_id=hold.pk).count() == 1


def test_a_review_in_the_past_is_refused(now):
    account = place_account()

    with pytest.raises(Refused, match="Choose a review date"):
        place_hold(kind="dispute", account_id=account.pk, review_on=TODAY - timedelta(days=1), actor=None, now=now)

    assert account.holds.count() == 0


def test_an_extended_hold_is_reviewed_later(now):
    account = place_account()
    hold = place_hold(kind="dispute", account_id=account.pk, actor=None, now=now)

    extend_hold(hold_id=hold.pk, review_on=TODAY + timedelta(days=60), reason="evidence", actor=None, now=now)

    assert again(account).next_on == TODAY + timedelta(days=60)
