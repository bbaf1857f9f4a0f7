"""Offers: quoted exactly, with an end; accepted as they are or not at all; beyond limits by somebody else's yes."""

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.foundation.errors import Refused
from accounts.models import CREDITOR, AuthorityLimit, Event, Hold
from accounts.selectors.authority import limit_of
from accounts.services import approvals
from accounts.services.holds import place_hold
from arrangements.models import Arrangement
from arrangements.schedules.rhythms import Rhythm
from arrangements.services.asking import ask_offer
from arrangements.services.offers import accept_offer, expire_offers, turn_down_offer
from arrangements.services.settlements import accept_settlement
from tests.factories import NOW, TODAY, again, make_limit, make_user, pay, place_account
from tests.support.cases import keep_file
from tests.support.offers import accepted, offer, plan_terms, settlement_terms
from tests.support.promises import promise, verified_contact

pytestmark = pytest.mark.django_db
NEXT_WEEK = NOW + timedelta(days=8)


@pytest.fixture
def account(team):
    return place_account(owed="400.00", due="200.00")


@pytest.fixture
def agent(team):
    make_limit("agent", plan_max_days=60, plan_min_first_share=Decimal("0.200"), settlement_max_discount=Decimal("0"))
    return make_user("agent", team)


@pytest.fixture
def manager(team):
    make_limit("manager", plan_max_days=365, plan_min_first_share=0, settlement_max_discount=Decimal("0.500"))
    return make_user("manager", team)


@contextmanager
def refused(code):
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.code == code


def test_an_offer_changes_nothing_until_it_is_accepted(account, agent):
    quoted = offer(account, agent)

    assert quoted.state == "offered"
    assert again(account).state == account.state
    assert not Hold.objects.filter(account=account, kind="arrangement").exists()
    assert quoted.expires_on == TODAY + timedelta(days=7)


def test_an_accepted_plan_pauses_chasing_and_waits_for_its_first_payment(account, agent):
    agreed = accepted(offer(account, agent, count=4), agent)

    account = again(account)
    assert (agreed.state, account.state) == ("active", "arranged")
    assert (account.next_kind, account.next_subject_id) == ("check_promise", agreed.pk)
    assert account.next_on == agreed.instalments.get(number=1).judged_on
    assert Hold.objects.get(account=account, kind="arrangement").review_on == agreed.instalments.get(number=4).judged_on
    assert sum(agreed.instalments.values_list("amount", flat=True)) == Decimal("400.00")


def test_accepting_twice_is_accepting_once(account, agent):
    quoted = offer(account, agent)
    accepted(quoted, agent)
    accepted(quoted, agent)

    assert Arrangement.objects.filter(account=account, state="active").count() == 1
    assert Hold.objects.filter(account=account, kind="arrangement", state="active").count() == 1


def test_an_accepted_plan_replaces_a_promise(account, agent, manager):
    old = promise(account, manager, "100.00")
    new = accepted(offer(account, agent), agent)

    assert (again(old).state, again(old).replaced_by_id) == ("replaced", new.pk)


def test_in_a_call_only_the_verified_person_accepts(account, agent):
    quoted = offer(account, agent)
    stranger = verified_contact(account, agent, verified=False)
    known = verified_contact(account, agent)

    with refused("party_not_verified"):
        accepted(quoted, agent, how="verbal", contact_id=stranger.pk)
    with refused("party_not_verified"):
        accepted(quoted, agent, how="verbal")
    assert accepted(quoted, agent, how="verbal", contact_id=known.pk).accepted_how == "verbal"


def test_a_settlement_that_a_manager_put_in_force_claims_no_call(account, manager):
    given = {"account_id": account.pk, "party_id": account.parties.get().pk, "pay_by": TODAY, "now": NOW}
    settled = accept_settlement(amount=Decimal("300.00"), actor=manager, **given)
    promised = promise(account, manager, "100.00")

    assert (settled.accepted_how, promised.accepted_how) == ("", "verbal")


def test_only_the_terms_that_were_quoted_can_be_accepted(account, agent):
    quoted, other = offer(account, agent, count=4), offer(account, agent, count=5)

    with refused("offer_terms_changed"):
        accept_offer(offer_id=quoted.pk, digest=other.terms_digest, how="written", actor=agent, now=NOW)


def test_payments_altered_past_the_program_are_not_what_was_quoted(account, agent):
    quoted = offer(account, agent, count=4)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE arrangements_instalment DISABLE TRIGGER USER")
        cursor.execute("UPDATE arrangements_instalment SET amount = amount - 1 WHERE number = 1")

    with refused("offer_terms_changed"):
        accepted(quoted, agent)


def test_an_offer_ends_with_its_day(account, agent):
    quoted = offer(account, agent, in_days=20)

    with refused("offer_expired"):
        accepted(quoted, agent, now=NEXT_WEEK)
    assert expire_offers(portfolio=account.portfolio, on=NEXT_WEEK.date(), now=NEXT_WEEK) == [quoted.pk]
    assert again(quoted).state == "expired"
    with refused("offer_not_open"):
        accepted(quoted, agent, now=NEXT_WEEK)


def test_an_offer_stands_no_longer_than_its_first_payment(account, agent):
    assert offer(account, agent, in_days=2).expires_on == TODAY + timedelta(days=2)


def test_a_plan_of_more_than_is_owed_by_now_can_not_be_accepted(account, agent):
    quoted = offer(account, agent)
    pay(account, "50.00")

    with refused("promise_more_than_owed"):
        accepted(quoted, agent)


def test_a_settlement_priced_on_another_balance_can_not_be_accepted(account, manager):
    quoted = offer(account, manager, settlement_terms(account, "300.00", 3))
    pay(account, "50.00")

    with refused("offer_balance_changed"):
        accepted(quoted, manager)


def test_a_customer_who_says_no_leaves_the_offer_readable(account, agent):
    quoted = offer(account, agent)
    turn_down_offer(offer_id=quoted.pk, reason="cannot_afford", actor=agent, now=NOW)
    turn_down_offer(offer_id=quoted.pk, reason="cannot_afford", actor=agent, now=NOW)

    assert again(quoted).state == "declined"
    assert quoted.instalments.count() == 4


def test_a_hold_under_which_nobody_may_be_committed_forbids_accepting(account, agent):
    quoted = offer(account, agent)
    place_hold(kind="insolvency", account_id=account.pk, review_on=TODAY, reason="told", actor=agent, now=NOW)

    with refused("hold_forbids_agreeing"):
        accepted(quoted, agent)
    turn_down_offer(offer_id=quoted.pk, reason="customer_refused", actor=agent, now=NOW)


@pytest.mark.parametrize(
    ("differs", "code"),
    [
        ({"count": 13}, "offer_too_long"),
        ({"count": 40, "rhythm": Rhythm.WEEKLY}, "offer_too_long"),
        ({"count": 9, "total": "300.00"}, "offer_starts_too_small"),
    ],
)
def test_what_is_beyond_the_agents_limits_names_the_limit(account, agent, differs, code):
    make_limit("agent", plan_max_days=60 if code == "offer_too_long" else 365)

    with refused(code):
        offer(account, agent, **differs)


def test_no_agent_settles_alone(account, agent, manager):
    terms = settlement_terms(account, "300.00", 2)

    with refused("offer_discount"):
        offer(account, agent, terms)
    assert offer(account, manager, terms).discount == Decimal("100.00")


def test_the_creditors_own_limit_binds_the_manager_too(account, manager):
    AuthorityLimit.objects.create(role=CREDITOR, portfolio=account.portfolio, settlement_max_discount=Decimal("0.1"))

    with refused("offer_discount"):
        offer(account, manager, settlement_terms(account, "300.00"))


def test_the_most_particular_limit_counts(account, agent):
    AuthorityLimit.objects.create(role="agent", jurisdiction="UK", plan_max_days=10)
    AuthorityLimit.objects.create(role="agent", product=account.portfolio.product, plan_max_days=20)

    with refused("offer_too_long"):
        offer(account, agent, count=3)
    AuthorityLimit.objects.create(role="agent", portfolio=account.portfolio, plan_max_days=30)
    assert offer(account, agent, count=3).state == "offered"


def test_a_limit_in_pesos_says_nothing_about_pounds(account, manager):
    AuthorityLimit.objects.filter(role="manager").delete()
    AuthorityLimit.objects.create(role="manager", currency="MXN", write_off_max=5000, settlement_max_discount=1)

    assert limit_of(manager, account.portfolio).write_off_max == 0
    with pytest.raises(IntegrityError, match="authority_limit_amount_has_currency"), transaction.atomic():
        AuthorityLimit.objects.create(role="manager", write_off_max=5000)


def test_a_limit_lowered_since_makes_an_unapproved_offer_void(account, agent):
    quoted = offer(account, agent)
    make_limit("agent", plan_max_days=5)

    with refused("offer_too_long"):
        accepted(quoted, agent)


def test_a_settlement_lets_go_of_exactly_the_rest(account, manager):
    with refused("settlement_not_below_balance"):
        offer(account, manager, settlement_terms(account, "300.00", discount=Decimal("1.00")))


def test_a_plan_lets_nothing_go(account, manager):
    with refused("promise_more_than_owed"):
        offer(account, manager, plan_terms(account, total="300.00", discount=Decimal("100.00")))


# --- asking


def asked(account, agent, terms, now=NOW):
    given = {"party_id": account.parties.get().pk, "terms": terms, "reason": "affordable", "note": "Two jobs lost."}
    return ask_offer(account_id=account.pk, actor=agent, now=now, **given)


@pytest.fixture
def case(account, agent):
    return asked(account, agent, settlement_terms(account, "300.00", 3))


def test_what_is_approved_is_on_offer_as_it_was_asked(account, agent, manager, case):
    approvals.approve(approval_id=case.approval_id, actor=manager, now=NOW)

    quoted = again(case).arrangement
    assert (quoted.state, quoted.approval_id) == ("offered", case.approval_id)
    assert (again(account).next_owner, again(account).next_kind) == (agent, "act")
    assert accepted(quoted, agent).state == "active"


def test_nobody_accepts_what_waits_for_approval(agent, case):
    with refused("offer_not_open"):
        accepted(case.arrangement, agent)


def test_a_declined_offer_stays_readable_with_its_reason(manager, case):
    approvals.decline(approval_id=case.approval_id, reason="terms", sentence="Too little.", actor=manager, now=NOW)

    assert again(case.arrangement).state == "declined"
    assert again(case).approval.decision_code == "terms"


def test_a_returned_offer_is_asked_for_again_with_other_terms(account, agent, manager, case):
    approvals.return_for_correction(
        approval_id=case.approval_id, reason="terms", sentence="Ask for 350.", actor=manager, now=NOW
    )
    again_asked = asked(account, agent, settlement_terms(account, "350.00", 2))
    approvals.approve(approval_id=again_asked.approval_id, actor=manager, now=NOW)

    assert again_asked.pk == case.pk
    assert again(case.arrangement).state == "withdrawn"
    assert again(again_asked).arrangement.amount == Decimal("350.00")
    assert again(again_asked).arrangement.state == "offered"


def test_a_withdrawn_request_takes_its_offer_with_it(agent, case):
    approvals.withdraw(approval_id=case.approval_id, actor=agent, now=NOW)

    assert again(case.arrangement).state == "withdrawn"


def test_the_manager_who_asked_does_not_approve(account, manager):
    case = asked(account, manager, settlement_terms(account, "100.00", 3))

    with refused("approval_own"):
        approvals.approve(approval_id=case.approval_id, actor=manager, now=NOW)


def test_money_that_came_since_voids_a_settlement_that_was_asked_for(account, manager, case):
    pay(account, "50.00")

    approvals.approve(approval_id=case.approval_id, actor=manager, now=NOW)

    assert again(case).approval.state == "voided"
    assert again(case.arrangement).state == "withdrawn"


def test_a_limit_that_does_not_reach_is_named_at_the_approval(manager, case):
    make_limit("manager", settlement_max_discount=Decimal("0.1"))

    with refused("approval_beyond_limit"):
        approvals.approve(approval_id=case.approval_id, actor=manager, now=NOW)


def test_nobody_is_asked_for_what_one_may_offer_alone(account, agent):
    with refused("offer_within_limits"):
        asked(account, agent, plan_terms(account, 4))


def test_in_writing_needs_a_paper_of_this_account_kept_since_the_offer(account, agent):
    early = keep_file(account, agent, now=NOW - timedelta(days=1))
    quoted = offer(account, agent)
    other = keep_file(place_account(), agent)
    ours = keep_file(account, agent, kind="letter_sent")

    for paper in (None, early.pk, other.pk, ours.pk):
        with refused("offer_needs_paper"):
            accepted(quoted, agent, paper_id=paper)
    accepted(quoted, agent)

    assert Event.objects.get(kind="arrangement.accept").codes["paper"]
