"""A state or nation is known by its code, however a file or a person wrote it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.foundation.regions import known_regions, region_of
from accounts.limitation.periods import _periods
from accounts.models.portfolio import COUNTRY_OF
from communications.policy.shipped import CODES, shipped_pack


@pytest.mark.parametrize(
    ("country", "written", "postcode", "code"),
    [
        ("US", "Massachusetts", "", "MA"),
        ("US", "mass.", "", "MA"),
        ("US", " ma ", "", "MA"),
        ("US", "", "02139", "MA"),
        ("US", "", "02139-4307", "MA"),
        ("US", "New York", "02139", "NY"),
        ("US", "Middlesex", "02139", "MA"),
        ("US", "", "20166", "VA"),
        ("US", "", "20001", "DC"),
        ("US", "", "0213", ""),
        ("UK", "Scotland", "", "SCT"),
        ("GB", "Midlothian", "EH1 1AA", "SCT"),
        ("GB", "", "g12 8qq", "SCT"),
        ("GB", "", "GL50 1AA", ""),
        ("GB", "", "TD1 1AA", "SCT"),
        ("GB", "", "TD15 1AA", ""),
        ("GB", "", "BT1 1AA", "NIR"),
        ("GB", "Kent", "TN1 1AA", "KENT"),
        ("AU", "New South Wales", "", "NSW"),
        ("AU", "", "2600", "ACT"),
        ("AU", "", "0820", "NT"),
        ("AU", "", "2000", "NSW"),
        ("MX", "Nuevo León", "", "NLE"),
        ("MX", "Edo.Mex", "", "MEX"),
        ("MX", "CDMX", "", "CMX"),
        ("FR", "Île-de-France", "75001", "ILE-DE-FRANCE"),
        ("", "", "", ""),
    ],
)
def test_the_code_of_a_place_is_found(country, written, postcode, code):
    assert region_of(country, written, postcode) == code


def test_every_region_that_a_law_or_a_rule_names_is_one_that_people_can_be_in():
    named = {(country, region) for country, held in _periods().items() for region in held.get("regions", {})}
    rules = [(code, rule) for code in CODES for rule in shipped_pack(code).rules]
    named |= {(COUNTRY_OF[code], region) for code, rule in rules for region in rule.scope.regions}

    assert {("GB", "SCT"), ("US", "MA"), ("AU", "NSW")} <= named
    assert [(country, region) for country, region in sorted(named) if region_of(country, region) != region] == []
    assert all(region in known_regions(country) for country, region in named)


@given(
    country=st.sampled_from(["GB", "US", "AU", "MX", "FR"]), written=st.text(max_size=12), postcode=st.text(max_size=9)
)
def test_whatever_is_written_is_answered_and_a_code_is_answered_as_itself(country, written, postcode):
    found = region_of(country, written, postcode)

    assert region_of(country, found) == found or found not in known_regions(country)
