"""Why somebody may not be contacted, and from when: told in full, one click from the account page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.services.contact_points import opt_out
from tests.factories import NOW, make_user, place_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def text_of(page):
    return " ".join(strip_tags(page.content.decode()).split())


def told(client, account):
    answer = client.get(reverse("account-why", args=[account.reference]))
    assert answer.status_code == 200
    return answer


def test_each_way_says_its_verdict_every_reason_with_its_source_and_from_when(client, agent, settings):
    settings.FROZEN_NOW = NOW.replace(hour=3) + timedelta(days=1)
    account = place_account(email="juana@example.com")
    opt_out(
        contact_point_id=account.parties.get().contact_points.get(kind="email").pk,
        channel="email",
        actor=None,
        now=NOW,
    )
    client.force_login(agent)

    page = told(client, account)

    answers = {answer.channel: answer for answer in page.context["why"].answers}
    assert answers["call"].from_when.hour == 8
    assert [reason.rule for reason in answers["call"].reasons][:1] == ["uk-policy-hours"]
    assert answers["email"].from_when is None
    assert "firm-opt-out" in [reason.rule for reason in answers["email"].reasons]
    words = text_of(page)
    assert "CONC 7.9.4R" in words
    assert "until somebody changes it" in words
    assert "It would be allowed from" in words
    assert "address" in words


def test_the_account_page_leads_to_the_reason_of_the_channel_that_is_closed(client, agent):
    account = place_account(email="juana@example.com")
    point = account.parties.get().contact_points.get(kind="email")
    opt_out(contact_point_id=point.pk, channel="email", actor=None, now=NOW)
    client.force_login(agent)

    page = client.get(reverse("account", args=[account.reference])).content.decode()

    assert f'href="{reverse("account-why", args=[account.reference])}#email-{point.pk}"' in page
    assert f'id="email-{point.pk}"' in told(client, account).content.decode()


def test_in_spanish_it_is_spanish_and_with_nobody_to_reach_it_says_what_to_do(client, team):
    client.force_login(make_user("agent", team, language="es-mx"))

    words = text_of(told(client, place_account(phone=None, address=False)))

    assert "Agregue un teléfono o correo" in words
    assert "Nobody" not in words
