"""What the shipped packs say in each country, told as single contacts."""

from dataclasses import replace
from datetime import date

import pytest

from communications.policy.facts import ConsentFact, HoldFact, OptOutFact, PartyFact, PointFact
from communications.policy.zones import AddressClue, NumberClue, zones_of
from tests.support.policy_facts import account, at, contact, judged, judged_at, party, past, talk

SYDNEY, LONDON, MONTERREY, TIJUANA = "Australia/Sydney", "Europe/London", "America/Monterrey", "America/Tijuana"


def test_an_australian_mobile_with_a_sydney_address_may_be_called_at_half_past_seven():
    clues = {
        "addresses": [AddressClue("AU", "NSW", "2000", "Sydney")],
        "numbers": [NumberClue("AU", "491570006", "mobile")],
    }
    facts = contact(
        at("2026-04-08 07:30", SYDNEY),
        account("AU", region="NSW"),
        party=PartyFact(7, 7, zones=zones_of(**clues)),
    )

    assert judged(facts).verdict == "allow"
    assert judged_at(facts, at("2026-04-08 07:29", SYDNEY)).rules == ("au-hours-phone",)


@pytest.mark.parametrize(
    ("local", "verdict"),
    [
        ("2026-04-10 07:30", "allow"),  # Friday
        ("2026-04-10 21:00", "allow"),
        ("2026-04-10 21:01", "refuse"),
        ("2026-04-11 08:59", "refuse"),  # Saturday
        ("2026-04-11 09:00", "allow"),
        ("2026-04-12 09:00", "allow"),  # Sunday
        ("2026-04-03 12:00", "needs_override"),  # Good Friday
        ("2026-12-25 12:00", "needs_override"),
    ],
)
def test_australian_hours_and_holidays(local, verdict):
    facts = contact(at(local, SYDNEY), account("AU"), party=party(SYDNEY))

    assert judged(facts).verdict == verdict


def test_calls_late_on_friday_evening_wait_for_nine_on_saturday():
    facts = contact(at("2026-04-10 21:30", SYDNEY), account("AU"), party=party(SYDNEY))

    assert judged(facts).next_allowed_at == at("2026-04-11 09:00", SYDNEY)


def test_australia_counts_contacts_made_not_attempts_three_a_week_and_ten_a_month():
    attempts = tuple(past("2026-04-07", id=n, channel="email") for n in range(9))
    made = tuple(past(f"2026-04-0{day}", id=20 + day, reach="connected") for day in (6, 7, 8))
    month = tuple(past(f"2026-04-{day:02}", id=day, reach="connected") for day in (1, 2, 3, 5, 9, 10, 13, 14, 20, 21))

    free = contact(at("2026-04-08 12:00", SYDNEY), account("AU"), party=party(SYDNEY), history=attempts)
    fourth = contact(at("2026-04-09 12:00", SYDNEY), account("AU"), party=party(SYDNEY), history=made)
    eleventh = contact(at("2026-04-29 12:00", SYDNEY), account("AU"), party=party(SYDNEY), history=month)

    assert judged(free).verdict == "allow"
    assert judged(fourth).rules == ("au-freq-week",)
    assert judged(fourth).next_allowed_at == at("2026-04-13 07:30", SYDNEY)
    assert judged(eleventh).rules == ("au-freq-month",)
    assert judged(eleventh).next_allowed_at == at("2026-05-01 07:30", SYDNEY)


def test_at_work_australians_are_called_in_office_hours_only():
    at_work = PointFact(id=1, work=True)
    facts = contact(at("2026-04-08 08:00", SYDNEY), account("AU"), party=party(SYDNEY), point=at_work)

    assert judged(facts).next_allowed_at == at("2026-04-08 09:00", SYDNEY)


@pytest.mark.parametrize(
    ("local", "verdict"),
    [
        ("2026-04-08 07:00", "allow"),  # Wednesday
        ("2026-04-08 06:59", "refuse"),
        ("2026-04-08 22:00", "allow"),
        ("2026-04-08 22:01", "refuse"),
        ("2026-04-11 12:00", "needs_override"),  # Saturday
        ("2026-05-01 12:00", "needs_override"),  # Labour Day
    ],
)
def test_mexican_hours_working_days_and_holidays(local, verdict):
    facts = contact(at(local, MONTERREY), account("MX"), party=party(MONTERREY))

    assert judged(facts).verdict == verdict


def test_a_customer_of_two_mexican_zones_is_called_when_both_are_open():
    facts = contact(at("2026-04-08 07:00", MONTERREY), account("MX"), party=party(MONTERREY, TIJUANA))

    decision = judged(facts)

    assert decision.reasons[0].params["zone"] == TIJUANA
    assert decision.next_allowed_at == at("2026-04-08 07:00", TIJUANA)


def test_mexico_never_contacts_references_not_even_to_trace():
    facts = contact(
        at("2026-04-08 12:00", MONTERREY),
        account("MX", role="third_party"),
        party=party(MONTERREY),
        purpose="trace",
    )

    assert judged(facts).rules == ("mx-third-parties",)


@pytest.mark.parametrize(("jurisdiction", "zone"), [("UK", LONDON), ("MX", MONTERREY)])
def test_the_firms_daily_cap_counts_a_person_over_all_accounts(jurisdiction, zone):
    history = tuple(past("2026-04-08", id=n, account_ids=(n,)) for n in (1, 2, 3))
    facts = contact(at("2026-04-08 12:00", zone), account(jurisdiction), party=party(zone), history=history)

    decision = judged(facts)

    assert (decision.verdict, decision.reasons[0].params["used"]) == ("needs_override", 3)
    assert decision.next_allowed_at == at("2026-04-09 08:00" if jurisdiction == "UK" else "2026-04-09 07:00", zone)


def test_british_hours_are_the_firms_policy_and_may_be_overridden():
    facts = contact(at("2026-04-08 07:30", LONDON), account("UK"), party=party(LONDON))

    decision = judged(facts)

    assert (decision.verdict, decision.reasons[0].legal_force) == ("needs_override", "policy")


def test_breathing_space_forbids_demands_and_lets_answers_through():
    moratorium = HoldFact(1, "breathing_space", "person", 7, permitted=("reply", "statutory_notice"))
    facts = contact(at("2026-04-08 12:00", LONDON), account("UK"), party=party(LONDON), holds=(moratorium,))
    answer = replace(facts, purpose="reply", history=(past("2026-04-07", direction="in", marks=("asks",)),))

    assert judged(facts).rules == ("uk-bs-no-contact", "firm-holds")
    assert judged(facts).next_allowed_at is None
    assert judged(answer).verdict == "allow"


def test_every_reason_is_told_not_only_the_first():
    facts = contact(
        at("2026-04-08 05:00", MONTERREY),
        account("MX", role="third_party"),
        party=party(MONTERREY),
        point=PointFact(id=1, status="dead"),
        opt_outs=(OptOutFact("call", date(2026, 4, 1)),),
        holds=(HoldFact(1, "dispute", "account", 100),),
    )

    decision = judged(facts)

    assert decision.verdict == "refuse"
    assert set(decision.rules) == {
        "mx-hours",
        "mx-third-parties",
        "firm-third-party",
        "firm-contact-point",
        "firm-opt-out",
        "firm-holds",
    }
    assert all(reason.citation for reason in decision.reasons)


def test_a_hold_on_one_account_does_not_silence_another():
    facts = contact(
        at("2026-04-08 12:00", LONDON),
        account("UK", id=101),
        party=party(LONDON),
        holds=(HoldFact(1, "dispute", "account", 100),),
    )

    assert judged(facts).verdict == "allow"


def test_an_agreed_pause_lifts_by_itself_on_its_date():
    pause = HoldFact(1, "pause", "account", 100, lifts_on=date(2026, 4, 20))
    facts = contact(at("2026-04-08 12:00", LONDON), account("UK"), party=party(LONDON), holds=(pause,))

    assert judged(facts).next_allowed_at == at("2026-04-20 08:00", LONDON)


def test_who_is_represented_is_contacted_through_the_representative():
    represented = HoldFact(1, "representation", "account", 100)
    facts = contact(at("2026-04-08 12:00", LONDON), account("UK"), party=party(LONDON), holds=(represented,))
    lawyer = contact(
        at("2026-04-08 12:00", LONDON), account("UK", role="representative"), party=party(LONDON), holds=(represented,)
    )

    assert judged(facts).verdict == "refuse"
    assert judged(lawyer).verdict == "allow"


def test_an_opt_out_of_one_address_leaves_the_others():
    refused = (OptOutFact("call", date(2026, 4, 1), point_id=1),)
    here = contact(at("2026-04-08 12:00", LONDON), account("UK"), party=party(LONDON), opt_outs=refused)
    there = contact(
        at("2026-04-08 12:00", LONDON), account("UK"), party=party(LONDON), opt_outs=refused, point=PointFact(id=2)
    )

    assert judged(here).rules == ("firm-opt-out",)
    assert judged(there).verdict == "allow"


def test_without_any_zone_nobody_is_contacted():
    facts = contact(at("2026-04-08 12:00"), account("UK"), party=PartyFact(7, 7, language="en"))

    decision = judged(facts)

    assert decision.rules == ("firm-zone",)
    assert decision.next_allowed_at is None


def test_the_debt_is_not_named_before_verification():
    facts = contact(at("2026-04-08 12:00", LONDON), account("UK"), party=party(LONDON), disclosing=True)
    verified = contact(
        at("2026-04-08 12:00", LONDON), account("UK"), party=party(LONDON), disclosing=True, verified=True
    )

    assert judged(facts).rules == ("uk-conc-verify", "firm-verification")
    assert judged(verified).verdict == "allow"


def test_whatsapp_needs_consent_and_another_language_is_warned_of():
    whatsapp = PointFact(id=1, kind="whatsapp")
    facts = contact(
        at("2026-04-08 12:00", LONDON), account("UK"), party=party(LONDON), channel="whatsapp", point=whatsapp
    )
    agreed = contact(
        at("2026-04-08 12:00", LONDON),
        account("UK"),
        party=party(LONDON, language="es-mx"),
        channel="whatsapp",
        point=whatsapp,
        language="en",
        consents=(ConsentFact("whatsapp", date(2026, 1, 1)),),
    )

    assert judged(facts).rules == ("firm-whatsapp-consent",)
    assert (judged(agreed).verdict, judged(agreed).rules) == ("warn", ("firm-language",))


def test_a_debt_out_of_time_ends_in_scotland_and_needs_approval_in_england():
    barred = date(2026, 1, 1)
    english = contact(at("2026-04-08 12:00", LONDON), account("UK", limitation_on=barred), party=party(LONDON))
    scottish = contact(
        at("2026-04-08 12:00", LONDON), account("UK", limitation_on=barred, region="SCT"), party=party(LONDON)
    )

    assert judged(english).verdict == "needs_override"
    assert judged(scottish).verdict == "refuse"


@pytest.mark.parametrize("jurisdiction", ["UK", "US", "MX", "AU"])
def test_enforcement_is_refused_where_the_limitation_date_is_not_known(jurisdiction):
    zone = {"UK": LONDON, "US": "America/New_York", "MX": MONTERREY, "AU": SYDNEY}[jurisdiction]
    facts = contact(
        at("2026-04-08 12:00", zone),
        account(jurisdiction, limitation_on=None),
        party=party(zone),
        purpose="enforcement",
    )

    assert "limitation_unknown" in [reason.code for reason in judged(facts).reasons]


def test_inbound_contacts_are_never_refused():
    facts = contact(
        at("2026-04-08 03:00", LONDON),
        account("UK"),
        party=party(LONDON),
        purpose="inbound",
        holds=(HoldFact(1, "cease", "person", 7),),
        history=(talk("2026-04-07"),),
    )

    assert judged(facts).verdict == "allow"
