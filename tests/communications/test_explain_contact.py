"""`explain_contact`: the gate's answer for a person at a terminal, or as JSON."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import HoldKind
from accounts.services.holds import place_hold
from communications.models import PolicyDecision
from communications.selectors.contact_facts import ContactRequest, gather
from communications.services.policy_versions import draft_from_live, edit_rule, publish, submit
from tests.factories import NOW, place_account

pytestmark = pytest.mark.django_db


def explained(account, at="2026-11-18T12:00+00:00", *more, channel="call"):
    out = StringIO()
    asked = ["--account", account.reference, "--channel", channel, "--purpose", "demand", "--at", at]
    call_command("explain_contact", *asked, *more, stdout=out)
    return out.getvalue()


def test_it_says_the_verdict_the_zones_the_limits_and_the_versions():
    told = explained(place_account(jurisdiction="MX"), "2026-11-18T09:00-06:00")

    assert told.startswith("MAY CONTACT")
    assert "2026-11-18T09:00-06:00  America/Monterrey (address)" in told
    assert "used 0 of 3 (firm-mx-daily-cap)" in told
    assert "open until 2026-11-19T04:00:00+00:00 (mx-hours)" in told
    assert "AU 1, MX 1, UK 1, US 1, firm 1" in told


def test_every_reason_comes_with_its_source_and_the_next_allowed_instant():
    told = explained(place_account(jurisdiction="US"), "2026-11-18T04:00-05:00")

    assert told.startswith("DO NOT CONTACT")
    assert "Only within 08:00 - 21:00 where the person may be; it is 04:00 in New York." in told
    assert "firm-us-hours (firm policy, refuse)" in told
    assert "allowed from 2026-11-18T13:00:00+00:00" in told


def test_it_speaks_spanish():
    told = explained(place_account(jurisdiction="MX"), "2026-11-18T23:00-06:00", "--language", "es")

    assert told.startswith("NO CONTACTAR")
    assert "Solo en el horario 07:00 - 22:00 donde está el cliente; son las 23:00 en Monterrey." in told


def test_as_json_it_carries_codes_sentences_and_the_digest_and_keeps_nothing():
    account = place_account()
    place_hold(kind=HoldKind.DISPUTE, account_id=account.pk, actor=None, now=NOW)

    told = json.loads(explained(account, "2026-11-18T12:00+00:00", "--json"))

    assert told["verdict"] == "refuse"
    assert {reason["rule"] for reason in told["reasons"]} == {"uk-conc-dispute", "firm-holds"}
    assert all(reason["sentence"] and reason["citation"] for reason in told["reasons"])
    assert (told["next_allowed_at"], len(told["facts_digest"])) == (None, 64)
    assert PolicyDecision.objects.count() == 0


def test_facts_that_somebody_hands_in_are_judged_as_shipped_or_as_published_here(tmp_path, compliance, admin):
    """Seven in the evening: the shipped rules allow it, the published ones don't."""
    publish_noon_only(admin, compliance)
    case, evening = tmp_path / "case.json", NOW.replace(hour=19)
    case.write_text(gather(asked_about(place_account()), now=evening).facts.as_json())

    shipped, published = StringIO(), StringIO()
    call_command("explain_contact", facts=case, stdout=shipped)
    call_command("explain_contact", facts=case, published=True, stdout=published)

    assert shipped.getvalue().startswith("MAY CONTACT")
    assert "Judged by the rules that come with the product" in shipped.getvalue()
    assert published.getvalue().startswith("NEEDS APPROVAL")
    assert "come with the product" not in published.getvalue()


def publish_noon_only(admin, compliance):
    draft = draft_from_live(pack_code="UK", note="noon only", actor=admin, now=NOW)
    rule = draft.rules.get(code="uk-policy-hours")
    params = dict.fromkeys(rule.params, "10:00-12:00")
    edit_rule(rule_id=rule.pk, changes={"params": params}, actor=admin, now=NOW)
    submit(version_id=draft.pk, actor=admin, now=NOW)
    publish(version_id=draft.pk, actor=compliance, now=NOW)


def asked_about(account):
    party = account.parties.get()
    point = party.contact_points.get(kind="phone")
    return ContactRequest((account.pk,), party.pk, point.pk, "call", "demand")


@pytest.mark.parametrize(
    ("at", "words"),
    [("2026-11-18T12:00", "no offset"), ("yesterday", "not an instant"), ("2026-13-01T00:00Z", "not an")],
)
def test_an_instant_that_could_be_another_one_elsewhere_is_refused(at, words):
    with pytest.raises(CommandError, match=words):
        explained(place_account(), at)


def test_an_unknown_account_or_a_missing_contact_point_is_said():
    account = place_account()

    with pytest.raises(CommandError, match="no contact point for whatsapp"):
        explained(account, channel="whatsapp")
    account.reference = "A-unknown"
    with pytest.raises(CommandError, match="no account A-unknown"):
        explained(account)


@pytest.mark.parametrize("at", ["0001-01-01T00:00+14:00", "9999-12-31T23:00-11:00", "1999-12-31T10:00Z"])
def test_an_instant_without_any_policy_is_answered_with_a_sentence(at):
    with pytest.raises(CommandError):
        explained(place_account(), at)
