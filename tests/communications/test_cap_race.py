"""Many at one person at once: the cap holds, because the gate is asked under the person's lock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Account
from communications.models import Contact, PolicyDecision
from communications.services.authorise import authorise_contact
from communications.services.policy_versions import draft_from_live, edit_rule, publish, submit
from tests.factories import NOW, make_party, make_user, place_account


def cap_of(limit, maker, checker):
    """Publish a firm policy that lets a person in the UK be tried `limit` times a day."""
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
