"""Coming in: password, lock-out, second step, an expired session, and what a browser may keep."""

from base64 import b16decode

import pytest
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from collections_crm.pages.client_address import client_address
from tests.people.conftest import PASSWORD

SECRET = "00112233445566778899aabbccddeeff00112233"


@pytest.fixture
def second_step(agent):
    return TOTPDevice.objects.create(user=agent, name="app", confirmed=True, key=SECRET)


def code_now() -> str:
    return f"{totp(b16decode(SECRET.upper())):06d}"


def log_in(client, password=PASSWORD, **more):
    return client.post(reverse("login"), {"username": "ana", "password": password, **more})


def test_the_right_password_opens_the_page_that_was_asked_for(client, agent):
    answer = log_in(client, next="/password/")

    assert answer.headers["Location"] == "/password/"
    assert int(client.session["_auth_user_id"]) == agent.pk


def test_a_page_of_somebody_else_is_never_gone_to(client, agent):
    answer = log_in(client, next="https://evil.example.com/")

    assert answer.headers["Location"].startswith("/")


def test_a_wrong_password_says_so_and_opens_nothing(client, agent):
    answer = log_in(client, "wrong")

    assert answer.status_code == 200
    assert "error-summary" in answer.text
    assert "_auth_user_id" not in client.session


def test_five_wrong_passwords_lock_this_name_from_this_machine(client, agent):
    answers = [log_in(client, "wrong") for _ in range(5)]

    assert answers[-1].status_code == 429
    assert "Try again in 15 minutes" in answers[-1].text
    assert log_in(client).status_code == 429


def guess_from(client, forwarded, times=5):
    """Wrong passwords, sent through the one proxy that the pages see."""
    data = {"username": "ana", "password": "wrong"}
    return [client.post(reverse("login"), data, headers={"X-Forwarded-For": forwarded}) for _ in range(times)][-1]


def come_from(client, forwarded):
    data = {"username": "ana", "password": PASSWORD}
    return client.post(reverse("login"), data, headers={"X-Forwarded-For": forwarded}).status_code


def test_behind_a_trusted_proxy_a_guesser_locks_nobody_else_out(client, agent, settings):
    settings.TRUSTED_PROXIES = 1

    assert guess_from(client, "203.0.113.7").status_code == 429
    assert come_from(client, "198.51.100.4") == 302


def test_a_guesser_who_makes_up_addresses_stays_locked_out(client, agent, settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(5):
        guess_from(client, f"192.0.2.{number}, 203.0.113.7", times=1)

    assert come_from(client, "192.0.2.99, 203.0.113.7") == 429


def test_without_a_trusted_proxy_the_header_is_not_believed(client, agent):
    for number in range(5):
        guess_from(client, f"192.0.2.{number}", times=1)

    assert come_from(client, "192.0.2.99") == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.7", "10.0.0.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "192.0.2.1, 203.0.113.7", "203.0.113.7"),
        (2, "192.0.2.1, 203.0.113.7, 10.0.0.9", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.1"),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "unknown", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_the_address_of_a_client_is_what_the_outermost_proxy_of_ours_saw(rf, settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})

    assert client_address(request) == address


def test_with_a_second_step_the_password_alone_opens_nothing(client, agent, second_step):
    answer = log_in(client)

    assert answer.headers["Location"] == reverse("login-code")
    assert "_auth_user_id" not in client.session


def test_the_code_of_the_app_completes_the_log_in(client, agent, second_step):
    log_in(client, next="/password/")

    answer = client.post(reverse("login-code"), {"code": code_now()})

    assert answer.headers["Location"] == "/password/"
    assert int(client.session["_auth_user_id"]) == agent.pk


def test_a_wrong_code_opens_nothing(client, agent, second_step):
    log_in(client)

    answer = client.post(reverse("login-code"), {"code": "000000"})

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_nobody_reaches_the_code_without_the_password(client, agent, second_step):
    assert client.get(reverse("login-code")).headers["Location"] == reverse("login")


def test_a_password_proved_six_minutes_ago_no_longer_counts(client, agent, second_step, settings):
    log_in(client)
    settings.CLOCK_OFFSET = 6 * 60

    answer = client.post(reverse("login-code"), {"code": code_now()})

    assert answer.headers["Location"] == reverse("login")


def test_a_second_step_counts_only_after_its_first_right_code(at_work, agent):
    at_work.get(reverse("two-step"))
    device = TOTPDevice.objects.get(user=agent)
    assert not device.confirmed

    at_work.post(reverse("two-step"), {"code": f"{totp(device.bin_key):06d}"})

    device.refresh_from_db()
    assert device.confirmed


def test_the_picture_of_the_secret_is_gone_once_it_is_confirmed(at_work, agent):
    at_work.get(reverse("two-step"))
    before = at_work.get(reverse("two-step-picture"))
    TOTPDevice.objects.filter(user=agent).update(confirmed=True)

    assert before.headers["Content-Type"] == "image/svg+xml"
    assert at_work.get(reverse("two-step-picture")).status_code == 404


def test_switching_the_second_step_off_takes_a_code(at_work, agent, second_step):
    at_work.post(reverse("two-step-off"), {"code": "000000"})
    assert TOTPDevice.objects.filter(user=agent).exists()

    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    at_work.post(reverse("two-step-off"), {"code": code_now()})

    assert not TOTPDevice.objects.filter(user=agent).exists()


def test_an_expired_session_is_told_to_scripts_by_a_401(client, db):
    assert client.get(reverse("two-step"), headers={"HX-Request": "true"}).status_code == 401
    assert client.get(reverse("two-step")).status_code == 302


def test_logging_in_again_over_the_page_answers_with_a_fresh_token(client, agent):
    answer = client.post(reverse("login-again"), {"username": "ana", "password": PASSWORD})

    assert answer.status_code == 204
    assert len(answer.headers["X-CSRF-Token"]) == 64


def test_logging_in_again_needs_the_code_too(client, agent, second_step):
    without = client.post(reverse("login-again"), {"username": "ana", "password": PASSWORD})
    with_code = client.post(reverse("login-again"), {"username": "ana", "password": PASSWORD, "otp_token": code_now()})

    assert without.status_code == 422
    assert with_code.status_code == 204


def test_logging_out_takes_a_post(at_work):
    assert at_work.get(reverse("logout")).status_code == 405

    at_work.post(reverse("logout"))

    assert "_auth_user_id" not in at_work.session


def test_no_browser_keeps_what_a_logged_in_person_sees(at_work):
    answer = at_work.get(reverse("two-step"))

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_an_act_renews_the_session_and_a_question_of_the_page_does_not(at_work, settings):
    session_cookie = settings.SESSION_COOKIE_NAME

    act = at_work.post(reverse("session-stay"))
    question = at_work.post(reverse("session-stay"), headers={"X-Poll": "1"})

    assert session_cookie in act.cookies
    assert session_cookie not in question.cookies


def test_a_new_password_is_used_from_then_on(at_work, agent):
    new = "another long secret 7"

    at_work.post(reverse("password_change"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new})

    assert User.objects.get(pk=agent.pk).check_password(new)
