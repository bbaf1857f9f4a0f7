"""Two tabs of one agent at the same moment: one call."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from accounts.foundation.errors import Refused
from accounts.models import User
from communications.models import Contact
from communications.services.contacts import start_call
from communications.services.inbound import answer_caller
from tests.factories import NOW, make_portfolio, make_user, place_account


def ring_out(account, agent, key):
    point = account.parties.get().contact_points.get(kind="phone")
    given = {"account_ids": [account.pk], "contact_point_id": point.pk, "purpose": "demand"}
    start_call(**given, key=key, actor=agent, now=NOW)


def take_caller(account, agent, key):
    answer_caller(account_id=account.pk, caller_role="primary", key=key, actor=agent, now=NOW)


def test_two_tabs_at_the_same_moment_open_one_call_in_whatever_direction(real_db):
    agent = make_user("agent", make_portfolio("UK").teams.get())
    gate = Barrier(3)

    def tab(act, account, key):
        try:
            gate.wait(timeout=10)
            act(account, User.objects.get(pk=agent.pk), key)
            return "open"
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        acts = [(ring_out, place_account(), "a"), (ring_out, place_account(), "b"), (take_caller, place_account(), "c")]
        answers = list(pool.map(lambda act: tab(*act), acts))

    assert sorted(answers) == ["contact_still_open", "contact_still_open", "open"]
    assert Contact.objects.filter(agent=agent, wrapped_up_at__isnull=True).count() == 1
