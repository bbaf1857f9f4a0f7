"""The policy in force is asked before a case takes an account to enforcement."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import AccountParty, HoldKind
from accounts.services.accounts import today_of
from accounts.services.holds import place_hold
from arrangements.services.escalation_kinds.case_kind import Proposal
from arrangements.services.escalation_kinds.checks import policy_allows
from communications.models import PolicyDecision
from communications.services.notices import record_first_notice
from tests.factories import NOW, TODAY, make_limit, make_portfolio, place_account
from tests.support.cases import account_for, serve
from tests.support.offers import offer

pytestmark = pytest.mark.django_db


def refusal_of(account, on=TODAY):
    return policy_allows(Proposal(account=account, on=on)).refusal


def test_an_account_whose_notices_were_waited_out_may_be_enforced():
    assert refusal_of(account_for("legal")) is None
    assert not PolicyDecision.objects.exists()


@pytest.mark.parametrize(
    ("served", "rule"),
    [((), "uk-default-notice"), (("default",), "uk-pap-debt"), (("letter_of_claim",), "uk-default-notice")],
)
def test_a_notice_that_was_not_served_stands_against_it_and_is_named(served, rule):
    refusal = refusal_of(account_for("legal", served=served))

    assert (refusal.code, refusal.params["rule"]) == ("case_policy", rule)
    assert rule in str(refusal)


def test_a_notice_whose_time_runs_stands_against_it_until_the_day_after():
    account = account_for("legal", served=("letter_of_claim",))
    serve(account, "default", waited=False)

    assert refusal_of(account).params["rule"] == "uk-default-notice"
    assert refusal_of(account, on=TODAY + timedelta(days=20)) is None


def test_the_moratorium_of_somebody_else_who_owes_stands_against_it(agent):
    account = account_for("legal")
    other = place_account().parties.get()
    AccountParty.objects.create(account=account, party=other, role="guarantor")
    place_hold(kind=HoldKind.BREATHING_SPACE, party_id=other.pk, actor=agent, now=NOW)

    assert refusal_of(account).params["rule"] == "uk-bs-enforcement"


def test_hardship_help_that_was_refused_stands_against_it_for_fourteen_days(agent):
    account = place_account(portfolio=make_portfolio("AU"), limitation_on=TODAY + timedelta(days=900))
    serve(account, "default_au")
    serve(account, "forbearance_offered")
    record_first_notice(account_id=account.pk, kind="hardship_refused", sent_on=TODAY, actor=agent, now=NOW)

    assert refusal_of(account, on=today_of(account, NOW)).params["rule"] == "au-hardship-refused"
    assert refusal_of(account, on=TODAY + timedelta(days=14)) is None


def test_in_australia_neither(agent):
    bare = place_account(portfolio=make_portfolio("AU"), limitation_on=TODAY + timedelta(days=900))
    serve(bare, "default_au")

    assert refusal_of(bare, on=today_of(bare, NOW)).params["rule"] == "au-policy-forbearance-first"
    make_limit("agent")
    offer(bare, agent)
    assert refusal_of(bare, on=today_of(bare, NOW)) is None


def test_nothing_is_enforced_before_a_way_to_pay_was_offered(agent):
    account = account_for("legal")
    bare = place_account(limitation_on=TODAY + timedelta(days=400))
    for notice in ("default", "letter_of_claim"):
        serve(bare, notice)

    assert refusal_of(account) is None
    assert refusal_of(bare).params["rule"] == "uk-conc-forbearance-first"
    make_limit("agent")
    offer(bare, agent)
    assert refusal_of(bare) is None
