"""What is in force: a contact made up in the admin is answered by the gate, by all packs and under a draft."""

from __future__ import annotations

import json
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.foundation.events import Event
from communications.models import PolicyDecision, PolicyPack
from communications.policy.facts import ContactFacts
from communications.policy.shipped import CODES, shipped_pack, shipped_packs
from communications.selectors.inquiry import Earlier, Inquiry, answers_to, facts_of
from communications.services.policy_versions import draft_from_live, edit_rule
from tests.factories import NOW, make_user
from tests.support.policy_facts import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

SYDNEY = {
    "jurisdiction": "AU", "region": "NSW", "city": "Sydney", "channel": "call", "purpose": "demand",
    "day": "2026-11-24", "time": "07:30", "regulated": "on",
}  # fmt: skip
REGULATION_F = {
    "jurisdiction": "US", "zone": "America/New_York", "capacity": "third_party_collector", "channel": "call",
    "purpose": "demand", "day": "2026-08-20", "time": "12:00", "validation_on": "2026-06-01",
}  # fmt: skip
TALK_SIX_DAYS_AGO = {"earlier1_sort": "conversation", "earlier1_days": "6"}


@pytest.fixture
def client(compliance):
    client = Client()
    client.force_login(compliance)
    return client


def ask(client, **words):
    return client.get(reverse("admin:policy_inquiry"), words)


def answers(client, **words):
    return ask(client, **words).context["answers"]


def test_a_mobile_with_an_address_in_sydney_may_be_called_at_half_past_seven_and_not_a_minute_earlier(client):
    (allowed,) = answers(client, **SYDNEY)
    (early,) = answers(client, **{**SYDNEY, "time": "07:29"})

    assert (allowed["verdict"], allowed["winners"]) == ("allow", [])
    assert (early["verdict"], early["winners"]) == ("refuse", ["au-hours-phone"])
    assert early["next"] == "Tue 24 Nov 2026 07:30 Sydney"
    assert early["reasons"][0]["source"] == "ASIC RG 96 / ACCC guideline part 2 section 4"
    assert early["reasons"][0]["version"] == "AU 1"


def test_the_talk_of_the_fourteenth_lets_the_next_call_through_on_the_twenty_first(client):
    (answer,) = answers(client, **REGULATION_F, **TALK_SIX_DAYS_AGO)

    assert answer["winners"] == ["us-regf-7after-talk"]
    assert answer["next"] == "Fri 21 Aug 2026 08:00 New York"
    assert "Fri 14 Aug 2026" in answer["reasons"][0]["sentence"]


def test_rules_that_are_equally_strict_are_all_named_as_deciding(client):
    (answer,) = answers(client, **{**SYDNEY, "time": "12:00"}, holds=["representation", "vulnerability"])

    assert answer["winners"] == ["au-rep", "firm-represented"]
    assert [(reason["code"], reason["won"]) for reason in answer["reasons"]][-1] == ("firm-vulnerability", False)


def test_two_zones_are_both_asked(client):
    (answer,) = answers(client, **{**REGULATION_F, "time": "08:30", "clock": "America/New_York"},
                        zone_2="America/Chicago")  # fmt: skip

    assert answer["next"] == "Thu 20 Aug 2026 09:00 New York / Thu 20 Aug 2026 08:00 Chicago"


def test_every_rule_of_every_pack_spoke_or_was_silent_or_is_told_why_it_was_left_out(client):
    (answer,) = answers(client, **REGULATION_F, **TALK_SIX_DAYS_AGO)
    told = [rule["code"] for part in ("reasons", "silent", "left_out") for rule in answer[part]]
    why = {rule["code"]: rule["why"] for rule in answer["left_out"]}

    assert sorted(told) == sorted(rule.id for code in CODES for rule in shipped_pack(code).rules)
    assert why["us-regf-sms-basis"] == "channels: text message"
    assert why["us-ma-2in7"] == "states: MA"
    assert why["uk-policy-hours"] == "in: United Kingdom"
    assert why["firm-us-7in7"] == "where we collect as: original creditor, servicer"
    assert answers(client, **{**REGULATION_F, "region": "NY", "city": "Brooklyn", "zone": ""})[0]["left_out"][-1]
    new_york = answers(client, **{**REGULATION_F, "region": "NY", "city": "Brooklyn", "zone": ""})[0]["left_out"]
    assert {"us-nyc-3in7": "contacts from Tue 1 Sep 2026"}.items() <= {r["code"]: r["why"] for r in new_york}.items()


def test_a_draft_is_asked_beside_what_is_in_force(client, admin):
    draft = draft_from_live(pack_code="AU", note="later mornings", actor=admin, now=NOW)
    rule = draft.rules.get(code="au-hours-phone")
    edit_rule(rule_id=rule.pk, changes={"params": {**rule.params, "tue": "09:00-21:00"}}, actor=admin, now=NOW)

    live, drafted = answers(client, **SYDNEY, draft=draft.pk)

    assert (live["verdict"], drafted["verdict"]) == ("allow", "refuse")
    assert drafted["heading"] == "Under the draft AU 2"
    assert drafted["reasons"][0]["row"] == rule.pk
    assert drafted["reasons"][0]["version"] == "AU 2"


def test_the_address_can_be_handed_on_and_asks_the_same(client, admin):
    given = {**REGULATION_F, **TALK_SIX_DAYS_AGO, "holds": ["dispute", "pause"], "day": "20 aug"}
    first = ask(client, **given)
    link = first.context["link"]
    other = Client()
    other.force_login(admin)

    again = other.get(link)

    assert parse_qs(urlsplit(link).query)["day"] == ["2027-08-20"]
    assert [a["reasons"] for a in again.context["answers"]] == [a["reasons"] for a in first.context["answers"]]
    assert again.context["link"] == link


def test_the_case_is_taken_by_explain_contact_and_answered_alike(client, tmp_path):
    page = ask(client, **REGULATION_F, **TALK_SIX_DAYS_AGO)
    case = client.get(page.context["case"])
    file, told = tmp_path / "case.json", StringIO()
    file.write_bytes(case.content)

    call_command("explain_contact", facts=file, json=True, stdout=told)

    said = json.loads(told.getvalue())
    assert case.headers["Content-Type"] == "application/json"
    assert (said["verdict"], [reason["rule"] for reason in said["reasons"]]) == ("refuse", ["us-regf-7after-talk"])
    assert ContactFacts.from_json(case.content.decode()).at == at("2026-08-20 12:00", "America/New_York")


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"jurisdiction": "FR"}, "jurisdiction", "Select a valid choice"),
        ({"channel": ""}, "channel", "required"),
        ({"time": "25:00"}, "time", "Write a time such as"),
        ({"day": "someday"}, "day", "Write a date such as"),
        ({"day": "1066-10-14"}, "day", "between 2000 and 2100"),
        ({"zone": "Mars/Olympus"}, "zone", "Select a valid choice"),
        ({"zone_2": "UTC"}, "zone_2", "Select a valid choice"),
        ({"zone": "", "zone_2": "America/Denver"}, "zone_2", "first zone"),
        ({"earlier1_sort": "attempt"}, "earlier1_days", "how many days before"),
        ({"earlier1_days": "3"}, "earlier1_sort", "what happened"),
        ({"earlier1_sort": "attempt", "earlier1_days": "6-0"}, "earlier1_days", "from fewer to more"),
        ({"earlier1_sort": "attempt", "earlier1_days": "soon"}, "earlier1_days", "Write days such as"),
        (
            {"earlier1_sort": "attempt", "earlier1_days": "0-99", "earlier1_times": "9"},
            "earlier1_times",
            "No more than",
        ),
        ({"consent_days_ago": "-1"}, "consent_days_ago", "greater than or equal to 0"),
        ({"draft": "999999"}, "draft", "Select a valid choice"),
        ({"day": "2026-03-08", "time": "02:30"}, "time", "set forward over that time"),
    ],
)
def test_a_bad_value_is_told_at_its_field_and_nothing_is_answered(client, wrong, field, words):
    page = ask(client, **{**REGULATION_F, **wrong})

    assert page.status_code == 200
    assert words in str(page.context["form"].errors[field])
    assert page.context["answers"] == []
    assert words in page.content.decode()


def test_before_any_policy_was_in_force_the_page_says_so(client):
    page = ask(client, **{**SYDNEY, "day": "2010-01-04"})

    assert "No version of that country" in page.content.decode()


def test_asking_writes_nothing(client):
    before = Event.objects.count()

    ask(client, **REGULATION_F)

    assert (PolicyDecision.objects.count(), Event.objects.count()) == (0, before)


@pytest.mark.parametrize("role", ["agent", "manager", "finance"])
@pytest.mark.parametrize("name", ["policy_inquiry", "policy_inquiry_case"])
def test_nobody_else_asks(role, name):
    client = Client()
    client.force_login(make_user(role))

    assert client.get(reverse(f"admin:{name}"), SYDNEY).status_code == 403


def test_the_packs_and_each_of_them_lead_to_it(client):
    page = reverse("admin:policy_inquiry")
    pack = PolicyPack.objects.get(code="UK")

    assert page in client.get(reverse("admin:communications_policypack_changelist")).content.decode()
    assert page in client.get(reverse("admin:communications_policypack_change", args=[pack.pk])).content.decode()


def test_it_reads_spanish(client, compliance):
    compliance.language = "es-mx"
    compliance.save(update_fields=["language"])

    shown = client.get(reverse("admin:policy_inquiry"), {**REGULATION_F, **TALK_SIX_DAYS_AGO}).content.decode()

    assert "no permitido" in shown
    assert "vie 21 ago 2026 08:00 Nueva York" in shown
    assert "Se habló de esta deuda el vie 14 ago 2026" in shown


def test_the_facts_are_what_was_chosen_and_the_packs_are_those_in_force():
    asked = Inquiry(
        at=at("2026-08-20 12:00", "America/New_York"),
        jurisdiction="US",
        capacity="third_party_collector",
        zones=("America/New_York",),
        earlier=(Earlier("attempt", (0, 1, 2), 2), Earlier("conversation", (5,))),
        holds=("dispute",),
        opted_out="point",
        consent="given",
    )

    facts = facts_of(asked)
    (answer,) = answers_to(asked)

    assert [past.on.isoformat() for past in facts.history] == [
        "2026-08-15", "2026-08-18", "2026-08-18", "2026-08-19", "2026-08-19", "2026-08-20", "2026-08-20",
    ]  # fmt: skip
    assert [hold.kind for hold in facts.holds] == ["dispute"]
    assert answer.packs.versions == shipped_packs().versions
    assert answer.merged.decision.facts_digest == facts.digest()
