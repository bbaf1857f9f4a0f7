"""The limitation date of an account moves with its ledger and with what was noted, and says how it came about."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.foundation.errors import Refused
from accounts.foundation.events import Event
from accounts.limitation.clock import FixedDate, Restart, wind
from accounts.limitation.periods import limitation_period
from accounts.models import Account, LimitationAct, Payment
from accounts.selectors.limitation import limitation_facts
from accounts.services.attachments import keep_file
from accounts.services.contact_points import add_contact_point, set_status
from accounts.services.holds import place_hold, release_hold
from accounts.services.limitation import record_acknowledgment, state_default, state_limitation, take_back
from accounts.services.payments import reverse_payment
from tests.factories import NOW, TODAY, again, pay, place_account
from tests.queue.test_account_acts import do
from tests.queue.test_account_page import shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
DUE_ON = TODAY - timedelta(days=34)


def years(day: date, number: int) -> date:
    return day.replace(year=day.year + number)


def known(**differs) -> Account:
    """An account whose date is what six years from its default give."""
    return place_account(**{"limitation_on": years(DUE_ON, 6), **differs})


def paper(account, agent, text: bytes = b"I owe it."):
    return keep_file(account_id=account.pk, kind="letter", name="letter.txt", content=text, actor=agent, now=NOW)


def acknowledge(account, agent, on: date = TODAY):
    evidence = paper(account, agent, f"I owe it. {on}".encode())
    return record_acknowledgment(account_id=account.pk, on=on, evidence_id=evidence.pk, actor=agent, now=NOW)


def test_in_edinburgh_the_debt_ends_after_five_years_whatever_county_was_written():
    account = place_account(address=False)
    given = {"kind": "post", "value": "1 High Street", "region": "Midlothian", "postcode": "EH1 1AA"}
    add_contact_point(party_id=account.parties.get().pk, provenance="agent", actor=None, now=NOW, **given)

    facts = limitation_facts([account.pk])[account.pk]

    assert facts.clock().ends_on == years(DUE_ON, 5)
    assert facts.period.extinguishes


def moved_to_edinburgh(account):
    given = {"kind": "post", "value": "1 High Street, Edinburgh", "postcode": "EH1 1AA", "provenance": "agent"}
    return add_contact_point(party_id=account.parties.get().pk, actor=None, now=NOW, **given)


def test_an_address_in_another_country_of_the_kingdom_moves_the_date_and_back_when_it_is_somebody_elses():
    account = known(address=False)
    point = moved_to_edinburgh(account)
    assert again(account).limitation_on == years(DUE_ON, 5)

    set_status(contact_point_id=point.pk, status="wrong_party", reason="by_hand", actor=None, now=NOW)

    assert again(account).limitation_on == years(DUE_ON, 6)
    assert Event.objects.filter(kind="account.limitation_moved", account=account).count() == 2


@pytest.mark.parametrize("date_known", [None, date(2029, 1, 1)])
def test_an_address_moves_neither_a_date_that_was_given_nor_one_that_is_not_known(date_known):
    account = place_account(address=False, limitation_on=date_known)

    moved_to_edinburgh(account)

    assert again(account).limitation_on == date_known


def test_a_part_payment_begins_the_period_anew_and_its_dishonour_undoes_that(finance):
    account = known()
    payment = pay(account, "50.00")
    assert again(account).limitation_on == years(TODAY, 6)

    reverse_payment(payment_id=payment.pk, reason="dishonour", on=TODAY, actor=finance, now=NOW)

    assert again(account).limitation_on == years(DUE_ON, 6)
    moves = Event.objects.filter(kind="account.limitation_moved", account=account).order_by("pk")
    assert [move.codes["because"] for move in moves] == ["payment", "default"]


def test_an_account_whose_date_was_not_known_has_one_from_its_first_payment_on():
    account = place_account()

    pay(account, "50.00")

    assert again(account).limitation_on == years(TODAY, 6)


def test_in_the_united_states_a_payment_moves_nothing():
    account = place_account(jurisdiction="US", limitation_on=date(2030, 1, 1))

    pay(account, "50.00")

    assert again(account).limitation_on == date(2030, 1, 1)


def test_a_payment_after_the_period_has_passed_revives_nothing():
    account = known(days_late=7 * 365, limitation_on=years(TODAY - timedelta(days=7 * 365), 6))

    pay(account, "50.00")

    assert again(account).limitation_on == years(TODAY - timedelta(days=7 * 365), 6)


def test_a_date_that_came_with_the_account_stays_until_something_restarts_it(finance):
    account = known(limitation_on=date(2029, 5, 5))
    payment = pay(account, "50.00")
    assert again(account).limitation_on == years(TODAY, 6)

    reverse_payment(payment_id=payment.pk, reason="dishonour", on=TODAY, actor=finance, now=NOW)

    assert again(account).limitation_on == date(2029, 5, 5)
    assert LimitationAct.objects.get(account=account).kind == "given"


def test_an_acknowledgment_counts_with_its_paper_and_the_same_twice_once(agent):
    account = known()
    evidence = paper(account, agent)
    given = {"account_id": account.pk, "on": TODAY, "evidence_id": evidence.pk, "actor": agent, "now": NOW}

    first, second = record_acknowledgment(**given), record_acknowledgment(**given)

    assert first == second
    assert again(account).limitation_on == years(TODAY, 6)


def test_an_acknowledgment_of_a_day_to_come_or_without_its_paper_is_refused_and_leaves_no_trace(agent):
    account, other = known(), known()
    strange = paper(other, agent)

    with pytest.raises(Refused, match="has not come yet"):
        acknowledge(account, agent, TODAY + timedelta(days=1))
    with pytest.raises(Refused, match="in writing only"):
        record_acknowledgment(account_id=account.pk, on=TODAY, evidence_id=strange.pk, actor=agent, now=NOW)
    assert again(account).limitation_on == years(DUE_ON, 6)
    assert not LimitationAct.objects.exists()


def test_what_was_noted_by_mistake_is_taken_back_once(agent, manager):
    account = known()
    act = acknowledge(account, agent)

    take_back(account_id=account.pk, act_id=act.pk, actor=manager, now=NOW)

    assert again(account).limitation_on == years(DUE_ON, 6)
    with pytest.raises(Refused, match="taken back already"):
        take_back(account_id=account.pk, act_id=act.pk, actor=manager, now=NOW)


def test_a_person_sets_the_date_with_a_reason_and_later_money_counts_against_it(manager):
    account = known()

    state_limitation(account_id=account.pk, on=date(2027, 1, 1), reason="counsel", actor=manager, now=NOW)
    assert again(account).limitation_on == date(2027, 1, 1)
    pay(account, "50.00", now=NOW + timedelta(days=1))

    assert again(account).limitation_on == years(TODAY + timedelta(days=1), 6)


def test_the_day_of_default_and_the_paper_decide_the_period_in_mexico(manager):
    account = place_account(jurisdiction="MX")
    given = {"account_id": account.pk, "on": date(2024, 2, 29), "actor": manager, "now": NOW}

    state_default(reason="contract", **given)
    assert again(account).limitation_on == date(2034, 3, 1)
    state_default(reason="pagare", **given)

    assert again(account).limitation_on == date(2027, 3, 1)


def test_a_moratorium_in_which_it_would_end_puts_it_off_by_eight_weeks_and_its_early_end_less_so(agent):
    late = years(TODAY, -6) + timedelta(days=10)
    account = known(days_late=(TODAY - late).days, limitation_on=years(late, 6))
    hold = place_hold(kind="breathing_space", account_id=account.pk, actor=agent, now=NOW)
    assert again(account).limitation_on == hold.review_on + timedelta(weeks=8)

    release_hold(hold_id=hold.pk, reason="ended", actor=agent, now=NOW + timedelta(days=20))

    assert again(account).limitation_on == TODAY + timedelta(days=20, weeks=8)


@pytest.mark.parametrize(
    "forged",
    ["UPDATE accounts_limitationact SET on = '2040-01-01'", "DELETE FROM accounts_limitationact"],
)
def test_what_was_noted_stands_in_the_database(agent, forged):
    acknowledge(known(), agent)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(forged.replace("SET on", 'SET "on"'))


def recomputed(account: Account) -> date:
    """The date from the rows alone, written down a second time."""
    acts = [act for act in account.limitation_acts.order_by("pk") if not hasattr(act, "cancelled_by")]
    money = Payment.objects.filter(account=account, state__in=["posted", "cleared"])
    restarts = [Restart(payment.received_on, "payment") for payment in money]
    restarts += [Restart(act.on, "acknowledgment") for act in acts if act.kind == "acknowledgment"]
    last = [act for act in acts if act.kind != "acknowledgment" and act.kind != "cancelled"][-1:]
    fixed = [FixedDate(act.on, act.kind, act.noted_on) for act in last if act.kind in ("given", "stated")]
    defaults = [act.on for act in last if act.kind == "default"]
    region = "SCT" if account.parties.get().contact_points.filter(region="SCT").exists() else ""
    clock = wind(
        limitation_period("GB", region),
        consumer=True,
        defaulted_on=defaults[-1] if defaults else DUE_ON,
        restarts=restarts,
        fixed=fixed[0] if fixed else None,
    )
    return clock.ends_on


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_the_date_equals_its_recomputation_from_the_ledger(agent, manager, finance, seed):
    dice = random.Random(seed)
    account = known(owed="90000.00", limitation_on=dice.choice([years(DUE_ON, 6), date(2028, 2, 29), None]))
    now = NOW
    for _ in range(15):
        now += timedelta(days=dice.choice([0, 1, 40, 700]))
        move_something(dice, account, agent, manager, finance, now)

        assert again(account).limitation_on == recomputed(account)


def move_something(dice, account, agent, manager, finance, now) -> None:
    today = now.date()
    money = list(Payment.objects.filter(account=account, state__in=["posted", "cleared"]).order_by("pk"))
    noted = list(account.limitation_acts.filter(cancelled_by=None, cancels=None).exclude(kind="given"))
    act = dice.randrange(6)
    if act <= 1 or (act == 2 and not money):
        pay(account, "10.00", today - timedelta(days=dice.choice([0, 3])), now=now)
    elif act == 2:
        payment = dice.choice(money)
        reverse_payment(payment_id=payment.pk, reason="dishonour", on=today, actor=finance, now=now)
    elif act == 3:
        evidence = paper(account, agent, f"{now} {dice.random()}".encode())
        record_acknowledgment(account_id=account.pk, on=today, evidence_id=evidence.pk, actor=agent, now=now)
    elif act == 4 and noted:
        take_back(account_id=account.pk, act_id=dice.choice(noted).pk, actor=manager, now=now)
    else:
        state_default(account_id=account.pk, on=DUE_ON - timedelta(days=5), reason="contract", actor=manager, now=now)


def test_the_page_says_how_the_date_came_about(client, manager):
    account = known()
    client.force_login(manager)
    assert "6 years from the default on Thu 15 Oct 2026 · Limitation Act 1980" in shown(client, account)

    pay(account, "50.00")
    assert "6 years from the last payment on Wed 18 Nov 2026" in shown(client, account)
    do(client, account, "limitation", on="2027-01-01", reason="counsel")

    page = shown(client, account)
    assert "set by a person" in page
    assert again(account).limitation_on == date(2027, 1, 1)


def test_an_agent_keeps_a_letter_and_a_manager_takes_it_back(client, agent, manager):
    account = known()
    client.force_login(agent)
    letter = SimpleUploadedFile("letter.txt", b"I know that I owe it.", content_type="text/plain")
    given = {"on": "2026-11-10", "file": letter}

    assert do(client, account, "acknowledgment", **given).status_code == 302
    assert again(account).limitation_on == date(2032, 11, 10)
    assert client.get(reverse("account-act", args=[account.reference, "limitation"])).status_code == 404
    client.force_login(manager)
    act = account.limitation_acts.get()
    do(client, account, "limitation-undo", noted=act.pk)

    assert again(account).limitation_on == years(DUE_ON, 6)
    assert "written acknowledgment, Tue 10 Nov 2026" in shown(client, account)
