"""What the words of a message must carry, where they are known."""

from __future__ import annotations

import pytest

from communications.policy.facts import ConsentFact, PointFact
from tests.support.policy_facts import account, at, contact, judged, only, party

MAIL = PointFact(id=1, kind="email")
WHOLE = ("opt_out", "disclosure", "creditor", "reference")


def message(place: str = "US", *, elements, channel: str = "email", purpose: str = "demand", **of_account):
    zone = {"US": "America/New_York", "MX": "America/Monterrey"}[place]
    point = MAIL if channel == "email" else PointFact(id=1)
    when = at("2026-04-08 12:00", zone)
    agreed = (ConsentFact(channel, when.date()),)
    return contact(
        when, account(place, **of_account), party=party(zone), channel=channel, purpose=purpose, point=point,
        consents=agreed, elements=elements,
    )  # fmt: skip


@pytest.mark.parametrize("channel", ["text", "email"])
@pytest.mark.parametrize(
    ("elements", "rules"),
    [
        (WHOLE, ()),
        (("opt_out", "disclosure"), ()),
        (("disclosure",), ("us-regf-eoptout-notice",)),
        (("opt_out",), ("us-regf-mini-miranda",)),
        ((), ("us-regf-eoptout-notice", "us-regf-mini-miranda")),
        (None, ()),  # no words yet: a preview
    ],
)
def test_a_debt_collectors_message_says_who_writes_and_how_to_stop_it(channel, elements, rules):
    assert judged(message(elements=elements, channel=channel)).rules == rules


def test_a_creditor_who_writes_for_itself_is_not_bound_by_regulation_f():
    assert judged(message(elements=(), capacity="original_creditor")).verdict == "allow"


def test_what_is_missing_is_named():
    reasons = judged(message("MX", elements=("creditor",), purpose="demand")).reasons

    assert [reason.params["element"] for reason in reasons] == ["reference", "disclosure"]
    assert {reason.rule for reason in reasons} == {"mx-identify-first"}


@pytest.mark.parametrize(("purpose", "verdict"), [("demand", "refuse"), ("confirmation", "allow")])
def test_in_mexico_whoever_asks_for_money_names_the_creditor_and_the_contract(purpose, verdict):
    assert judged(message("MX", elements=("opt_out",), purpose=purpose)).verdict == verdict


def test_an_element_that_no_message_carries_is_refused():
    with pytest.raises(ValueError, match="carries a song"):
        only({"kind": "disclosure", "params": {"elements": ["a song"]}})
