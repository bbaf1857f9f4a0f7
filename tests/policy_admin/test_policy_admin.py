"""Policy in the admin: an administrator drafts narrower hours by a form, compliance publishes them, the gate obeys."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from collections_crm.policy_admin.forms import RuleForm
from communications.models import PolicyDecision, PolicyPack, PolicyRule, PolicyVersion
from communications.policy.pack import Scope
from communications.policy.rules import KINDS
from communications.services.authorise import authorise_contact
from tests.factories import NOW, make_user, place_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(row) -> str:
    return reverse(f"admin:communications_{row._meta.model_name}_change", args=[row.pk])


def filled(rule: PolicyRule, **differs: object) -> dict[str, object]:
    """The rule's form as a browser would send it back, with what differs."""
    form = RuleForm(rule=rule)
    sent = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if isinstance(value, list) and not hasattr(field, "choices"):
            value = ", ".join(value)
        if value is not None and value is not False and value not in ("", []):
            sent[name] = "on" if value is True else value
    return {name: value for name, value in (sent | differs).items() if value != ""}


def draft_of(code: str, admin) -> PolicyVersion:
    pack = PolicyPack.objects.get(code=code)
    logged_in(admin).post(page(pack), {"note": "narrower hours for the season"})
    return pack.versions.get(state="draft")


def call(account) -> PolicyDecision:
    party = account.parties.get()
    asked = {"account_ids": [account.pk], "party_id": party.pk, "channel": "call", "purpose": "demand"}
    point = party.contact_points.get(kind="phone")
    return authorise_contact(contact_point_id=point.pk, actor=None, now=NOW, **asked).decision


def test_narrower_hours_drafted_by_the_admin_and_published_by_compliance_refuse_the_next_call(admin, compliance):
    account = place_account()
    draft = draft_of("UK", admin)
    rule = draft.rules.get(code="uk-policy-hours")
    days = {f"{day}_closes": "14:00" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}

    logged_in(admin).post(page(rule), filled(rule, **days))
    logged_in(admin).post(page(draft), {"act": "submit", "confirmed": "1"})
    before = call(account)
    logged_in(compliance).post(page(draft), {"act": "publish", "confirmed": "1"})
    after = call(account)

    assert (before.verdict, [reason["rule"] for reason in after.reasons]) == ("allow", ["uk-policy-hours"])
    assert PolicyRule.objects.get(pk=rule.pk).params["wed"] == "08:00-14:00"


@pytest.mark.parametrize("code", ["UK", "US", "MX", "AU", "firm"])
def test_a_rule_form_sent_back_as_it_was_drawn_changes_nothing(admin, code):
    draft = draft_of(code, admin)

    for rule in draft.rules.all():
        form = RuleForm(filled(rule), rule=rule)
        assert form.is_valid(), (rule.code, form.errors)
        said = form.changes()
        kind = KINDS[rule.kind]
        assert kind.prepare(said["params"]) == kind.prepare(rule.params), rule.code
        assert Scope(**{k: v if isinstance(v, (bool, str)) else tuple(v) for k, v in said["scope"].items()}) == Scope(
            **{k: v if isinstance(v, (bool, str)) else tuple(v) for k, v in rule.scope.items()}
        ), rule.code
        assert (said["action"], said["citation"], said["effective_from"]) == (
            rule.action,
            rule.citation,
            rule.effective_from,
        )


def test_the_page_of_a_draft_shows_what_changes_in_words(admin):
    draft = draft_of("MX", admin)
    rule = draft.rules.get(code="mx-hours")
    logged_in(admin).post(page(rule), filled(rule, sat_opens="", sat_closes=""))

    shown = logged_in(admin).get(page(draft)).content.decode()

    said = "Calls, text messages, e-mails, WhatsApp messages in Mexico: closed on Sat, until now 07:00 - 22:00"
    assert said in shown
    assert "Mon - Fri 07:00 - 22:00; Sat closed; Sun 07:00 - 22:00" in shown
    assert "<script>" not in shown
    assert "style=" not in shown


def test_a_time_that_is_none_and_half_a_day_are_refused_beside_their_fields(admin):
    draft = draft_of("UK", admin)
    rule = draft.rules.get(code="uk-policy-hours")

    answer = logged_in(admin).post(page(rule), filled(rule, mon_opens="25:00", tue_closes=""))

    assert "There is no such time of day." in answer.content.decode()
    assert "Write both times" in answer.content.decode()
    assert PolicyRule.objects.get(pk=rule.pk).params["mon"] == "08:00-21:00"


def test_faults_are_listed_and_keep_a_draft_from_being_submitted(admin):
    draft = draft_of("UK", admin)

    answer = logged_in(admin).post(page(draft), {"act": "submit"})

    assert "nothing differs from the version in force" in answer.content.decode()
    assert PolicyVersion.objects.get(pk=draft.pk).state == "draft"


def test_compliance_finds_it_in_the_inbox_and_sees_what_publishing_changes_before_it_does(admin, compliance):
    draft = draft_of("UK", admin)
    rule = draft.rules.get(code="uk-policy-hours")
    logged_in(admin).post(page(rule), filled(rule, mon_closes="14:00"))
    logged_in(admin).post(page(draft), {"act": "submit", "confirmed": "1"})

    inbox = logged_in(compliance).get(reverse("inbox")).content.decode()
    asked = logged_in(compliance).post(page(draft), {"act": "publish"}).content.decode()

    assert page(draft) in inbox
    assert "uk-policy-hours" in asked
    assert "In force at once" in asked
    assert PolicyVersion.objects.get(pk=draft.pk).state == "submitted"


def test_a_draft_can_be_dropped_and_begun_again(admin):
    draft = draft_of("UK", admin)

    answer = logged_in(admin).post(page(draft), {"act": "drop", "confirmed": "1"})

    assert answer.url == page(draft.pack)
    assert draft_of("UK", admin).number == 2


def test_the_same_form_sent_twice_begins_one_draft(admin):
    pack = PolicyPack.objects.get(code="UK")
    form = {"note": "twice", "idempotency": "0b1f8c8e-6f0e-4b1e-9b43-4f8a8d3c5e11"}

    answers = [logged_in(admin).post(page(pack), form) for _ in range(2)]

    assert answers[0].url == answers[1].url
    assert pack.versions.count() == 2


def test_the_administrator_sees_no_publish_button_and_the_service_refuses_it(admin):
    draft = draft_of("UK", admin)
    rule = draft.rules.get(code="uk-policy-hours")
    logged_in(admin).post(page(rule), filled(rule, mon_closes="14:00"))
    logged_in(admin).post(page(draft), {"act": "submit", "confirmed": "1"})

    shown = logged_in(admin).get(page(draft)).content.decode()
    answer = logged_in(admin).post(page(draft), {"act": "publish", "confirmed": "1"})

    assert 'value="publish"' not in shown
    assert "Only compliance publishes" in answer.content.decode()


def test_an_administrator_who_edited_the_draft_sees_no_publish_button_as_compliance_either(admin, compliance):
    editor = make_user("admin")
    draft = draft_of("UK", admin)
    rule = draft.rules.get(code="uk-policy-hours")
    logged_in(editor).post(page(rule), filled(rule, mon_closes="14:00"))
    logged_in(admin).post(page(draft), {"act": "submit", "confirmed": "1"})
    editor.role = "compliance"
    editor.save(update_fields=["role"])

    shown = {user: logged_in(user).get(page(draft)).content.decode() for user in (editor, compliance)}

    assert 'value="publish"' not in shown[editor]
    assert 'value="publish"' in shown[compliance]


@pytest.mark.parametrize("role", ["agent", "manager", "finance"])
def test_nobody_else_reads_policy_in_the_admin(role):
    pack = PolicyPack.objects.get(code="UK")
    user = make_user(role)
    user.is_staff = True
    user.save(update_fields=["is_staff"])

    assert logged_in(user).get(page(pack)).status_code in (403, 404)
    assert logged_in(user).get(reverse("admin:communications_policyversion_changelist")).status_code == 403


def test_compliance_reads_rules_and_decisions_but_edits_nothing(admin, compliance):
    draft = draft_of("UK", admin)
    rule = draft.rules.get(code="uk-policy-hours")
    call(place_account())
    client = logged_in(compliance)

    client.post(page(rule), filled(rule, mon_closes="14:00"))

    assert PolicyRule.objects.get(pk=rule.pk).params["mon"] == "08:00-21:00"
    assert client.get(page(rule)).status_code == 200
    for name in ("policypack", "policyversion", "policyrule", "policydecision"):
        assert client.get(reverse(f"admin:communications_{name}_changelist")).status_code == 200
    assert client.get(page(PolicyDecision.objects.get())).status_code == 200


def test_the_admin_reads_spanish(admin):
    admin.language = "es-mx"
    admin.save(update_fields=["language"])
    draft = draft_of("MX", admin)

    shown = logged_in(admin).get(page(draft), headers={"accept-language": "es-mx"}).content.decode()

    assert "lun - dom 07:00 - 22:00" in shown
    assert "Solo en el horario " in shown


def test_the_worked_example_of_a_rule_follows_what_is_written_before_it_is_saved(admin):
    rule = draft_of("UK", admin).rules.get(code="uk-policy-hours")
    days = {f"{day}_closes": "14:00" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    client = logged_in(admin)
    asked = filled(rule, **days) | {"look": "1"}

    alone = client.post(page(rule), asked, headers={"HX-Request": "true"}).content.decode()
    whole = client.post(page(rule), asked).content.decode()

    assert "14:00" in alone
    assert alone.strip() in whole
    assert "<form" not in alone
    assert PolicyRule.objects.get(pk=rule.pk).params["mon"] != "08:00-14:00"


def test_what_makes_no_rule_leaves_the_example_as_it_was(admin):
    rule = draft_of("UK", admin).rules.get(code="uk-policy-hours")
    asked = filled(rule, mon_closes="25:99") | {"look": "1"}

    answer = logged_in(admin).post(page(rule), asked, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert "25:99" not in answer.content.decode()
