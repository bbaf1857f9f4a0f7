"""What may be said once in spite of a refusal: an answer by the same medium, one confirmation, one notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from communications.policy.facts import ConsentFact, HoldFact, OptOutFact, PartyFact, PointFact
from tests.support.policy_facts import account, at, contact, judged, judged_at, party, past

NEW_YORK = "America/New_York"
MAIL = PointFact(id=1, kind="email")
CEASED = HoldFact(
    1, "cease", "account", 100, permitted=("reply", "confirmation", "statutory_notice"), since=date(2026, 4, 1)
)
REFUSED = (OptOutFact("email", date(2026, 4, 1), point_id=1),)
AGREED = (ConsentFact("email", date(2026, 3, 1)),)


def asked(on: str, channel: str = "email", number: int = 1):
    return past(on, id=number, channel=channel, direction="in", marks=("asks",))


def answered(on: str, channel: str = "email", number: int = 2):
    return past(on, id=number, channel=channel, reach="connected", purpose="reply")


def mail(purpose: str, *history, when: str = "2026-04-08 12:00", **differs):
    ordinary = {"channel": "email", "point": MAIL, "purpose": purpose, "history": history, "consents": AGREED}
    return contact(at(when, NEW_YORK), **{**ordinary, **differs})


def told(on: str, purpose: str, **differs):
    return past(on, **{"channel": "email", "reach": "connected", "purpose": purpose, **differs})


@pytest.mark.parametrize(
    ("history", "verdict"),
    [
        ((), "refuse"),  # nothing was asked
        ((asked("2026-04-07"),), "allow"),
        ((asked("2026-04-07"), answered("2026-04-07")), "refuse"),  # one answer, no second
        ((asked("2026-04-07"), answered("2026-04-07"), asked("2026-04-08", number=3)), "allow"),
        ((asked("2026-04-07", "call"),), "refuse"),  # asked by another medium
        ((asked("2026-03-01"),), "refuse"),  # too long ago
    ],
)
def test_a_refused_medium_carries_one_answer_to_what_was_asked_by_it(history, verdict):
    assert judged(mail("reply", *history, opt_outs=REFUSED)).verdict == verdict


@pytest.mark.parametrize(
    ("when", "history", "verdict"),
    [
        ("2026-04-08 23:00", (asked("2026-04-08"),), "allow"),
        ("2026-04-08 06:00", (asked("2026-04-07"),), "allow"),
        ("2026-04-08 23:00", (asked("2026-04-08"), answered("2026-04-08")), "refuse"),
        ("2026-04-08 23:00", (asked("2026-04-08", "call"),), "refuse"),
        ("2026-04-08 12:00", (asked("2026-04-08", "call"),), "allow"),  # at a decent hour any medium
    ],
)
def test_at_an_inconvenient_hour_one_answer_goes_by_the_medium_of_the_question(when, history, verdict):
    assert judged(mail("reply", *history, when=when)).verdict == verdict


def test_an_answer_by_another_medium_waits_for_the_morning():
    decision = judged(mail("reply", asked("2026-04-08", "call"), when="2026-04-08 23:00"))

    assert decision.rules == ("us-regf-reply-once",)
    assert decision.next_allowed_at == at("2026-04-09 08:00", NEW_YORK)


@pytest.mark.parametrize(
    ("history", "verdict"),
    [
        ((), "allow"),
        ((told("2026-03-31", "confirmation"),), "allow"),  # before the refusal
        ((told("2026-04-01", "confirmation"),), "refuse"),
        ((told("2026-04-02", "confirmation"),), "refuse"),
        ((told("2026-04-02", "confirmation", marks=("unconnected",)),), "allow"),  # never handed over
        ((told("2026-04-02", "confirmation", channel="text"),), "allow"),  # by another channel
    ],
)
def test_an_opt_out_is_confirmed_once(history, verdict):
    assert judged(mail("confirmation", *history, opt_outs=REFUSED)).verdict == verdict


@pytest.mark.parametrize("purpose", ["statutory_notice", "confirmation"])
@pytest.mark.parametrize(
    ("history", "verdict"),
    [
        ((), "allow"),
        (("2026-03-30",), "allow"),
        (("2026-04-01",), "refuse"),
        (("2026-04-05",), "refuse"),
        (("2026-03-30", "2026-04-05"), "refuse"),
    ],
)
def test_after_a_request_to_cease_each_thing_that_may_be_told_is_told_once(purpose, history, verdict):
    facts = mail(purpose, *(told(day, purpose, id=n) for n, day in enumerate(history)), holds=(CEASED,))

    assert judged(facts).verdict == verdict


def test_one_kind_of_notice_does_not_use_up_the_other_nor_another_debt():
    history = (told("2026-04-05", "confirmation"),)
    other = told("2026-04-05", "statutory_notice", account_ids=(101,))

    assert judged(mail("statutory_notice", *history, holds=(CEASED,))).verdict == "allow"
    assert judged(mail("statutory_notice", other, holds=(CEASED,))).verdict == "allow"


def test_a_hold_of_which_the_first_day_was_not_kept_counts_nothing_as_before():
    facts = mail("statutory_notice", told("2026-04-05", "statutory_notice"), holds=(replace(CEASED, since=None),))

    assert judged(facts).verdict == "allow"


@pytest.mark.parametrize(
    ("when", "channel", "refused", "rules"),
    [
        ("2027-01-30 12:00", "text", "call", ()),
        ("2027-01-31 12:00", "text", "call", ("us-tcpa-revoke-all",)),
        ("2027-01-31 12:00", "text", "email", ()),
        ("2027-02-10 12:00", "call", "text", ()),  # calls are dialled by hand
        ("2027-02-10 12:00", "email", "text", ()),
    ],
)
def test_from_the_end_of_january_2027_one_revocation_bars_every_text(when, channel, refused, rules):
    own = account(capacity="original_creditor", limitation_on=date(2035, 1, 1))
    point = MAIL if channel == "email" else PointFact(id=1)
    facts = contact(
        at(when, NEW_YORK),
        own,
        channel=channel,
        point=point,
        opt_outs=(OptOutFact(refused, date(2026, 4, 1), point_id=9),),
    )

    assert judged(facts).rules == rules


def test_the_day_from_which_a_revocation_bars_all_is_when_it_begins_where_the_pack_lives():
    own = account(capacity="original_creditor")
    facts = contact(
        at("2027-01-30 12:00", NEW_YORK),
        own,
        channel="text",
        opt_outs=(OptOutFact("call", date(2026, 4, 1), point_id=9),),
    )

    assert judged_at(facts, at("2027-01-30 20:59", NEW_YORK)).verdict == "allow"
    assert judged_at(facts, at("2027-01-31 08:00", NEW_YORK)).rules == ("us-tcpa-revoke-all",)


@pytest.mark.parametrize(
    ("role", "elder", "warned"),
    [
        ("third_party", True, True),
        ("representative", True, True),
        ("", True, True),
        ("primary", True, False),
        ("guarantor", True, False),
        ("third_party", False, False),
    ],
)
def test_in_mexico_elders_who_owe_nothing_are_left_out_of_it(role, elder, warned):
    who = PartyFact(7, 7, language="es", zones=party("America/Monterrey").zones, elder=elder)
    facts = contact(at("2026-04-08 12:00", "America/Monterrey"), account("MX", role=role), party=who)

    assert ("mx-minors-elderly" in judged(facts).rules) == warned
