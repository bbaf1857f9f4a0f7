"""Policy on its way: an administrator drafts, compliance publishes, and from then on nothing of it changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.foundation.errors import Refused
from communications.models import PolicyRule, PolicyVersion
from communications.services.authorise import authorise_contact
from communications.services.policy_packs import SHIPPED_FROM, load_shipped_packs
from communications.services.policy_versions import draft_from_live, drop_draft, edit_rule, publish, send_back, submit
from tests.factories import NOW, make_user, place_account

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def draft(admin):
    return draft_from_live(pack_code="UK", note="narrower hours", actor=admin, now=NOW)


def narrow(draft, admin, window="10:00-12:00"):
    rule = draft.rules.get(code="uk-policy-hours")
    return edit_rule(rule_id=rule.pk, changes={"params": dict.fromkeys(rule.params, window)}, actor=admin, now=NOW)


def call(account, now):
    party = account.parties.get()
    point = party.contact_points.get(kind="phone")
    return authorise_contact(
        account_ids=[account.pk],
        party_id=party.pk,
        contact_point_id=point.pk,
        channel="call",
        purpose="demand",
        actor=None,
        now=now,
    ).decision


def test_narrower_hours_refuse_the_next_call_as_soon_as_they_are_published(admin, compliance, draft):
    account = place_account()
    narrow(draft, admin)
    submit(version_id=draft.pk, actor=admin, now=NOW)

    before = call(account, NOW)
    publish(version_id=draft.pk, actor=compliance, now=LATER)
    after = call(account, LATER)

    assert before.verdict == "allow"
    assert [reason["rule"] for reason in after.reasons] == ["uk-policy-hours"]
    assert (before.pack_versions["UK"], after.pack_versions["UK"]) == (1, 2)


def test_the_version_before_ends_at_the_instant_the_new_one_begins(admin, compliance, draft):
    narrow(draft, admin)
    submit(version_id=draft.pk, actor=admin, now=NOW)

    publish(version_id=draft.pk, actor=compliance, now=LATER)

    old, new = PolicyVersion.objects.filter(pack__code="UK").order_by("number")
    assert (old.state, old.effective_to, new.state, new.effective_from) == ("retired", LATER, "published", LATER)
    assert PolicyVersion.objects.in_force(NOW).get(pack__code="UK") == old
    assert PolicyVersion.objects.in_force(LATER).get(pack__code="UK") == new


@pytest.mark.parametrize("role", ["agent", "manager", "finance", "compliance"])
def test_only_an_administrator_drafts(role):
    with pytest.raises(Refused, match="administrator"):
        draft_from_live(pack_code="UK", note="mine", actor=make_user(role), now=NOW)


@pytest.mark.parametrize("role", ["agent", "manager", "finance", "admin"])
def test_only_compliance_publishes(admin, draft, role):
    narrow(draft, admin)
    submit(version_id=draft.pk, actor=admin, now=NOW)

    with pytest.raises(Refused, match="compliance"):
        publish(version_id=draft.pk, actor=make_user(role), now=NOW)


def test_whoever_drafted_it_never_publishes_it_not_even_after_changing_role(admin, draft):
    narrow(draft, admin)
    submit(version_id=draft.pk, actor=admin, now=NOW)
    admin.role = "compliance"
    admin.save(update_fields=["role"])

    with pytest.raises(Refused, match="somebody else"):
        publish(version_id=draft.pk, actor=admin, now=NOW)
    with pytest.raises(IntegrityError, match="maker_is_not_checker"), transaction.atomic():
        PolicyVersion.objects.filter(pk=draft.pk).update(
            state="published", checker=admin, published_at=NOW, effective_from=NOW
        )


def become_compliance(user):
    user.role = "compliance"
    user.save(update_fields=["role"])


def refusal_of_publishing(draft, actor):
    with pytest.raises(Refused) as refused:
        publish(version_id=draft.pk, actor=actor, now=LATER)
    return refused.value.code


def test_whoever_edited_a_colleagues_draft_never_publishes_it(admin, draft):
    editor = make_user("admin")
    narrow(draft, editor)
    submit(version_id=draft.pk, actor=admin, now=NOW)
    become_compliance(editor)

    assert refusal_of_publishing(draft, editor) == "policy_maker_is_not_checker"


def test_whoever_submitted_a_colleagues_draft_never_publishes_it(admin, draft):
    narrow(draft, admin)
    submitter = make_user("admin")
    submit(version_id=draft.pk, actor=submitter, now=NOW)
    become_compliance(submitter)

    assert refusal_of_publishing(draft, submitter) == "policy_maker_is_not_checker"


def test_a_part_in_an_earlier_version_keeps_nobody_from_publishing_the_next(admin, compliance, draft):
    editor = make_user("admin")
    narrow(draft, editor)
    submit(version_id=draft.pk, actor=editor, now=NOW)
    publish(version_id=draft.pk, actor=compliance, now=NOW)
    later = draft_from_live(pack_code="UK", note="wider hours", actor=admin, now=LATER)
    narrow(later, admin, "09:00-18:00")
    submit(version_id=later.pk, actor=admin, now=LATER)
    become_compliance(editor)

    assert publish(version_id=later.pk, actor=editor, now=LATER).state == "published"


def test_rules_changed_behind_the_back_of_their_submission_are_not_published(admin, compliance, draft):
    narrow(draft, admin)
    submit(version_id=draft.pk, actor=admin, now=NOW)
    # An owner of the table can switch its trigger off; the digest still tells.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE communications_policyrule DISABLE TRIGGER USER")
        cursor.execute("UPDATE communications_policyrule SET action = 'warn' WHERE version_id = %s", [draft.pk])
        cursor.execute("ALTER TABLE communications_policyrule ENABLE TRIGGER USER")

    assert refusal_of_publishing(draft, compliance) == "policy_changed_since_submitted"
    assert PolicyVersion.objects.in_force(LATER).get(pack__code="UK").number == 1


def test_a_submitted_draft_is_edited_only_after_it_was_sent_back(admin, compliance, draft):
    narrow(draft, admin)
    submit(version_id=draft.pk, actor=admin, now=NOW)

    with pytest.raises(Refused, match="Only a draft"):
        narrow(draft, admin, "09:00-12:00")
    send_back(version_id=draft.pk, actor=compliance, now=NOW, reason="too narrow")

    assert narrow(draft, admin, "09:00-18:00").params["mon"] == "09:00-18:00"


def test_one_draft_of_a_pack_at_a_time(admin, draft):
    with pytest.raises(Refused, match="Version 2"):
        draft_from_live(pack_code="UK", note="another", actor=admin, now=NOW)


def test_a_dropped_draft_leaves_no_trace_but_its_event(admin, draft):
    drop_draft(version_id=draft.pk, actor=admin, now=NOW)

    assert not PolicyVersion.objects.filter(pk=draft.pk).exists()
    assert draft_from_live(pack_code="UK", note="again", actor=admin, now=NOW).number == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sentence_es": " "}, "no sentence in both languages"),
        ({"sentence_es": "Contact is kept to {hours}; it is {local_time} in {zone}."}, "the English one"),
        ({"citation": ""}, "no source"),
        ({"sentence_en": "Not before {dawn}.", "sentence_es": "No antes de {dawn}."}, r"\{dawn\}"),
        ({"params": {"mon": ""}}, "open on no day"),
        ({"effective_from": NOW.date(), "effective_to": NOW.date()}, "ends before it begins"),
        ({}, "nothing differs"),
    ],
)
def test_a_draft_with_faults_is_not_submitted_and_the_fault_is_named(admin, draft, changes, words):
    rule = draft.rules.get(code="uk-policy-hours")
    edit_rule(rule_id=rule.pk, changes=changes, actor=admin, now=NOW)

    with pytest.raises(Refused, match=words):
        submit(version_id=draft.pk, actor=admin, now=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"params": {"mon": "21:00-08:00"}},
        {"params": {"monday": "08:00-21:00"}},
        {"params": {"mon": "8 to 9"}},
        {"scope": {"channels": ["pigeon"]}},
        {"action": "shout"},
        {"sentence_en": "Not before {hours"},
        {"sentence_es": "No antes de {zone.__class__}"},
    ],
)
def test_a_rule_that_makes_no_sense_is_not_even_saved(admin, draft, changes):
    rule = draft.rules.get(code="uk-policy-hours")

    with pytest.raises(Refused, match="makes no sense"):
        edit_rule(rule_id=rule.pk, changes=changes, actor=admin, now=NOW)

    assert PolicyRule.objects.get(pk=rule.pk).params["mon"] == "08:00-21:00"


def tried_to_the_end(attempt):
    """An attempt, and what the end of its transaction would ask."""
    attempt()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_published_rules_and_versions_stand_against_any_writer():
    live = PolicyVersion.objects.filter(pack__code="UK")
    rules = PolicyRule.objects.filter(version__in=live)
    attempts = [
        (lambda: rules.update(action="warn"), "never change"),
        (rules.delete, "never change"),
        (lambda: PolicyRule.objects.create(version=live.get(), code="extra", kind="zone"), "never change"),
        (lambda: live.update(effective_from=NOW), "stands as it is"),
        (lambda: live.update(digest="x"), "stands as it is"),
        (lambda: live.update(effective_to=NOW), "ends only where another"),
        (lambda: live.update(state="retired", effective_to=NOW), "ends only where another"),
        (lambda: live.update(state="retired", effective_to=SHIPPED_FROM - timedelta(days=1)), "ends_after_it_begins"),
        (lambda: live.update(state="draft"), "no move of"),
    ]

    for attempt, words in attempts:
        with pytest.raises(IntegrityError, match=words), transaction.atomic():
            tried_to_the_end(attempt)


def test_two_versions_of_a_pack_never_rule_at_once():
    live = PolicyVersion.objects.get(pack__code="UK")
    other = PolicyVersion.objects.create(pack=live.pack, number=9, made_at=NOW)
    row = PolicyVersion.objects.filter(pk=other.pk)
    row.update(state="submitted", submitted_at=NOW, digest="x")

    with pytest.raises(IntegrityError, match="policy_versions_never_overlap"), transaction.atomic():
        row.update(state="published", published_at=NOW, effective_from=NOW)


def test_loading_the_shipped_packs_again_changes_nothing():
    assert load_shipped_packs(now=NOW) == []
    assert PolicyVersion.objects.count() == 5


def test_a_decision_of_yesterday_is_explained_by_yesterdays_version(admin, compliance, draft):
    account = place_account()
    narrow(draft, admin)
    submit(version_id=draft.pk, actor=admin, now=NOW)
    publish(version_id=draft.pk, actor=compliance, now=LATER)

    assert call(account, NOW).pack_versions["UK"] == 1
