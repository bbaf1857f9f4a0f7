"""In which zones a person may be."""

import phonenumbers.tzdata.data0 as library
import pytest

from communications.policy.zones import AddressClue, NumberClue, address_zones, number_zones, zones_of

NOT_OURS = {"America/Boise": "America/Denver", "America/North_Dakota/Center": "America/Chicago"}
NOT_OURS |= {"America/Juneau": "America/Anchorage"}


def names(**clues):
    return {fact.zone for fact in zones_of(**clues)}


def test_area_code_850_without_an_address_needs_both_zones_of_florida():
    assert names(numbers=[NumberClue("US", "8505550101", "mobile")]) == {"America/New_York", "America/Chicago"}


def test_every_zone_that_the_phone_library_gives_a_north_american_area_code_is_in_our_table():
    missing = [
        (prefix, zone)
        for prefix, zones in library.data.items()
        if prefix.startswith("1") and len(prefix) >= 4
        for zone in zones
        if NOT_OURS.get(zone, zone) not in number_zones(NumberClue("US", prefix[1:4]))
    ]

    assert missing == []


def test_an_address_does_not_silence_a_number_that_names_another_place():
    clues = {"addresses": [AddressClue("US", "CA")], "numbers": [NumberClue("US", "2125550101")]}

    assert names(**clues) == {"America/Los_Angeles", "America/New_York"}


@pytest.mark.parametrize(
    ("country", "kind"), [("AU", "mobile"), ("GB", "mobile"), ("US", "toll_free"), ("US", "voip"), ("MX", "voip")]
)
def test_a_number_that_names_no_place_adds_nothing_to_an_address_and_all_of_its_country_without_one(country, kind):
    number = NumberClue(country, "8005550101", kind)
    address = {
        "AU": AddressClue("AU", "QLD"),
        "GB": AddressClue("GB"),
        "US": AddressClue("US", "NY"),
        "MX": AddressClue("MX", "Jalisco"),
    }[country]

    assert names(addresses=[address], numbers=[number]) == set(address_zones(address))
    assert names(numbers=[number]) >= set(address_zones(address))


def test_a_stated_zone_is_enough_for_a_number_without_a_place():
    assert names(stated=["Australia/Perth"], numbers=[NumberClue("AU", "491570006", "mobile")]) == {"Australia/Perth"}


@pytest.mark.parametrize(
    ("address", "zones"),
    [
        (AddressClue("US", "TN"), {"America/New_York", "America/Chicago"}),
        (AddressClue("US", "", "37203"), {"America/Chicago"}),
        (AddressClue("US", "", "79901"), {"America/Denver"}),
        (AddressClue("US", "FL", "33101"), {"America/New_York"}),
        (AddressClue("US", "", "57501"), {"America/Chicago", "America/Denver"}),
        (AddressClue("UK", "", "SW1A 1AA"), {"Europe/London"}),
        (AddressClue("MX", "Nuevo León", "", "Monterrey"), {"America/Monterrey"}),
        (AddressClue("MX", "N.L."), {"America/Monterrey", "America/Matamoros"}),
        (AddressClue("MX", "", "22000"), {"America/Tijuana"}),
        (AddressClue("MX", "Chihuahua", "", "Ciudad Juárez"), {"America/Ciudad_Juarez"}),
        (AddressClue("AU", "", "2880"), {"Australia/Broken_Hill"}),
        (AddressClue("AU", "", "6000"), {"Australia/Perth"}),
        (AddressClue("FR", "", "75001"), set()),
    ],
)
def test_an_address_lies_in_the_zones_of_its_region_narrowed_by_post_code_or_city(address, zones):
    assert set(address_zones(address)) == zones


def test_australian_fixed_lines_name_their_states():
    assert names(numbers=[NumberClue("AU", "870101234")]) == {
        "Australia/Adelaide",
        "Australia/Darwin",
        "Australia/Perth",
    }


def test_mexican_mobiles_name_a_place():
    assert names(numbers=[NumberClue("MX", "6641234567", "mobile")]) == {"America/Tijuana"}


def test_nothing_known_gives_no_zone():
    assert zones_of() == ()


def test_each_zone_says_what_suggests_it():
    facts = zones_of(addresses=[AddressClue("US", "NY")], numbers=[NumberClue("US", "3125550101")])

    assert [(fact.zone, fact.source) for fact in facts] == [
        ("America/New_York", "address"),
        ("America/Chicago", "number"),
    ]
