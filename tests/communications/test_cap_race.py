"""Many at one person at once: the cap holds, because the gate is asked under the person's lock."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from threading import Barrier

from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Account, ContactPoint
from accounts.services.contact_points import record_consent
from communications.models import Contact, Message, PolicyDecision
from communications.selectors.live_policy import live_packs
from communications.services.authorise import authorise_contact
from communications.services.messages import queue_message
from communications.services.policy_versions import draft_from_live, edit_rule, publish, submit
from communications.services.send import claim
from communications.services.send_sets import turn_away
from tests.factories import NOW, TODAY, make_party, make_user, place_account


def cap_of(limit, maker, checker):
    """Let a person in the UK be tried `limit` times a day, by publishing it unless it is in force already."""
    if live_packs(NOW).rule("firm-uk-daily-cap").params["limit"] == limit:
        return
    draft = draft_from_live(pack_code="firm", note="a tighter cap", actor=maker, now=NOW)
    rule = draft.rules.get(code="firm-uk-daily-cap")
    edit_rule(rule_id=rule.pk, changes={"params": {**rule.params, "limit": limit}}, actor=maker, now=NOW)
    submit(version_id=draft.pk, actor=maker, now=NOW)
    publish(version_id=draft.pk, actor=checker, now=NOW)


def all_at_once(accounts: list[Account]) -> list[str]:
    """Ask about each account in a thread of its own; the verdicts, in no order."""
    asked = [(a.pk, a.parties.get().pk, a.parties.get().contact_points.get(kind="phone").pk) for a in accounts]
    gate = Barrier(len(asked))

    def ask(about: tuple[int, int, int]) -> str:
        account_id, party_id, point_id = about
        try:
            gate.wait(timeout=10)
            given = authorise_contact(
                account_ids=[account_id],
                party_id=party_id,
                contact_point_id=point_id,
                channel="call",
                purpose="demand",
                actor=None,
                now=NOW,
            )
            return given.decision.verdict
        finally:
            connection.close()

    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(ask, asked))


def test_two_agents_at_one_person_with_a_cap_of_one_make_exactly_one_contact(real_db):
    cap_of(1, make_user("admin"), make_user("compliance"))
    account = place_account()
    twin = place_account(party=make_party("Juana Ramirez", root=account.parties.get()))

    verdicts = all_at_once([account, twin])

    person = account.parties.get().person_id
    assert sorted(verdicts) == ["allow", "needs_override"]
    assert Contact.objects.filter(person_id=person).count() == 1


def test_twenty_at_once_agents_reminders_and_a_bulk_send_make_one_contact_under_a_cap_of_one(real_db):
    cap_of(1, make_user("admin"), make_user("compliance"))
    account = place_account()
    point = account.parties.get().contact_points.get(kind="phone")
    record_consent(contact_point_id=point.pk, channel="text", basis="given", actor=None, now=NOW)
    lines = [reminder(account, point, key=f"line-{number}").pk for number in range(13)]
    start = Barrier(20)

    def call() -> None:
        start.wait(timeout=30)
        authorise_contact(
            account_ids=[account.pk],
            party_id=point.party_id,
            contact_point_id=point.pk,
            channel="call",
            purpose="demand",
            actor=None,
            now=NOW,
        )

    def remind(message_id: int) -> None:
        start.wait(timeout=30)
        claim(message_id=message_id, now=NOW)

    def send_all() -> None:
        start.wait(timeout=30)
        for message_id in turn_away(message_ids=lines, now=NOW):
            claim(message_id=message_id, now=NOW)

    def closing(act: Callable[[], None]) -> None:
        try:
            act()
        finally:
            connection.close()

    acts = [call] * 10 + [partial(remind, pk) for pk in lines[:7]] + [send_all] * 3
    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(closing, acts))

    assert Contact.objects.filter(party=point.party).count() == 1
    decided = PolicyDecision.objects.filter(party=point.party)
    assert decided.filter(verdict="allow").count() == 1
    assert decided.count() == 10 + 13
    assert set(Message.objects.values_list("state", flat=True)) <= {"refused", "sending"}


def reminder(account: Account, point: ContactPoint, *, key: str) -> Message:
    return queue_message(
        account_id=account.pk,
        contact_point_id=point.pk,
        channel="text",
        template_code="promise-reminder",
        values={"amount": Decimal("400.00"), "day": TODAY},
        actor=None,
        now=NOW,
        dedupe_key=key,
    )


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tries=st.integers(2, 6), people=st.integers(1, 2))
def test_however_many_try_at_once_no_person_is_tried_more_often_than_the_cap(real_db, tries, people):
    accounts = [place_account() for _ in range(people)]

    all_at_once(accounts * tries)

    for account in accounts:
        made = Contact.objects.filter(person_id=account.parties.get().person_id)
        decided = PolicyDecision.objects.filter(party__account_parties__account=account)
        limit = decided.filter(verdict="allow").count()
        assert made.count() == limit <= 3
        assert decided.count() == tries
        assert all(contact.decision.txid == contact.txid for contact in made.select_related("decision"))
