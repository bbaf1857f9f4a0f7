"""Until when a debt may be taken to court: five cases a place, part payments, papers, moratoria and leap days."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.limitation.clock import FixedDate, Moratorium, Restart, limitation_date, wind, years_later
from accounts.limitation.periods import limitation_period

STATES = [
    *("AK", "AL", "AR", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "HI", "IA", "ID", "IL", "IN", "KS", "KY"),
    *("LA", "MA", "MD", "ME", "MI", "MN", "MO", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV", "NY", "OH"),
    *("OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VA", "VT", "WA", "WI", "WV", "WY"),
]  # fmt: skip


PLACES = ["GB", "GB-SCT", "MX", "AU-NT", "AU-NSW", "US-NY", "US-DC", "US"]


def ends(place: str, defaulted_on: date | None, *restarts: Restart, **differs):
    country, _dash, region = place.partition("-")
    instrument = differs.pop("instrument", "")
    period = limitation_period(country, region, instrument)
    clock = wind(
        period, consumer=differs.pop("consumer", True), defaulted_on=defaulted_on, restarts=restarts, **differs
    )
    return clock.ends_on if clock else None


def paid(year: int, month: int, day: int) -> Restart:
    return Restart(date(year, month, day), "payment")


def admitted(year: int, month: int, day: int) -> Restart:
    return Restart(date(year, month, day), "acknowledgment")


D = date
GIVEN = {"fixed": FixedDate(D(2027, 7, 7), "given", D(2024, 1, 1))}
CASES = {
    "England: six years from the default": (("GB", D(2020, 3, 1)), {}, D(2026, 3, 1)),
    "England: a part payment begins them anew": (("GB", D(2020, 3, 1), paid(2024, 5, 2)), {}, D(2030, 5, 2)),
    "England: so does a written acknowledgment": (("GB", D(2020, 3, 1), admitted(2026, 2, 28)), {}, D(2032, 2, 28)),
    "England: what is barred is not revived": (("GB", D(2020, 3, 1), paid(2026, 3, 1)), {}, D(2026, 3, 1)),
    "England: a chain of payments carries it on": (
        ("GB", D(2010, 1, 1), paid(2015, 12, 31), paid(2021, 12, 30)), {}, D(2027, 12, 30),
    ),
    "England: a gap in the chain ends it": (
        ("GB", D(2010, 1, 1), paid(2015, 6, 1), paid(2021, 6, 1)), {}, D(2021, 6, 1),
    ),
    "England: a payment before the default is nothing": (("GB", D(2020, 3, 1), paid(2019, 1, 1)), {}, D(2026, 3, 1)),
    "England: from a leap day": (("GB", D(2024, 2, 29)), {}, D(2030, 3, 1)),
    "England: a moratorium in which it would end": (
        ("GB", D(2020, 3, 1)), {"moratoria": [Moratorium(D(2026, 2, 1), D(2026, 4, 1))]}, D(2026, 5, 27),
    ),
    "England: a moratorium long before its end": (
        ("GB", D(2020, 3, 1)), {"moratoria": [Moratorium(D(2024, 2, 1), D(2024, 4, 1))]}, D(2026, 3, 1),
    ),
    "Scotland: five years": (("GB-SCT", D(2020, 3, 1)), {}, D(2025, 3, 1)),
    "Scotland: a payment in time": (("GB-SCT", D(2020, 3, 1), paid(2025, 2, 28)), {}, D(2030, 2, 28)),
    "Scotland: the debt has ended": (("GB-SCT", D(2020, 3, 1), paid(2025, 3, 1)), {}, D(2025, 3, 1)),
    "Scotland: an acknowledgment in time": (("GB-SCT", D(2020, 3, 1), admitted(2023, 1, 1)), {}, D(2028, 1, 1)),
    "Scotland: no moratorium of England's": (
        ("GB-SCT", D(2020, 3, 1)), {"moratoria": [Moratorium(D(2025, 2, 1), D(2025, 4, 1))]}, D(2025, 3, 1),
    ),
    "Australia: six years": (("AU-VIC", D(2020, 2, 29)), {}, D(2026, 3, 1)),
    "Northern Territory: three": (("AU-NT", D(2020, 7, 1)), {}, D(2023, 7, 1)),
    "Northern Territory: a payment": (("AU-NT", D(2020, 7, 1), paid(2023, 6, 30)), {}, D(2026, 6, 30)),
    "New South Wales: an acknowledgment too late": (("AU-NSW", D(2015, 7, 1), admitted(2021, 7, 2)), {}, D(2021, 7, 1)),
    "Queensland: a payment and a paper": (
        ("AU-QLD", D(2018, 7, 1), paid(2020, 1, 1), admitted(2022, 1, 1)), {}, D(2028, 1, 1),
    ),
    "Mexico: ten years": (("MX", D(2016, 2, 29)), {}, D(2026, 3, 1)),
    "Mexico: a pagaré three": (("MX", D(2020, 5, 5)), {"instrument": "pagare"}, D(2023, 5, 5)),
    "Mexico: a payment interrupts": (("MX", D(2016, 1, 1), paid(2020, 1, 1)), {}, D(2030, 1, 1)),
    "Mexico: an acknowledgment interrupts": (("MX", D(2016, 1, 1), admitted(2025, 12, 31)), {}, D(2035, 12, 31)),
    "Mexico: a pagaré paid on in time": (
        ("MX", D(2020, 5, 5), paid(2023, 5, 4)), {"instrument": "pagare"}, D(2026, 5, 4),
    ),
    "Texas: four years, a payment counts as nothing": (("US-TX", D(2020, 3, 1), paid(2022, 3, 1)), {}, D(2024, 3, 1)),
    "District of Columbia: three, never revived": (("US-DC", D(2020, 3, 1), admitted(2022, 1, 1)), {}, D(2023, 3, 1)),
    "New York: a consumer three": (("US-NY", D(2020, 2, 29)), {}, D(2023, 3, 1)),
    "New York: a business six": (("US-NY", D(2020, 3, 1)), {"consumer": False}, D(2026, 3, 1)),
    "A state that isn't known: the shortest": (("US", D(2020, 3, 1)), {}, D(2023, 3, 1)),
    "A date that was given stands": (("GB", D(2020, 3, 1)), GIVEN, D(2027, 7, 7)),
    "A payment after it was given begins anew": (
        ("GB", D(2020, 3, 1), paid(2024, 6, 1)), GIVEN, D(2030, 6, 1),
    ),
    "A payment before it was given is in it": (
        ("GB", D(2020, 3, 1), paid(2023, 6, 1)), GIVEN, D(2027, 7, 7),
    ),
    "Nothing known": (("GB", None, paid(2024, 1, 1)), {}, None),
    "A country that isn't ours": (("FR", D(2020, 3, 1)), {}, None),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_period_ends_on_the_day_that_the_law_gives(name):
    case, differs, expected = CASES[name]

    assert ends(*case, **differs) == expected


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_its_period_with_a_source_and_says_how_sure_it_is(state):
    period = limitation_period("US", state)

    assert 3 <= period.years <= 10
    assert period.citation != limitation_period("US").citation
    assert period.confidence in ("P", "S", "G")
    assert not {"payment", "acknowledgment"} & set(period.restarts)


@pytest.mark.parametrize("place", ["GB", "GB-SCT", "MX", "AU", "AU-NT", "AU-NSW"])
def test_elsewhere_payments_and_papers_begin_it_anew(place):
    country, _dash, region = place.partition("-")

    assert limitation_period(country, region).restarts == ("payment", "acknowledgment")


def test_the_debt_itself_ends_in_scotland_and_new_south_wales_only():
    places = [("GB", ""), ("GB", "SCT"), ("AU", ""), ("AU", "NSW"), ("MX", ""), ("US", "DC")]

    assert [place for place in places if limitation_period(*place).extinguishes] == [("GB", "SCT"), ("AU", "NSW")]


def test_the_order_in_which_things_are_told_makes_no_difference():
    told = [paid(2012, 1, 1), admitted(2016, 1, 1), paid(2021, 6, 1)]

    assert ends("GB", D(2010, 1, 1), *told) == ends("GB", D(2010, 1, 1), *reversed(told)) == D(2027, 6, 1)


def test_a_file_tells_the_default_and_the_last_payment():
    told = {"country": "GB", "region": "", "consumer": True, "defaulted_on": D(2020, 3, 1)}

    assert limitation_date(**told, last_paid_on=None) == D(2026, 3, 1)
    assert limitation_date(**told, last_paid_on=D(2022, 1, 1)) == D(2028, 1, 1)
    assert limitation_date(**told, last_paid_on=D(2026, 4, 1)) == D(2026, 3, 1)


@given(st.dates(D(1990, 1, 1), D(2030, 1, 1)), st.dates(D(1990, 1, 1), D(2030, 1, 1)), st.sampled_from(PLACES))
def test_a_file_is_told_what_the_clock_says(defaulted_on, last_paid_on, place):
    country, _dash, region = place.partition("-")
    told = {"country": country, "region": region, "consumer": True, "defaulted_on": defaulted_on}

    assert limitation_date(**told, last_paid_on=last_paid_on) == ends(
        place, defaulted_on, Restart(last_paid_on, "payment")
    )


def test_four_centuries_have_no_leap_day_in_1900():
    assert years_later(D(1896, 2, 29), 4) == D(1900, 3, 1)
    assert years_later(D(2024, 2, 29), 4) == D(2028, 2, 29)
