"""A complaint in each place, told from the customer's word to its end."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.foundation.errors import Refused
from accounts.models import NextKind
from accounts.services.complaint_referrals import ask_authority, record_ruling, refer_complaint
from accounts.services.complaints import (
    acknowledge_complaint,
    record_complaint_answer,
    reject_complaint,
    review_complaint,
    tell_of_delay,
    uphold_complaint,
)
from arrangements.services.escalation_kinds.case_kind import Proposal
from arrangements.services.escalation_kinds.checks import no_dispute_or_hardship, policy_allows
from collections_crm.selectors.complaints import when_due
from tests.complaints.steps import answered, complained, referred
from tests.factories import NOW, TODAY, again, make_portfolio, make_user, place_account
from tests.support.cases import account_for, serve

pytestmark = pytest.mark.django_db


def at(place: str, day: date) -> datetime:
    zone = {"UK": "Europe/London", "US": "America/New_York", "MX": "America/Monterrey", "AU": "Australia/Sydney"}
    return datetime(day.year, day.month, day.day, 11, tzinfo=ZoneInfo(zone[place]))


def rule_against(account, on) -> str:
    refusal = policy_allows(Proposal(account=account, on=on)).refusal
    return refusal.params["rule"] if refusal else ""


def test_uk_eight_weeks_go_by_the_customer_goes_to_the_ombudsman_and_no_claim_is_issued(agent, manager):
    account = account_for("legal")
    assert rule_against(account, TODAY) == ""
    complaint = complained(account, agent, "fees")
    acknowledge_complaint(complaint_id=complaint.pk, actor=agent, now=NOW)
    review_complaint(complaint_id=complaint.pk, actor=agent, now=NOW)
    tell_of_delay(
        complaint_id=complaint.pk, reasons="The statement is missing.", until=date(2027, 2, 1), actor=manager,
        now=at("UK", date(2027, 1, 13)),
    )  # fmt: skip
    assert when_due(again(complaint), date(2027, 1, 14)) == (
        "late: was due Wed 13 Jan 2027 · told until Mon 1 Feb 2027"
    )

    gone = referred(complaint, agent, now=at("UK", date(2027, 1, 20)), on=date(2027, 1, 19))

    assert (gone.state, gone.is_late(date(2027, 3, 1))) == ("referred", False)
    assert rule_against(account, date(2027, 1, 21)) == "uk-conc-fos-proceedings"
    decided = {"ruling": "upheld", "on": date(2027, 3, 1), "said": "Take the fee off."}
    record_ruling(complaint_id=complaint.pk, actor=manager, now=at("UK", date(2027, 3, 2)), **decided)
    done = again(complaint)
    assert (done.state, done.ruling, done.ruling_note.text) == ("closed", "upheld", "Take the fee off.")
    assert not done.hold.in_force
    assert rule_against(account, date(2027, 3, 2)) != "uk-conc-fos-proceedings"


def test_uk_what_we_had_answered_is_held_again_while_the_ombudsman_has_it(agent, manager):
    account = account_for("legal")
    complaint = answered(account, agent, manager)
    first = again(complaint).hold
    assert rule_against(account, TODAY) == ""

    referred(complaint, agent)

    gone = again(complaint)
    assert (gone.hold.in_force, gone.hold != first, gone.ended_at) == (True, True, None)
    assert rule_against(account, TODAY) == "uk-conc-fos-proceedings"
    assert no_dispute_or_hardship(Proposal(account=account, on=TODAY)).refusal is not None
    assert (again(account).next_kind, again(account).next_on) == (NextKind.REVIEW_HOLD, TODAY + timedelta(days=30))
    assert (gone.outcome, gone.answered_on) == ("rejected", TODAY)


def test_uk_the_ombudsman_is_asked_again_each_thirty_days(agent, manager):
    complaint = referred(answered(place_account(owner=agent), agent, manager), agent)
    later = NOW + timedelta(days=30)

    ask_authority(complaint_id=complaint.pk, actor=agent, now=later)

    assert again(complaint).due_on == TODAY + timedelta(days=60)


def test_uk_what_the_ombudsman_decided_is_over_for_good(agent, manager):
    complaint = referred(answered(place_account(), agent, manager), agent)
    ruled = {"complaint_id": complaint.pk, "ruling": "rejected", "said": "", "actor": manager, "now": NOW}
    with pytest.raises(Refused, match="The authority decided on a day from"):
        record_ruling(on=TODAY - timedelta(days=1), **ruled)
    record_ruling(on=TODAY, **ruled)

    with pytest.raises(Refused) as caught:
        referred(complaint, agent)
    assert caught.value.code == "complaint_ruled_already"
    with pytest.raises(Refused) as caught:
        record_ruling(on=TODAY, **ruled)
    assert caught.value.code == "complaint_not_referred"


def test_us_what_comes_through_the_cfpb_is_answered_within_fifteen_days_on_its_portal(agent, manager):
    account = place_account(jurisdiction="US", owner=agent)
    complaint = complained(account, agent, "information", way="cfpb", in_writing=True)
    assert when_due(complaint, date(2026, 11, 18)) == "due Wed 25 Nov 2026"
    acknowledge_complaint(complaint_id=complaint.pk, actor=agent, now=NOW)
    review_complaint(complaint_id=complaint.pk, actor=agent, now=NOW)
    assert when_due(again(complaint), date(2026, 12, 1)) == "due Thu 3 Dec 2026 (in 2 days)"

    given = {"complaint_id": complaint.pk, "actor": manager, "now": NOW}
    uphold_complaint(outcome="upheld", remedies=["records"], reasons="The date was wrong.", **given)
    record_complaint_answer(how="portal", on=TODAY, **given)

    assert (again(complaint).state, again(account).next_kind) == ("closed", NextKind.ACT)


def test_mx_redeco_gives_thirty_business_days_and_the_customer_may_go_on_to_condusef(agent, manager):
    account = place_account(jurisdiction="MX", owner=agent)
    complaint = complained(account, agent, "conduct", way="condusef", about_agent_id=agent.pk)
    officer = make_user("compliance")
    acknowledge_complaint(complaint_id=complaint.pk, actor=officer, now=at("MX", date(2026, 11, 20)))
    review_complaint(complaint_id=complaint.pk, actor=officer, now=at("MX", date(2026, 11, 23)))
    assert not again(complaint).is_late(date(2026, 12, 31))
    assert again(complaint).is_late(date(2027, 1, 1))

    with pytest.raises(Refused) as caught:
        refer_complaint(complaint_id=complaint.pk, on=date(2026, 12, 1), actor=agent, now=at("MX", date(2026, 12, 2)))
    assert caught.value.code == "complaint_about_you"
    referred(complaint, officer, now=at("MX", date(2026, 12, 2)), on=date(2026, 12, 1), reference="2026/0/1")

    assert again(complaint).authority_reference == "2026/0/1"


def test_au_hardship_complaints_are_answered_in_twenty_one_days_and_afca_stops_all_action(agent, manager):
    portfolio = make_portfolio("AU")
    account = place_account(portfolio=portfolio, owner=agent, limitation_on=TODAY + timedelta(days=900))
    serve(account, "default_au")
    serve(account, "forbearance_offered")
    today = date(2026, 11, 19)
    complaint = complained(account, agent, "hardship")
    assert complaint.answer_by == date(2026, 12, 10)
    acknowledge_complaint(complaint_id=complaint.pk, actor=agent, now=NOW)
    review_complaint(complaint_id=complaint.pk, actor=agent, now=NOW)
    reject_complaint(complaint_id=complaint.pk, reasons="We had answered in time.", actor=manager, now=NOW)
    record_complaint_answer(complaint_id=complaint.pk, how="email", on=today, actor=manager, now=NOW)
    assert rule_against(account, today) == ""

    referred(complaint, agent, on=today)

    assert rule_against(account, today) == "au-afca"
    record_ruling(
        complaint_id=complaint.pk, ruling="agreed", on=today, said="A plan of twelve payments.", actor=manager, now=NOW
    )
    assert rule_against(account, today) == ""


def test_two_day_zones_a_day_to_come_here_is_today_there(agent):
    account = place_account(jurisdiction="AU")

    assert complained(account, agent, received_on=date(2026, 11, 19)).received_on == date(2026, 11, 19)
    with pytest.raises(Refused) as caught:
        complained(place_account(), agent, received_on=date(2026, 11, 19))
    assert caught.value.code == "complaint_in_the_future"
