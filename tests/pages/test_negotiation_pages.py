"""The workbench: what a customer can do, what could be agreed for it, and the offer that comes of it."""

from __future__ import annotations

from decimal import Decimal
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.foundation.errors import Refused
from accounts.models import InterestTerms
from accounts.services import approvals
from accounts.services.holds import place_hold
from arrangements.models import Arrangement, Escalation
from arrangements.services.offers import turn_down_offer
from collections_crm.services.agreement_pdf import data_of
from tests.communications.calls import caller, verify
from tests.factories import (
    NOW,
    TODAY,
    again,
    make_limit,
    make_party,
    make_portfolio,
    make_team,
    make_user,
    place_account,
)
from tests.support.cases import keep_file
from tests.support.logged_in import as_user
from tests.support.offers import offer, settlement_terms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
WISH = {"rhythm": "monthly", "each": "100", "first_on": "+7"}


@pytest.fixture
def account(team):
    make_limit("agent", plan_max_days=180, plan_min_first_share=Decimal("0.1"))
    make_limit("manager", plan_max_days=730, settlement_max_discount=Decimal("0.5"))
    return place_account(owed="1200.00", due="400.00")


@pytest.fixture
def desk(agent):
    return as_user(agent)


def work_out(client, account, **said):
    party = account.parties.get().pk
    given = WISH | {"party": party, "idempotency": uuid4()} | said
    return client.post(reverse("negotiate", args=[account.reference]), given, follow=True)


def codes(answer):
    return [column.of.code for column in answer.context["columns"]]


def column(answer, code):
    return next(one for one in answer.context["columns"] if one.of.code == code)


def test_what_is_overdue_all_that_is_owed_and_token_payments_stand_side_by_side(desk, account):
    answer = work_out(desk, account)

    assert codes(answer) == ["catch_up", "all", "token"]
    assert [len(one.of.terms.payments) for one in answer.context["columns"]] == [4, 12, 3]
    assert column(answer, "all").of.terms.amount == Decimal("1200.00")


def test_a_settlement_stands_beside_them_when_a_sum_is_named(desk, account):
    answer = work_out(desk, account, settle_for="900", settle_in="3")

    settled = column(answer, "settle").of
    assert settled.terms.discount == Decimal("300.00")
    assert [amount for _day, amount in settled.terms.payments] == [Decimal("300.00")] * 3


def test_each_time_is_what_is_paid_most_often_or_first_where_two_differ(desk, account):
    assert column(work_out(desk, account), "all").of.each == Decimal("100.00")
    assert column(work_out(desk, account, each="300"), "catch_up").of.each == Decimal("300.00")


@pytest.mark.parametrize(("field", "more"), [("first_on", {}), ("down_on", {"down": "50"})])
def test_nothing_is_worked_out_from_a_day_gone_by(desk, account, field, more):
    answer = work_out(desk, account, **{field: "2026-11-02"}, **more)

    assert answer.status_code == 422
    assert "has passed" in answer.content.decode()
    assert not answer.context["columns"]


def test_a_hold_that_forbids_agreeing_is_told_before_anything_is_offered(desk, account, agent, now):
    place_hold(kind="fraud", account_id=account.pk, reason="identity", actor=agent, now=now)

    first = desk.get(reverse("negotiate", args=[account.reference])).content.decode()
    worked_out = work_out(desk, account).content.decode()

    assert "No promise may be taken while this hold is in force: fraud concern" in first
    assert 'value="offer:' not in worked_out


def test_working_it_out_changes_nothing(desk, account):
    work_out(desk, account, settle_for="900")

    assert not Arrangement.objects.exists()


def test_a_later_payment_is_worth_less_and_the_difference_is_told(desk, account):
    answer = work_out(desk, account, settle_for="900")

    whole, settled = column(answer, "all").of, column(answer, "settle").of
    assert whole.worth < Decimal("1200.00")
    assert whole.given_up == Decimal("1200.00") - whole.worth
    assert settled.given_up == Decimal("1200.00") - settled.worth > Decimal("300.00")


def test_interest_that_would_stand_still_is_told_and_costs_us(desk, account):
    rate = {"yearly_rate": Decimal("0.365"), "from_on": TODAY, "reason": "placed", "set_at": NOW}
    InterestTerms.objects.create(account=account, **rate)

    runs = column(work_out(desk, account, settle_for="900"), "settle").of
    stands = column(work_out(desk, account, settle_for="900", freezes_interest="on"), "settle").of
    days = (stands.terms.last_on - TODAY).days
    assert (runs.frozen, stands.frozen) == (0, Decimal("1.20") * days)
    assert stands.given_up == runs.given_up + stands.frozen

    # Each payment lowers what interest would be added to.
    spread = column(work_out(desk, account, freezes_interest="on"), "all").of
    left = [(1200 - 100 * place) for place in range(12)]
    since = [TODAY, *(day for day, _amount in spread.terms.payments)]
    each = [owed * (day - before).days for owed, before, day in zip(left, since, since[1:], strict=False)]
    assert spread.frozen == Decimal(sum(each)) / 1000


def test_what_is_within_the_agents_authority_is_offered_with_its_end(desk, account, agent):
    answer = work_out(desk, account, do="offer:catch_up")

    quoted = Arrangement.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("offer", args=[quoted.pk])
    assert (quoted.state, quoted.amount, quoted.made_by) == ("offered", Decimal("400.00"), agent)
    assert "Stands until" in answer.content.decode()


def test_a_double_click_offers_once(desk, account):
    key = uuid4()
    for _time in range(2):
        work_out(desk, account, do="offer:all", each="", count="6", idempotency=key)

    assert Arrangement.objects.count() == 1


def test_the_verified_person_on_the_line_accepts_at_once(desk, account, agent):
    verify(caller(account, agent), agent)
    work_out(desk, account, do="accept:catch_up")

    agreed = Arrangement.objects.get()
    assert (agreed.state, agreed.accepted_how) == ("active", "verbal")
    assert again(account).state == "arranged"


def test_without_anybody_verified_nothing_is_accepted_at_once(desk, account):
    answer = work_out(desk, account, do="accept:catch_up")

    assert "Verify the person first" in answer.content.decode()
    assert not Arrangement.objects.exists()


def test_what_is_beyond_names_its_limit_and_goes_to_a_manager_with_a_reason(desk, account, manager):
    shown = work_out(desk, account, settle_for="900")
    assert "needs a manager" in shown.content.decode()

    asking = work_out(desk, account, settle_for="900", do="ask:settle")
    assert asking.context["asking"] == "settle"
    assert not Escalation.objects.exists()

    work_out(desk, account, settle_for="900", do="ask:settle", reason="lump_sum", note="Her sister pays.")
    case = Escalation.objects.get()
    approvals.approve(approval_id=case.approval_id, actor=manager, now=NOW)
    assert Arrangement.objects.get().state == "offered"


def test_the_manager_reads_every_payment_before_deciding(desk, account, manager):
    work_out(desk, account, settle_for="900", settle_in="3", do="ask:settle", reason="lump_sum", note="Her sister.")
    approval = Escalation.objects.get().approval

    page = as_user(manager).get(reverse("approval", args=[approval.pk])).content.decode()

    assert page.count("300.00") >= 4
    assert "settlement" in page


def test_an_offer_beyond_limits_is_not_made_by_a_forged_button(desk, account):
    answer = work_out(desk, account, settle_for="900", do="offer:settle")

    assert "lets too much go" in answer.content.decode()
    assert not Arrangement.objects.exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"rhythm": "pay_days"}, "days of the month"),
        ({"rhythm": "pay_days", "pay_days": "40"}, "days of the month"),
        ({"down": "100"}, "on which day the first sum"),
        ({"each": "1.240,50"}, "1,240.50"),
        ({"first_on": "03/04"}, "3 "),
        ({"down": "1200", "down_on": "+1"}, "leaves nothing for later"),
        ({"down": "50", "down_on": "+30"}, "before the first payment"),
    ],
)
def test_what_makes_no_schedule_says_what_to_write(desk, account, said, words):
    assert words in work_out(desk, account, **said).content.decode()


def test_more_than_the_customer_can_afford_is_warned_of(desk, account):
    assert "more than the 60.00 GBP" in work_out(desk, account, affordable="60").content.decode()
    assert "more than the" not in work_out(desk, account, affordable="150").content.decode()


def test_what_the_customer_can_afford_makes_the_payments_where_nothing_else_does(desk, account):
    monthly = work_out(desk, account, each="", affordable="150")
    weekly = work_out(desk, account, each="", affordable="150", rhythm="weekly")

    assert column(monthly, "all").of.each == Decimal("150.00")
    assert column(weekly, "all").of.each == Decimal("34.61")
    assert not column(weekly, "all").of.is_more_than_affordable


def test_payments_that_make_up_the_whole_sum_are_no_token(desk, account):
    assert codes(work_out(desk, account, each="400")) == ["catch_up", "all"]


def test_a_plan_has_at_most_five_years_of_weekly_payments(desk, account):
    assert "write more each time" in work_out(desk, account, each="1.50").content.decode()


def test_a_settlement_of_all_that_is_owed_is_none(desk, account):
    answer = work_out(desk, account, settle_for="1200")

    assert answer.status_code == 422
    assert "below the balance of 1,200.00 GBP" in unescape(answer.content.decode())


def test_pay_days_are_kept_and_dates_fall_on_working_days(desk, account):
    found = column(work_out(desk, account, rhythm="pay_days", pay_days="15, 31"), "all").of

    assert all(day.weekday() < 5 for day, _amount in found.terms.payments)
    assert len(found.terms.payments) == 12


def test_what_to_say_is_in_the_customers_language(desk, team):
    account = place_account(jurisdiction="MX", party=make_party("Juana Ortega", language="es-mx"))

    answer = work_out(desk, account)

    assert "Usted paga" in column(answer, "all").read_aloud
    assert 'lang="es-mx"' in answer.content.decode()


def test_the_parts_that_change_come_alone_when_asked_for_by_the_page(desk, account):
    party = account.parties.get().pk
    url = reverse("negotiate", args=[account.reference])
    part = desk.post(url, WISH | {"party": party}, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert 'id="columns"' in part


def test_an_offer_is_accepted_in_writing_and_its_payments_are_read_there(desk, account, agent):
    quoted = offer(account, agent)
    url = reverse("offer-accept", args=[quoted.pk])

    said = {"how": "written", "digest": quoted.terms_digest}
    without = desk.post(url, said)
    page = desk.post(url, said | {"paper": keep_file(account, agent).pk}, follow=True).content.decode()

    assert without.status_code == 422
    assert again(quoted).state == "active"
    assert page.count("300.00") >= 4


def test_other_terms_than_those_on_the_page_are_not_accepted(desk, account, agent):
    quoted = offer(account, agent)
    answer = desk.post(reverse("offer-accept", args=[quoted.pk]), {"how": "written", "digest": "0" * 64})

    assert answer.status_code == 422
    assert again(quoted).state == "offered"


def test_an_offer_is_turned_down_with_its_reason(desk, account, agent):
    quoted = offer(account, agent)
    desk.post(reverse("offer-turn-down", args=[quoted.pk]), {"no-reason": "cannot_afford"})

    assert again(quoted).state == "declined"


def test_an_approved_settlement_is_accepted_after_a_refused_first_try(desk, account, manager):
    quoted = offer(account, manager, settlement_terms(account, "900.00", 3))
    desk.post(reverse("offer-accept", args=[quoted.pk]), {"how": "verbal", "digest": quoted.terms_digest})
    assert again(quoted).state == "offered"

    said = {"how": "written", "digest": quoted.terms_digest, "paper": keep_file(account, manager).pk}
    desk.post(reverse("offer-accept", args=[quoted.pk]), said)
    assert again(quoted).state == "active"


def test_the_agreement_is_a_document_in_the_customers_language(desk, team, agent):
    account = place_account(jurisdiction="MX", party=make_party('Juana "#Ortega"', language="es-mx"))
    quoted = offer(account, agent)

    answer = desk.get(reverse("offer-agreement", args=[quoted.pk]))

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"].startswith("attachment")


def test_what_the_agreement_says_is_what_was_offered(account, manager):
    quoted = offer(account, manager, settlement_terms(account, "900.00", 3))

    with override("es-mx"):
        said = data_of(quoted)

    assert said["title"] == "Convenio de liquidación"
    assert [row[2] for row in said["payments"]] == ["300.00 GBP"] * 3
    assert said["total"] == "900.00 GBP"
    assert any("no queda nada por pagar" in sentence for sentence in said["duties"])


def test_a_stranger_finds_no_offer(account, agent):
    quoted = offer(account, agent)
    stranger = make_user("agent", make_team(make_portfolio("UK", code="others"), name="Others"))

    assert as_user(stranger).get(reverse("offer", args=[quoted.pk])).status_code == 404


def test_the_workbench_takes_no_more_queries_however_long_the_plan(desk, account, django_assert_max_num_queries):
    work_out(desk, account)
    with django_assert_max_num_queries(30):
        work_out(desk, account, each="10", count="")


def test_an_answer_to_an_offer_that_ended_meanwhile_is_refused_in_words(desk, account, agent, now):
    made = offer(account, agent)
    turn_down_offer(offer_id=made.pk, reason="cannot_afford", actor=agent, now=now)
    said = {"digest": made.terms_digest, "how": "written", "idempotency": uuid4()}

    answer = desk.post(reverse("offer-accept", args=[made.pk]), said)

    assert answer.status_code == 422
    assert str(Refused("offer_not_open", state=again(made).get_state_display())) in unescape(answer.content.decode())


def test_what_is_over_is_not_read_to_the_customer(account, agent, as_agent):
    quoted = offer(account, agent)
    assert "Say to the customer" in as_agent.get(reverse("offer", args=[quoted.pk])).content.decode()

    turn_down_offer(offer_id=quoted.pk, reason="customer_refused", actor=agent, now=NOW)

    assert "Say to the customer" not in as_agent.get(reverse("offer", args=[quoted.pk])).content.decode()
