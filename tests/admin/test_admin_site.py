"""The admin site: opened by role, settings to change, money and events to look at, nothing to delete."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib import admin as django_admin
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import Account, Approval, AuthorityLimit, Event, LedgerEntry, User
from accounts.services.approvals import approve
from communications.models import Outcome, Template
from tests.factories import NOW, again, make_limit, make_portfolio, make_team, make_user, pay
from tests.support.cases import raise_case
from tests.support.logged_in import as_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PEOPLE = {"accounts.user", "accounts.team"}  # administrators only
MODELS = sorted(model._meta.label_lower for model in django_admin.site._registry)
EDITABLE = {
    "accounts.user",
    "accounts.team",
    "accounts.portfolio",
    "accounts.product",
    "accounts.authoritylimit",
    "communications.outcome",
    "communications.template",
}


def url(label, page, *args):
    return reverse(f"admin:{label.replace('.', '_')}_{page}", args=args)


def row_of(label):
    model = next(m for m in django_admin.site._registry if m._meta.label_lower == label)
    return model._base_manager.order_by("pk").first()


@pytest.fixture(scope="module")
def some_of_everything(real_db, django_db_blocker):
    """A book with most sorts of rows in it, written once: each test is undone."""
    with django_db_blocker.unblock(), override_settings(FROZEN_NOW=NOW):
        team = make_team(*[make_portfolio(place) for place in ("UK", "US", "MX", "AU")])
        write_book(make_user("agent", team), make_user("manager", team))


def write_book(agent, manager):
    make_limit("agent")
    for kind in ("settlement", "legal"):
        escalation = raise_case(kind, agent)
        approve(approval_id=escalation.approval_id, actor=manager, now=NOW)
    pay(escalation.account, "5.00")
    Template.objects.create(code="some", channel="text", purpose="reminder", body_en="Hello {name}", body_es="")


@pytest.mark.usefixtures("some_of_everything")
@pytest.mark.parametrize("label", MODELS)
def test_every_list_and_row_opens_for_administrators_and_compliance_and_for_nobody_else(label, admin, compliance):
    pages = [url(label, "changelist")]
    if row := row_of(label):
        pages += [url(label, "change", row.pk), url(label, "history", row.pk)]

    assert statuses(as_user(admin), pages) == {200}
    assert statuses(as_user(compliance), pages) == {403 if label in PEOPLE else 200}
    for role in ("agent", "manager", "finance"):
        assert statuses(as_user(make_user(role, is_superuser=True)), pages) == {403}


def statuses(client, pages):
    return {client.get(page).status_code for page in pages}


@pytest.mark.parametrize("label", MODELS)
def test_adding_is_for_settings_and_administrators(label, admin, compliance):
    expected = 200 if label in EDITABLE else 403

    assert as_user(admin).get(url(label, "add")).status_code == expected
    assert as_user(compliance).get(url(label, "add")).status_code == 403


@pytest.mark.usefixtures("some_of_everything")
@pytest.mark.parametrize("label", MODELS)
def test_nothing_is_deleted_not_even_by_a_superuser(label, team):
    root = make_user("admin", is_superuser=True)
    row = row_of(label)

    if row is not None:
        answer = as_user(root).post(url(label, "delete", row.pk), {"post": "yes"})
        assert answer.status_code == 403
        assert type(row)._base_manager.filter(pk=row.pk).exists()


@pytest.mark.usefixtures("some_of_everything")
@pytest.mark.parametrize("model", [Account, Approval, LedgerEntry, Event])
def test_a_change_posted_past_the_page_is_refused(model, admin):
    row = model.objects.order_by("pk").first()

    answer = as_user(make_user("admin", is_superuser=True)).post(
        url(model._meta.label_lower, "change", row.pk), {"state": "paid", "balance": "0"}
    )

    assert answer.status_code == 403
    assert model.objects.filter(pk=row.pk).values().get() == {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields
    }


def test_an_approval_is_not_decided_in_the_admin(agent, admin):
    escalation = raise_case("write_off", agent)
    page = url("accounts.approval", "change", escalation.approval_id)

    text = as_user(admin).get(page).content.decode()

    assert 'name="_save"' not in text
    assert as_user(admin).post(page, {"state": "executed"}).status_code == 403
    assert again(escalation.approval).state == "requested"


def test_somebody_logged_out_is_sent_to_the_products_log_in():
    for page in (reverse("admin:index"), reverse("admin:login")):
        answer = Client().get(page, follow=True)
        assert answer.redirect_chain[-1][0].startswith(reverse("login"))


def test_an_administrator_adds_a_colleague_who_is_no_superuser(admin):
    team = make_team(name="North")
    form = {
        "username": "lucia",
        "usable_password": "true",
        "password1": "five-plain-words-here",
        "password2": "five-plain-words-here",
        "role": "agent",
        "team": team.pk,
        "language": "es-mx",
        "zone": "America/Mexico_City",
        "is_superuser": "on",
        "is_staff": "on",
    }

    as_user(admin).post(url("accounts.user", "add"), form)

    lucia = User.objects.get(username="lucia")
    assert (lucia.role, lucia.team, lucia.is_superuser, lucia.is_staff) == ("agent", team, False, False)
    assert lucia.check_password("five-plain-words-here")
    assert Event.objects.filter(kind="user.added", subject_id=lucia.pk, actor=admin).exists()


def test_nobody_gives_themselves_another_role(admin):
    page = url("accounts.user", "change", admin.pk)
    form = {"username": admin.username, "language": "en", "zone": "UTC", "role": "manager", "is_active": "on"}

    as_user(admin).post(page, form)

    assert (again(admin).role, again(admin).zone) == ("admin", "UTC")


def test_what_somebody_was_before_another_role_stays_on_record_and_nothing_personal_does(admin):
    agent, team = make_user("agent"), make_team()
    form = {"username": agent.username, "first_name": "Lucía", "email": "lucia@example.com", "language": "en",
            "zone": "UTC", "role": "manager", "team": team.pk}  # fmt: skip

    as_user(admin).post(url("accounts.user", "change", agent.pk), form)

    event = Event.objects.get(kind="user.edited", subject_id=agent.pk, actor=admin)
    assert event.codes["values"] == {
        "is_active": [True, False],
        "role": ["agent", "manager"],
        "team": [agent.team_id, team.pk],
    }
    assert {"first_name", "email"} <= set(event.codes["fields"])


def test_a_limit_is_changed_and_the_change_is_on_record(admin):
    limit = make_limit("manager", write_off_max=Decimal("500.00"))
    form = {
        "role": "manager",
        "promise_max_days": "30",
        "promise_min_share": "0.1",
        "promise_max_open_breaks": "2",
        "currency": "GBP",
        "plan_max_days": "180",
        "plan_min_first_share": "0.05",
        "settlement_max_discount": "0.400",
        "write_off_max": "750.00",
    }

    as_user(admin).post(url("accounts.authoritylimit", "change", limit.pk), form)

    event = Event.objects.get(kind="authoritylimit.edited", subject_id=limit.pk)
    assert AuthorityLimit.objects.get(pk=limit.pk).write_off_max == Decimal("750.00")
    assert set(event.codes["fields"]) >= {"write_off_max", "settlement_max_discount"}
    assert event.codes["values"]["write_off_max"] == ["500.00", "750.00"]


def test_an_outcome_keeps_its_code_and_meaning(admin):
    outcome = Outcome.objects.create(
        code="sighs", label_en="sighs", label_es="suspira", reached="party", channels=["call"]
    )
    form = {"code": "laughs", "label_en": "sighs deeply", "label_es": "suspira hondo", "channels": ["call"],
            "reached": "nobody", "review_days": "0", "next_kind": "act", "next_days": "1", "order": "5"}  # fmt: skip

    as_user(admin).post(url("communications.outcome", "change", outcome.pk), form)

    kept = again(outcome)
    assert (kept.code, kept.reached, kept.label_en) == ("sighs", "party", "sighs deeply")


def test_what_an_outcome_did_before_it_was_changed_stays_on_record(admin):
    outcome = Outcome.objects.create(
        code="sighs", label_en="sighs", label_es="suspira", reached="party", channels=["call"], next_days=1
    )
    form = {"label_en": "sighs", "label_es": "suspira", "channels": ["call", "text"], "hold_kind": "dispute",
            "review_days": "0", "next_kind": "act", "next_days": "9", "order": "100", "active": "on"}  # fmt: skip

    as_user(admin).post(url("communications.outcome", "change", outcome.pk), form)

    event = Event.objects.get(kind="outcome.edited", subject_id=outcome.pk)
    assert event.codes["values"] == {
        "channels": [["call"], ["call", "text"]],
        "hold_kind": ["", "dispute"],
        "next_days": [1, 9],
    }


def test_the_words_of_a_template_before_they_were_changed_stay_on_record(admin):
    draft = Template.objects.create(code="t", channel="text", purpose="reminder", body_en="Hi", body_es="Hola")
    form = {"code": "t", "channel": "text", "purpose": "reminder", "body_en": "Good day", "body_es": "Hola"}

    as_user(admin).post(url("communications.template", "change", draft.pk), form)

    event = Event.objects.get(kind="template.edited", subject_id=draft.pk)
    assert event.codes["values"] == {"body_en": ["Hi", "Good day"]}


def test_an_outcome_can_not_place_a_hold_that_does_not_exist(admin):
    outcome = Outcome.objects.create(
        code="sighs", label_en="sighs", label_es="suspira", reached="party", channels=["call"]
    )
    form = {"label_en": "sighs", "label_es": "suspira", "channels": ["call"], "hold_kind": "melancholy",
            "review_days": "0", "next_kind": "act", "next_days": "1", "order": "5"}  # fmt: skip

    answer = as_user(admin).post(url("communications.outcome", "change", outcome.pk), form)

    assert "melancholy is not one of the available choices" in answer.content.decode()
    assert again(outcome).hold_kind == ""


def test_a_template_is_published_in_both_languages_or_not_at_all(admin):
    draft = Template.objects.create(code="t", channel="text", purpose="reminder", body_en="Hi {name}", body_es="")
    page = url("communications.template", "change", draft.pk)
    form = {"code": "t", "channel": "text", "purpose": "reminder", "body_en": "Hi {name}", "_publish": "1"}
    client = as_user(admin)

    for spanish, published in (("", False), ("Hola", False), ("Hola {name}", True)):
        client.post(page, form | {"body_es": spanish})
        assert (again(draft).published_at is not None) is published


def test_a_published_template_never_changes_and_goes_on_as_the_next_version(admin):
    old = Template.objects.create(
        code="t", channel="text", purpose="reminder", body_en="Hi", body_es="Hola", published_at=NOW - timedelta(days=1)
    )
    page, client = url("communications.template", "change", old.pk), as_user(admin)
    form = {"code": "t", "channel": "text", "purpose": "reminder", "body_en": "Other", "body_es": "Otro"}

    assert client.post(page, form).status_code == 403
    assert again(old).body_en == "Hi"

    client.post(page, {"_next_version": "1"})
    client.post(page, {"_next_version": "1"})

    draft = Template.objects.get(code="t", published_at=None)
    assert (draft.version, draft.body_en) == (2, "Hi")


def test_a_spanish_list_has_spanish_headings_title_and_days(admin, some_of_everything):
    admin.language = "es-mx"
    admin.save(update_fields=["language"])

    page = as_user(admin).get(url("accounts.event", "changelist")).content.decode()

    assert "Cuenta" in page
    assert "Account" not in page
    assert "Sitio de administración de Django" not in page
    assert "mié 18 nov 2026" in page
