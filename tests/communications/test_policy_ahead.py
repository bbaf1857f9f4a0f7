"""Policy published ahead: it rules nothing until its instant, may be called off until then, and has a way back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.foundation.errors import Refused
from accounts.foundation.events import Event
from accounts.services.contact_points import record_consent
from communications.models import PolicyVersion
from communications.policy.decide import decide
from communications.selectors.contact_facts import ContactRequest, gather
from communications.selectors.live_policy import live_packs, packs_from, rule_data, rule_token
from communications.selectors.policy_impact import Fates, impact_on_messages
from communications.selectors.policy_timeline import timeline_of
from communications.services.messages import queue_message
from communications.services.policy_versions import (
    call_off,
    draft_from_live,
    draft_way_back,
    edit_rule,
    publish,
    retire_replaced,
    submit,
)
from tests.factories import NOW, TODAY, again, make_user, place_account

pytestmark = pytest.mark.django_db
TOMORROW = NOW + timedelta(days=1)
INSTANT = timedelta(microseconds=1)


def submitted(admin, window="10:00-12:00", now=NOW) -> PolicyVersion:
    draft = draft_from_live(pack_code="UK", note="narrower hours", actor=admin, now=now)
    rule = draft.rules.get(code="uk-policy-hours")
    edit_rule(rule_id=rule.pk, changes={"params": dict.fromkeys(rule.params, window)}, actor=admin, now=now)
    return submit(version_id=draft.pk, actor=admin, now=now)


@pytest.fixture
def ahead(admin, compliance):
    """Narrower hours, published today to begin tomorrow."""
    return publish(version_id=submitted(admin).pk, actor=compliance, now=NOW, begins=TOMORROW)


def first_version() -> PolicyVersion:
    return PolicyVersion.objects.get(pack__code="UK", number=1)


def verdict_at(account, at) -> tuple[str, int]:
    """What the gate says to a call at an instant, and by which version."""
    party = account.parties.get()
    point = party.contact_points.get(kind="phone")
    gathered = gather(ContactRequest((account.pk,), party.pk, point.pk, "call", "demand"), now=at)
    answer = decide(gathered.facts, gathered.packs)
    assert gathered.packs is live_packs(at)
    return answer.verdict, answer.pack_versions["UK"]


def test_a_version_published_ahead_rules_from_its_instant_on_and_not_a_moment_sooner(ahead):
    account = place_account()

    asked = [verdict_at(account, at) for at in (NOW, TOMORROW - INSTANT, TOMORROW)]

    assert asked == [("allow", 1), ("allow", 1), ("needs_override", 2)]


def test_the_version_in_force_ends_where_the_next_begins_without_gap_or_overlap(ahead):
    before = first_version()

    assert (before.state, before.effective_to, ahead.effective_from) == ("published", TOMORROW, TOMORROW)
    ruling = [PolicyVersion.objects.in_force(at).get(pack__code="UK") for at in (TOMORROW - INSTANT, TOMORROW)]
    assert ruling == [before, ahead]


def test_what_will_rule_when_is_known_from_the_day_of_publishing(ahead):
    course = packs_from(NOW)

    assert [(since, packs.versions["UK"]) for since, packs in course] == [(NOW, 1), (TOMORROW, 2)]


def test_the_minute_after_its_end_a_version_is_retired_whoever_looks(ahead):
    assert retire_replaced(now=TOMORROW - INSTANT) == 0

    assert (retire_replaced(now=TOMORROW), retire_replaced(now=TOMORROW)) == (1, 0)

    assert (first_version().state, first_version().effective_to) == ("retired", TOMORROW)


def test_a_version_called_off_before_it_begins_never_rules_and_the_earlier_one_goes_on(ahead, compliance):
    account = place_account()

    call_off(version_id=ahead.pk, reason="the regulator put it off", actor=compliance, now=TOMORROW - INSTANT)

    assert (again(ahead).state, again(ahead).called_off_reason) == ("called_off", "the regulator put it off")
    assert first_version().effective_to is None
    assert verdict_at(account, TOMORROW + timedelta(days=400))[1] == 1
    kinds = Event.objects.filter(subject_type="policyversion").order_by("id").values_list("kind", flat=True)
    assert list(kinds)[-4:] == [
        "policy_version.ends",
        "policyversion.publish",
        "policyversion.call_off",
        "policy_version.goes_on",
    ]


def test_after_calling_off_the_next_version_can_be_drafted_and_published(ahead, admin, compliance):
    call_off(version_id=ahead.pk, reason="too early", actor=compliance, now=NOW)

    third = publish(version_id=submitted(admin, "09:00-13:00").pk, actor=compliance, now=NOW, begins=TOMORROW)

    assert (third.number, first_version().effective_to) == (3, TOMORROW)


def test_what_has_begun_can_not_be_called_off(ahead, compliance):
    with pytest.raises(Refused, match="has not begun"):
        call_off(version_id=ahead.pk, reason="too late", actor=compliance, now=TOMORROW)

    assert again(ahead).state == "published"


@pytest.mark.parametrize("role", ["agent", "manager", "finance", "admin"])
def test_only_compliance_calls_a_version_off(ahead, role):
    with pytest.raises(Refused, match="compliance"):
        call_off(version_id=ahead.pk, reason="mine", actor=make_user(role), now=NOW)


def test_calling_off_takes_a_reason(ahead, compliance):
    with pytest.raises(Refused, match="Say why"):
        call_off(version_id=ahead.pk, reason="  ", actor=compliance, now=NOW)

    assert first_version().effective_to == TOMORROW


def test_nothing_is_drafted_beside_a_version_that_waits_to_begin(ahead, admin):
    with pytest.raises(Refused, match="Version 2 of this pack is published and begins later"):
        draft_from_live(pack_code="UK", note="another", actor=admin, now=NOW)


@pytest.mark.parametrize("begins", [NOW, NOW - INSTANT, NOW + timedelta(days=400)])
def test_a_beginning_that_has_passed_or_is_a_slip_is_refused(admin, compliance, begins):
    draft = submitted(admin)

    with pytest.raises(Refused, match=r"has passed|a year ahead"):
        publish(version_id=draft.pk, actor=compliance, now=NOW, begins=begins)

    assert (again(draft).state, first_version().effective_to) == ("submitted", None)


def to_the_end(statement):
    """One statement of somebody with rights on the table, and what the end of its transaction asks."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_no_version_that_waits_to_begin_is_edited_moved_or_taken_out_by_hand(ahead):
    attempts = [
        f"UPDATE communications_policyrule SET action = 'warn' WHERE version_id = {ahead.pk}",
        f"UPDATE communications_policyversion SET effective_from = now() WHERE id = {ahead.pk}",
        f"UPDATE communications_policyversion SET state = 'draft' WHERE id = {ahead.pk}",
        f"DELETE FROM communications_policyversion WHERE id = {ahead.pk}",
    ]

    for attempt in attempts:
        with pytest.raises(DatabaseError):
            to_the_end(attempt)

    assert again(ahead).effective_from == TOMORROW


def test_an_end_once_set_is_not_moved_or_lifted_by_hand(ahead):
    of_first = f"WHERE id = {first_version().pk}"

    for value in ("NULL", "effective_to + interval '1 day'"):
        with pytest.raises(IntegrityError, match="stands as it is"):
            to_the_end(f"UPDATE communications_policyversion SET effective_to = {value} {of_first}")


def test_calling_off_by_hand_without_letting_the_earlier_one_go_on_is_refused(ahead, compliance):
    with pytest.raises(IntegrityError, match="ends only where another"):
        to_the_end(
            "UPDATE communications_policyversion SET state = 'called_off', called_off_reason = 'x',"
            f" called_off_by_id = {compliance.pk}, called_off_at = '{NOW.isoformat()}' WHERE id = {ahead.pk}"
        )


def test_a_version_is_not_called_off_by_hand_after_it_has_begun(ahead, compliance):
    with pytest.raises(IntegrityError, match="called_off_before_it_began"):
        to_the_end(
            "UPDATE communications_policyversion SET state = 'called_off', called_off_reason = 'x',"
            f" called_off_by_id = {compliance.pk}, called_off_at = '{TOMORROW.isoformat()}' WHERE id = {ahead.pk}"
        )


def test_the_timeline_says_what_each_version_is(ahead, admin, compliance):
    pack = ahead.pack
    today = [(one.version.number, one.is_now) for one in timeline_of(pack, NOW)]
    tomorrow = [(one.version.number, one.is_now) for one in timeline_of(pack, TOMORROW)]
    call_off(version_id=ahead.pk, reason="x", actor=compliance, now=NOW)
    submitted(admin)

    assert today == [(2, "to_begin"), (1, "ruling")]
    assert tomorrow == [(2, "ruling"), (1, "ruled")]
    assert [one.is_now for one in timeline_of(pack, NOW)] == ["submitted", "called_off", "ruling"]


def rules_of(version) -> list[dict]:
    return [rule_data(rule) for rule in version.rules.order_by("order", "code")]


def test_the_way_back_is_a_draft_with_the_earlier_rules_published_by_two_people(ahead, admin, compliance):
    later = TOMORROW + timedelta(hours=1)

    draft = draft_way_back(version_id=first_version().pk, note="calls went unanswered", actor=admin, now=later)
    submit(version_id=draft.pk, actor=admin, now=later)
    with pytest.raises(Refused):
        publish(version_id=draft.pk, actor=admin, now=later)
    publish(version_id=draft.pk, actor=compliance, now=later)

    assert (draft.number, draft.back_to.number, draft.based_on.number) == (3, 1, 2)
    assert rules_of(draft) == rules_of(first_version())
    assert verdict_at(place_account(), later) == ("allow", 3)


def test_the_rules_of_a_version_that_was_called_off_can_be_taken_up_again(ahead, admin, compliance):
    call_off(version_id=ahead.pk, reason="too early", actor=compliance, now=NOW)

    draft = draft_way_back(version_id=ahead.pk, note="now it is time", actor=admin, now=NOW)

    assert rules_of(draft) == rules_of(ahead)


def test_there_is_no_way_back_to_what_rules_or_is_to_begin(ahead, admin):
    for version in (ahead, first_version()):
        with pytest.raises(Refused, match="rules no more"):
            draft_way_back(version_id=version.pk, note="x", actor=admin, now=NOW)


def test_the_second_of_two_editors_does_not_write_over_the_first_unseen(admin):
    draft = draft_from_live(pack_code="UK", note="hours", actor=admin, now=NOW)
    rule = draft.rules.get(code="uk-policy-hours")
    seen, other = rule_token(rule), make_user("admin")
    edit_rule(rule_id=rule.pk, changes={"citation": "the first"}, actor=other, now=NOW, seen=seen)

    with pytest.raises(Refused) as refused:
        edit_rule(rule_id=rule.pk, changes={"citation": "the second"}, actor=admin, now=NOW, seen=seen)
    assert (refused.value.code, again(rule).citation) == ("policy_rule_changed_meanwhile", "the first")

    edit_rule(rule_id=rule.pk, changes={"citation": "the second"}, actor=admin, now=NOW, seen=rule_token(again(rule)))
    assert again(rule).citation == "the second"


@pytest.fixture
def in_line(db):
    """Three reminders by e-mail, the last of which is of no use after its first hour."""
    account = place_account(email="juana@example.com")
    point = account.parties.get().contact_points.get(kind="email")
    record_consent(contact_point_id=point.pk, channel="email", basis="given", actor=None, now=NOW)
    until = [NOW + timedelta(days=9), None, NOW + timedelta(hours=1)]
    for number, expires_at in enumerate(until):
        queue_message(
            account_id=account.pk,
            contact_point_id=point.pk,
            channel="email",
            template_code="promise-reminder",
            values={"amount": Decimal("400.00"), "day": TODAY},
            actor=None,
            now=NOW,
            dedupe_key=str(number),
            expires_at=expires_at,
        )
    return account


def without_e_mails_in_the_afternoon(admin) -> PolicyVersion:
    draft = draft_from_live(pack_code="UK", note="no e-mails in the afternoon", actor=admin, now=NOW)
    rule = draft.rules.get(code="uk-policy-hours")
    changes = {"params": dict.fromkeys(rule.params, "08:00-12:00"), "scope": {"channels": ["email"]}}
    edit_rule(rule_id=rule.pk, changes=changes, actor=admin, now=NOW)
    return submit(version_id=draft.pk, actor=admin, now=NOW)


def test_who_publishes_is_told_what_becomes_of_the_messages_in_line(in_line, admin, django_assert_max_num_queries):
    version = without_e_mails_in_the_afternoon(admin)

    with django_assert_max_num_queries(10):
        impact = impact_on_messages(version, begins=NOW, now=NOW)

    assert (impact.looked_at, impact.is_all, impact.turned) == (3, True, 3)
    assert (impact.without, impact.under_it) == (Fates(3, 0, 0), Fates(0, 1, 2))


def test_only_so_many_messages_are_looked_at_and_the_rest_is_owned_up_to(in_line, admin, monkeypatch):
    monkeypatch.setattr("communications.selectors.policy_impact.MOST", 2)

    impact = impact_on_messages(without_e_mails_in_the_afternoon(admin), begins=NOW, now=NOW)

    assert (impact.looked_at, impact.is_all) == (2, False)


def test_messages_are_judged_when_the_version_begins_if_that_is_later(in_line, admin):
    morning = NOW.replace(hour=9) + timedelta(days=1)

    impact = impact_on_messages(without_e_mails_in_the_afternoon(admin), begins=morning, now=NOW)

    assert (impact.under_it, impact.turned) == (Fates(2, 0, 1), 0)
