"""Administrators keep people: roles, lock-outs, lost phones. Nobody else comes near, and nobody is deleted."""

import pytest
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import Event, User
from tests.people.conftest import PASSWORD

PEOPLE = "admin:accounts_user_changelist"


@pytest.fixture
def as_admin(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("root", role="admin", is_staff=True))
    return client


def act(client, action, person):
    return client.post(reverse(PEOPLE), {"action": action, "_selected_action": [person.pk]}, follow=True)


def test_an_administrator_gives_somebody_a_role(as_admin, agent):
    page = reverse("admin:accounts_user_change", args=[agent.pk])
    fields = {
        "username": "ana",
        "role": "manager",
        "language": "es-mx",
        "zone": "America/Mexico_City",
        "is_active": "on",
    }

    as_admin.post(page, fields)

    agent.refresh_from_db()
    assert (agent.role, agent.language) == ("manager", "es-mx")


@pytest.mark.parametrize("role", ["agent", "manager", "finance", "compliance"])
def test_nobody_else_sees_the_people(client, django_user_model, role):
    client.force_login(django_user_model.objects.create_user("beto", role=role, is_staff=True))

    assert client.get(reverse(PEOPLE)).status_code == 403


def test_nobody_is_deleted(as_admin, agent):
    answer = as_admin.post(reverse("admin:accounts_user_delete", args=[agent.pk]), {"post": "yes"})

    assert answer.status_code == 403
    assert User.objects.filter(pk=agent.pk).exists()


def test_a_lock_out_is_lifted_before_its_time(as_admin, agent, client_class):
    guesser = client_class()
    for _ in range(5):
        guesser.post(reverse("login"), {"username": "ana", "password": "wrong"})
    locked = guesser.post(reverse("login"), {"username": "ana", "password": PASSWORD})

    act(as_admin, "unlock", agent)

    assert locked.status_code == 429
    assert guesser.post(reverse("login"), {"username": "ana", "password": PASSWORD}).status_code == 302


def test_a_lost_phone_no_longer_keeps_its_owner_out(as_admin, agent):
    TOTPDevice.objects.create(user=agent, name="app", confirmed=True)

    act(as_admin, "remove_second_step", agent)

    assert not TOTPDevice.objects.filter(user=agent).exists()


def test_whose_second_step_was_removed_and_by_whom_stays_on_record(as_admin, agent):
    TOTPDevice.objects.create(user=agent, name="app", confirmed=True)

    for _time in range(2):
        act(as_admin, "remove_second_step", agent)

    event = Event.objects.get(kind="user.two_step_removed")
    assert (event.subject_type, event.subject_id, event.actor.username) == ("user", agent.pk, "root")


def set_password(client, person, password, again=None):
    page = reverse("admin:auth_user_password_change", args=[person.pk])
    given = {"usable_password": "true", "set-password": "1", "password1": password, "password2": again or password}
    return client.post(page, given)


def test_whose_password_was_set_anew_and_by_whom_stays_on_record(as_admin, agent):
    set_password(as_admin, agent, "five-plain-words-here")

    agent.refresh_from_db()
    event = Event.objects.get(kind="user.password_reset")
    assert agent.check_password("five-plain-words-here")
    assert (event.subject_type, event.subject_id, event.actor.username) == ("user", agent.pk, "root")
    assert event.codes == {}


OWN = "three-words-of-mine"


def come_in(client, name, password):
    client.post(reverse("login"), {"username": name, "password": password})
    return client


def test_whoever_was_given_a_password_chooses_another_before_anything_else(as_admin, agent, client_class):
    set_password(as_admin, agent, "five-plain-words-here")
    theirs = come_in(client_class(), "ana", "five-plain-words-here")
    change = reverse("password_change")

    assert theirs.get(reverse("home")).headers["Location"] == change
    assert theirs.get(reverse("home"), headers={"HX-Request": "true"}).headers["HX-Redirect"] == change
    assert "Somebody else set your password" in theirs.get(change).content.decode()

    given = {"old_password": "five-plain-words-here"}
    same = theirs.post(change, given | dict.fromkeys(["new_password1", "new_password2"], "five-plain-words-here"))
    assert "Choose another one" in same.content.decode()
    theirs.post(change, given | dict.fromkeys(["new_password1", "new_password2"], OWN))
    assert theirs.get(reverse("home"), follow=True).status_code == 200
    assert not User.objects.get(pk=agent.pk).password_is_given


def test_somebody_new_chooses_a_password_of_their_own_too(as_admin, client_class):
    said = {"username": "nuevo", "usable_password": "true", "password1": OWN, "password2": OWN, "role": "agent"}
    as_admin.post(reverse("admin:accounts_user_add"), said | {"language": "en", "zone": "Europe/London"})

    theirs = come_in(client_class(), "nuevo", OWN)
    assert theirs.get(reverse("home")).headers["Location"] == reverse("password_change")
    assert Event.objects.get(kind="user.added").actor.username == "root"


def test_a_password_that_was_not_set_leaves_no_record(as_admin, agent):
    set_password(as_admin, agent, "five-plain-words-here", again="other-plain-words-here")

    assert not Event.objects.filter(kind="user.password_reset").exists()
    assert as_admin.get(reverse("admin:auth_user_password_change", args=["nobody"])).status_code == 404


def test_the_secret_of_a_second_step_is_not_for_administrators(as_admin):
    assert as_admin.get("/admin/otp_totp/totpdevice/").status_code == 404
