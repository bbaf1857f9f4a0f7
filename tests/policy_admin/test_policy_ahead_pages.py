"""Publishing ahead, the timeline, the way back and two editors, as the pages of the admin have them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from communications.models import PolicyPack, PolicyRule, PolicyVersion
from tests.factories import NOW, again, make_user
from tests.policy_admin.test_policy_admin import draft_of, filled, logged_in, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def submitted(admin) -> PolicyVersion:
    return submit(admin, "AU", "au-hours-phone")


def submit(admin, code: str, rule_code: str) -> PolicyVersion:
    draft = draft_of(code, admin)
    rule = draft.rules.get(code=rule_code)
    logged_in(admin).post(page(rule), filled(rule, mon_closes="20:00"))
    logged_in(admin).post(page(draft), {"act": "submit", "confirmed": "1"})
    return again(draft)


def ahead(version: PolicyVersion, compliance, **differs) -> str:
    form = {"act": "publish", "begins_on": "2026-12-01", "begins_at": "09:30", "confirmed": "1"} | differs
    return logged_in(compliance).post(page(version), form, follow=True).content.decode()


def test_compliance_publishes_from_a_day_and_time_by_the_clock_of_the_pack(submitted, compliance):
    shown = ahead(submitted, compliance)

    # Sydney's summer time is eleven hours ahead.
    assert again(submitted).effective_from == datetime(2026, 11, 30, 22, 30, tzinfo=UTC)
    assert "In force from Tue 1 Dec 2026 09:30 (Sydney)." in shown
    assert "Begins later" in shown


def test_before_it_is_published_the_page_says_from_when_what_it_does_and_the_way_back(submitted, compliance):
    asked = ahead(submitted, compliance, confirmed="")

    assert again(submitted).state == "submitted"
    assert "In force from Tue 1 Dec 2026 09:30 (Sydney). Until then version 1 rules" in asked
    assert 'name="begins_on" value="2026-12-01"' in asked
    assert "Messages that wait in line" in asked
    assert "All 0 messages in line were looked at." in asked
    assert "an administrator opens version 1" in asked


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"begins_at": ""}, "Write the day and the time, or neither."),
        ({"begins_on": ""}, "Write the day and the time, or neither."),
        ({"begins_on": "2026-11-17"}, "That instant has passed."),
    ],
)
def test_half_a_beginning_and_one_that_has_passed_are_refused(submitted, compliance, given, words):
    assert words in ahead(submitted, compliance, **given)
    assert again(submitted).state == "submitted"


def test_a_time_that_the_clock_jumps_over_is_no_beginning(admin, compliance):
    version = submit(admin, "UK", "uk-policy-hours")

    shown = ahead(version, compliance, begins_on="2027-03-28", begins_at="01:30")

    assert "the clock is set forward over it" in shown
    assert again(version).state == "submitted"


def test_compliance_calls_it_off_and_says_why_and_the_administrator_has_no_such_button(submitted, compliance, admin):
    ahead(submitted, compliance)
    call_off = {"act": "call_off", "reason": "The regulator put it off."}

    seen = {user.role: logged_in(user).get(page(submitted)).content.decode() for user in (admin, compliance)}
    nothing_said = logged_in(compliance).post(page(submitted), {"act": "call_off"}).content.decode()
    refused = logged_in(admin).post(page(submitted), call_off).content.decode()
    logged_in(compliance).post(page(submitted), call_off)

    assert {role: 'value="call_off"' in text for role, text in seen.items()} == {"admin": False, "compliance": True}
    assert "This field is required" in nothing_said
    assert "Only compliance" in refused
    assert (again(submitted).state, again(submitted).called_off_by) == ("called_off", compliance)


def test_the_page_of_the_pack_is_a_timeline_with_the_coming_version_and_its_people(submitted, compliance, admin):
    ahead(submitted, compliance)

    shown = logged_in(admin).get(page(submitted.pack)).content.decode()

    told = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in re.findall(r"<tr>.*?</tr>", shown, re.S)]
    rows = [row for row in told if "(Sydney)" in row]
    assert "2 begins later Tue 1 Dec 2026 09:30 (Sydney) until another takes over" in rows[0]
    assert f"{admin} Thu 19 Nov 2026 02:00 (Sydney) {compliance} Thu 19 Nov 2026 02:00 (Sydney)" in rows[0]
    assert "narrower hours for the season What changes from version 1" in rows[0]
    assert "1 in force now Wed 1 Jan 2020 11:00 (Sydney) Tue 1 Dec 2026 09:30 (Sydney)" in rows[1]
    assert "Draft the next version" not in shown


def test_an_administrator_drafts_the_way_back_from_the_page_of_the_earlier_version(
    submitted, compliance, admin, settings
):
    logged_in(compliance).post(page(submitted), {"act": "publish", "confirmed": "1"})
    settings.FROZEN_NOW = NOW + timedelta(days=1)
    first = PolicyVersion.objects.get(pack=submitted.pack, number=1)

    offered = logged_in(admin).get(page(first)).content.decode()
    answer = logged_in(admin).post(page(first), {"act": "way_back", "note": "Nobody was reached."})

    draft = PolicyVersion.objects.get(pack=submitted.pack, state="draft")
    assert 'value="way_back"' in offered
    assert answer.url == page(draft)
    assert "Way back to version 1. Nobody was reached." in logged_in(admin).get(page(draft)).content.decode()
    assert 'value="way_back"' not in logged_in(admin).get(page(first)).content.decode()


@pytest.fixture
def two_editors(admin):
    """Both opened the same rule; the other saved first."""
    draft, other = draft_of("UK", admin), make_user("admin", first_name="Olga", last_name="Prieto")
    rule = draft.rules.get(code="uk-policy-hours")
    mine = filled(rule, mon_closes="14:00")
    logged_in(other).post(page(rule), filled(rule, mon_closes="18:00", citation="The board's decision"))
    return rule, mine


def test_the_second_editor_sees_what_differs_who_changed_it_and_loses_nothing(two_editors, admin):
    rule, mine = two_editors

    shown = logged_in(admin).post(page(rule), mine).content.decode()

    assert PolicyRule.objects.get(pk=rule.pk).params["mon"] == "08:00-18:00"
    assert "Changed by Olga Prieto, Wed 18 Nov 2026 15:00 (London)" in shown
    assert "08:00 - 18:00" in shown
    assert "08:00 - 14:00" in shown
    assert "The board&#x27;s decision" in shown
    assert 'name="mon_closes" value="14:00"' in shown
    assert "Save mine over it" in shown
    assert "<script>" not in shown


def test_having_seen_the_difference_the_second_editor_may_save_over_it_or_leave_it(two_editors, admin):
    rule, mine = two_editors
    shown = logged_in(admin).post(page(rule), mine).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', shown).group(1)

    kept = PolicyRule.objects.get(pk=rule.pk).params["mon"]
    logged_in(admin).post(page(rule), mine | {"seen": seen})

    assert (kept, PolicyRule.objects.get(pk=rule.pk).params["mon"]) == ("08:00-18:00", "08:00-14:00")


def test_a_form_that_does_not_say_what_it_saw_writes_over_nothing(admin):
    rule = draft_of("UK", admin).rules.get(code="uk-policy-hours")

    shown = logged_in(admin).post(page(rule), filled(rule, mon_closes="14:00", seen="")).content.decode()

    assert "Somebody else has changed this rule" in shown
    assert PolicyRule.objects.get(pk=rule.pk).params["mon"] == "08:00-21:00"


def test_the_pages_read_spanish(submitted, compliance):
    ahead(submitted, compliance)
    compliance.language = "es-mx"
    compliance.save(update_fields=["language"])

    shown = logged_in(compliance).get(page(PolicyPack.objects.get(code="AU"))).content.decode()

    assert "vigente desde" in shown.lower()
    assert "begins later" not in shown
    assert "mar 1 dic 2026 09:30 (Sídney)" in shown
