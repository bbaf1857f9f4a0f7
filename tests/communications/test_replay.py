"""A stored decision can be worked out again, and compared with what today's policy would say."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.foundation.purposes import Purpose
from accounts.models import HoldKind
from accounts.services.holds import place_hold
from communications.models import PolicyDecision
from communications.selectors.replay import replay
from communications.services.authorise import authorise_contact
from communications.services.policy_versions import draft_from_live, edit_rule, publish, submit
from tests.factories import NOW, make_user, place_account

pytestmark = pytest.mark.django_db


def decided(account, channel="call"):
    point = account.parties.get().contact_points.get(kind="phone")
    return authorise_contact(
        account_ids=[account.pk], party_id=point.party_id, contact_point_id=point.pk, channel=channel,
        purpose=Purpose.DEMAND, actor=None, now=NOW,
    ).decision  # fmt: skip


def closing_at(time):
    """The UK's calls end at this time of a Wednesday from now on."""
    admin = make_user("admin")
    draft = draft_from_live(pack_code="UK", note="Shorter days.", actor=admin, now=NOW)
    rule = draft.rules.get(code="uk-policy-hours")
    edit_rule(rule_id=rule.pk, changes={"params": {**rule.params, "wed": f"08:00-{time}"}}, actor=admin, now=NOW)
    submit(version_id=draft.pk, actor=admin, now=NOW)
    publish(version_id=draft.pk, actor=make_user("compliance"), now=NOW)


def said(decision, *more):
    out = StringIO()
    call_command("replay_decision", str(decision.pk), *more, stdout=out)
    return out.getvalue()


def test_an_allowed_and_a_refused_contact_come_out_again():
    allowed = decided(place_account())
    held = place_account()
    place_hold(kind=HoldKind.DISPUTE, account_id=held.pk, actor=None, now=NOW)
    refused = decided(held)

    for decision in (allowed, refused):
        found = replay(decision, policy_at=NOW)
        assert (found.is_whole, found.is_same, found.differs_now) == (True, True, False)

    assert [allowed.verdict, refused.verdict] == ["allow", "refuse"]
    assert "uk-conc-dispute (refuse)" in said(refused)


def test_it_keeps_its_answer_under_its_own_versions_and_shows_that_of_today():
    decision = decided(place_account())
    closing_at("10:00")

    found = replay(decision, policy_at=NOW)
    told = said(decision)

    assert (found.is_same, found.then.verdict, found.now.verdict) == (True, "allow", "needs_override")
    assert "under today's versions (AU 1, MX 1, UK 2, US 1, firm 1): needs_override" in told
    assert "uk-policy-hours" in told


def test_nothing_personal_is_in_the_facts_that_are_kept():
    account = place_account(phone="020 7946 0321")
    party = account.parties.get()
    kept = decided(account).facts

    for value in (party.name, "7946", account.reference, *party.contact_points.values_list("value", flat=True)):
        assert value not in kept


def test_as_json_it_carries_both_answers():
    told = json.loads(said(decided(place_account()), "--json"))

    assert (told["same"], told["then"]["verdict"], told["now"]["verdict"]) == (True, "allow", "allow")


def test_facts_that_are_not_those_of_the_digest_are_told_apart():
    decision = decided(place_account())
    decision.facts = decision.facts.replace('"verified":false', '"verified":true')

    assert not replay(decision, policy_at=NOW).is_same


def test_what_can_not_be_replayed_is_said():
    decision = decided(place_account())
    fields = {
        f.attname: getattr(decision, f.attname) for f in PolicyDecision._meta.fields if f.attname not in ("id", "facts")
    }
    older = PolicyDecision.objects.create(**fields)

    with pytest.raises(CommandError, match="were not kept"):
        said(older)
    with pytest.raises(CommandError, match="no decision 0"):
        call_command("replay_decision", "0")
