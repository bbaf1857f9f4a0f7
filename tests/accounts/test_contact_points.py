"""Ways to reach somebody."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from accounts.foundation.errors import Refused
from accounts.models import Consent, ContactPoint
from accounts.services.contact_points import add_contact_point, opt_out, record_consent, set_status
from accounts.services.holds import place_hold, release_hold
from tests.factories import again, place_account

pytestmark = pytest.mark.django_db


def test_adding_a_phone_makes_a_traced_account_workable(now, agent):
    account = place_account(phone=None, address=False)
    assert again(account).next_kind == "trace"
    party = account.parties.get()

    add_contact_point(
        party_id=party.pk, kind="phone", value="020 7946 0123", provenance="agent", actor=agent, now=now
    )  # fmt: skip

    assert again(account).next_kind == "act"
    assert party.contact_points.get(kind="phone").value == "+442079460123"


def test_the_same_phone_in_another_format_is_the_same_contact_point(now):
    account = place_account(phone="020 7946 0123")
    party = account.parties.get()
    given = {"party_id": party.pk, "kind": "phone", "provenance": "customer", "actor": None, "now": now}

    add_contact_point(value="+44 20 7946 0123", **given)

    assert party.contact_points.filter(kind="phone").count() == 1


def test_a_phone_found_for_an_account_on_hold_does_not_make_it_workable(now, agent):
    account = place_account(phone=None, address=False)
    held = place_hold(kind="limitation", account_id=account.pk, actor=None, now=now)

    add_contact_point(
        party_id=account.parties.get().pk, kind="phone", value="020 7946 0123", provenance="agent", actor=agent, now=now
    )  # fmt: skip

    assert (again(account).next_kind, again(account).next_subject_id) == ("review_hold", held.pk)
    release_hold(hold_id=held.pk, reason="limitation_checked", actor=agent, now=now)
    assert again(account).next_kind == "act"


@pytest.mark.parametrize("typed", ["12", "not a number", "+44 0000"])
def test_what_can_not_be_a_phone_is_refused(typed, now):
    account = place_account(phone=None, address=False)
    party = account.parties.get()

    with pytest.raises(Refused):
        add_contact_point(party_id=party.pk, kind="phone", value=typed, provenance="agent", actor=None, now=now)

    assert not party.contact_points.exists()


def test_when_the_last_way_dies_the_person_is_traced(now):
    account = place_account(address=False)
    point = ContactPoint.objects.get(party__accounts=account)

    set_status(contact_point_id=point.pk, status="dead", reason="not_in_service", actor=None, now=now)

    assert again(account).next_kind == "trace"


def test_consent_ends_an_opt_out_and_the_other_way_round(now):
    account = place_account()
    point = ContactPoint.objects.get(party__accounts=account, kind="phone")

    opt_out(contact_point_id=point.pk, channel="text", actor=None, now=now)
    record_consent(contact_point_id=point.pk, channel="text", basis="given", actor=None, now=now)

    live = Consent.objects.get(contact_point=point, channel="text", revoked_at=None)
    assert not live.opted_out


def agree(point, now, **differs):
    given = {"channel": "text", "basis": "given", "actor": None, "now": now}
    return record_consent(contact_point_id=point.pk, **given | differs)


def test_agreement_about_one_account_leaves_that_about_all_standing_and_is_taken_back_with_it(now):
    account = place_account()
    point = ContactPoint.objects.get(party__accounts=account, kind="phone")
    general = agree(point, now)

    narrow = agree(point, now, account_id=account.pk)
    assert again(general).revoked_at is None
    opt_out(contact_point_id=point.pk, channel="text", actor=None, now=now)

    assert (again(general).revoked_at, again(narrow).revoked_at) == (now, now)


def test_agreement_that_ends_sooner_does_not_shorten_what_was_agreed_before(now):
    account = place_account()
    point = ContactPoint.objects.get(party__accounts=account, kind="phone")
    lasting = agree(point, now)

    agree(point, now, expires_at=now + timedelta(days=1))

    assert again(lasting).revoked_at is None


def test_agreement_about_one_account_undoes_no_opt_out_and_must_be_about_the_persons_own(now):
    account, strangers = place_account(), place_account()
    point = ContactPoint.objects.get(party__accounts=account, kind="phone")
    with pytest.raises(Refused) as other:
        agree(point, now, account_id=strangers.pk)
    opt_out(contact_point_id=point.pk, channel="text", actor=None, now=now)
    with pytest.raises(Refused) as out:
        agree(point, now, account_id=account.pk)

    assert (other.value.code, out.value.code) == ("consent_other_account", "consent_opted_out_of_all")
    assert Consent.objects.get(contact_point=point, revoked_at=None).opted_out


def test_an_opt_out_of_one_debt_only_cannot_even_be_written_by_hand(now):
    account = place_account()
    point = ContactPoint.objects.get(party__accounts=account, kind="phone")

    with pytest.raises(IntegrityError, match="consent_opt_out_is_of_every_debt"):
        point.consents.create(channel="text", opted_out=True, account=account, given_at=now)
