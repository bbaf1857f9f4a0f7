"""A card number is found in every disguise that people type it in, and nothing else is taken for one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.foundation.card_numbers import contains_card_number

CARDS = ["4111111111111111", "5500000000000004", "2223003122003222", "378282246310005", "30569309025904",
         "6011111111111117", "3530111333300000", "4222222222222", "6759649826438453"]  # fmt: skip
DISGUISES = {
    "spaced dashes": "4111 - 1111 - 1111 - 1111",
    "no-break spaces": "4111\u00a01111\u00a01111\u00a01111",
    "lines": "4111\n1111\r\n1111\n1111",
    "underscores": "4111_1111_1111_1111",
    "slashes": "4111/1111/1111/1111",
    "no width": "41\u200b11\u200b1111\u200d11111\ufeff111",
    "full width": "４１１１ １１１１ １１１１ １１１１",
    "another script": "٤١١١١١١١١١١١١١١١",
    "one by one": "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
    "odd groups": "411111 11 1111 1111",
    "a plus": "+4111 1111 1111 1111",
    "an expiry day beside it": "4111 1111 1111 1111 12/29 123",
    "a list": "1. 4111-1111-1111-1111, 2026-11-18",
    "in a word": "card4111111111111111",
    "commas and stars": "4111,1111*1111.1111",
}


@pytest.mark.parametrize("text", DISGUISES.values(), ids=DISGUISES)
def test_a_card_number_is_noticed_in_every_disguise(text):
    assert contains_card_number(text)


@pytest.mark.parametrize("card", CARDS)
def test_the_numbers_of_each_network_are_known(card):
    assert contains_card_number(f"paid by {card} today")


@given(st.sampled_from(CARDS), st.data())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_whatever_stands_between_the_digits_a_card_number_is_noticed(card, data):
    between = st.text(alphabet=" -._/\u00a0\u2009\u2013\u200b\n,*|", max_size=3)

    text = card[0] + "".join(data.draw(between) + digit for digit in card[1:])

    assert contains_card_number(f"he said {text} on the phone")


PHONES = [
    st.from_regex(r"\+52 (55|33|81) \d{4} \d{4}", fullmatch=True),
    st.from_regex(r"\+52 1 55 \d{4} \d{4}", fullmatch=True),
    st.from_regex(r"\+44 20 7946 0\d{3}", fullmatch=True),
    st.from_regex(r"\([2-9]\d\d\) 555-01\d\d", fullmatch=True),
    st.from_regex(r"(55|56) \d{4} \d{4}, (55|56) \d{4} \d{4}", fullmatch=True),
    st.from_regex(r"5[1-5]\d \d{3} \d{4} / 4\d\d \d{3} \d{4}", fullmatch=True),
    st.from_regex(r"\+61491570\d{3}; \+525[0-9]{9}", fullmatch=True),
]
OTHERS = [
    st.datetimes().map(lambda at: f"{at:%Y-%m-%d %H:%M:%S}"),
    st.tuples(st.dates(), st.dates()).map(lambda days: f"from {days[0]:%d/%m/%Y} to {days[1]:%d/%m/%Y}"),
    st.from_regex(r"[1-9]\d,\d{3}\.\d\d, 2026-1[12]-[12]\d 1\d:[0-5]\d", fullmatch=True),
    st.from_regex(r"(A|LC|MX|AU)-[1-9]\d{4,9}", fullmatch=True),
    st.from_regex(r"loan [1-9]\d{6,9}, account [1-9]\d{4}", fullmatch=True),
    st.sampled_from(["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "ES91 2100 0418 4502 0005 1332"]),
    st.uuids().map(str),
]


@given(st.one_of(*PHONES, *OTHERS))
@settings(max_examples=1500, deadline=None, derandomize=True)
def test_phones_days_amounts_references_and_bank_accounts_are_no_cards(text):
    assert not contains_card_number(text)


def test_no_digit_more_or_less_makes_a_card():
    assert not contains_card_number("4111 1111 1111 1112")
    assert not contains_card_number("0000 0000 0000 0000")
    assert not contains_card_number("9999 1111 1111 1114")
