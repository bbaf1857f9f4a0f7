"""What holds for every contact and every pack, tried on contacts made up by the hundred."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communications.policy.decide import decide
from communications.policy.decision import PASSING, VERDICTS, Decision
from communications.policy.facts import ConsentFact, ContactFacts
from communications.policy.merged import merged
from communications.policy.pack import PackSet
from communications.policy.shipped import shipped_packs
from tests.support.made_up_contacts import holds, made_up_contacts, opt_outs, preferences, stops
from tests.support.policy_facts import account, at, contact, only, party, past

thorough = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
ALL_RULES = [rule for pack in shipped_packs().packs for rule in pack.rules]


def strictness(decision: Decision) -> int:
    return VERDICTS.index(decision.verdict)


def without(*left_out: str) -> PackSet:
    """The shipped packs less some rules."""
    packs = shipped_packs().packs
    return PackSet([replace(pack, rules=tuple(r for r in pack.rules if r.id not in left_out)) for pack in packs])


def told(decision: Decision) -> tuple:
    """All that must not depend on the order of what was known: the verdict, the set of reasons, when it passes."""
    reasons = {
        (r.rule, r.code, str(sorted(r.params.items())), r.accounts, r.retry_at, str(sorted(r.facts.items())))
        for r in decision.reasons
    }
    return decision.verdict, frozenset(reasons), decision.next_allowed_at, decision.marks


def shuffled(facts: ContactFacts, seed: int) -> ContactFacts:
    chance = random.Random(seed)

    def mixed(values: tuple) -> tuple:
        return tuple(chance.sample(values, len(values)))

    lists = ("holds", "consents", "opt_outs", "history", "preferences")
    accounts = (replace(one, notices=mixed(one.notices), stops=mixed(one.stops)) for one in mixed(facts.accounts))
    return replace(
        facts,
        **{name: mixed(getattr(facts, name)) for name in lists},
        accounts=tuple(accounts),
        party=replace(facts.party, zones=mixed(facts.party.zones)),
    )


@thorough
@given(made_up_contacts(), st.data())
def test_one_more_hold_never_makes_an_answer_milder(facts, data):
    held = replace(facts, holds=(*facts.holds, data.draw(holds(facts.at.date(), 99))))

    assert strictness(decide(held, shipped_packs())) >= strictness(decide(facts, shipped_packs()))


@thorough
@given(made_up_contacts(), st.data())
def test_one_more_refusal_of_the_customer_never_makes_an_answer_milder(facts, data):
    refused = replace(facts, opt_outs=(*facts.opt_outs, data.draw(opt_outs(facts.at.date()))))

    assert strictness(decide(refused, shipped_packs())) >= strictness(decide(facts, shipped_packs()))


@thorough
@given(made_up_contacts(), st.data())
def test_one_more_wish_of_the_customer_never_makes_an_answer_milder(facts, data):
    wished = replace(facts, preferences=(*facts.preferences, data.draw(preferences(facts.at.date(), 99))))

    assert strictness(decide(wished, shipped_packs())) >= strictness(decide(facts, shipped_packs()))


@thorough
@given(made_up_contacts(), st.data())
def test_an_emergency_stop_lets_nothing_out_on_its_channel(facts, data):
    stop = data.draw(stops(facts.at.date(), 99))
    first, *others = facts.accounts
    stopped = replace(facts, accounts=(replace(first, stops=(*first.stops, stop)), *others))

    after = decide(stopped, shipped_packs())

    assert strictness(after) >= strictness(decide(facts, shipped_packs()))
    if stop.channel in ("", facts.channel):
        assert after.verdict == "refuse"


@thorough
@given(made_up_contacts(), st.sampled_from(ALL_RULES))
def test_one_more_rule_never_makes_an_answer_milder_nor_sooner_allowed(facts, rule):
    fewer, all_of_them = decide(facts, without(rule.id)), decide(facts, shipped_packs())

    assert strictness(all_of_them) >= strictness(fewer)
    if fewer.next_allowed_at and all_of_them.next_allowed_at:
        assert all_of_them.next_allowed_at >= fewer.next_allowed_at


@thorough
@given(made_up_contacts())
def test_the_next_allowed_instant_is_allowed_and_the_minute_and_the_second_before_are_not(facts):
    found = decide(facts, shipped_packs()).next_allowed_at

    if found is None:
        return
    earlier = [moment for moment in (found - SECOND, found - MINUTE) if moment >= facts.at]
    assert decide(replace(facts, at=found), shipped_packs()).passes
    assert [decide(replace(facts, at=moment), shipped_packs()).passes for moment in earlier] == [False] * len(earlier)
    assert not decide(replace(facts, at=found - timedelta(microseconds=1)), shipped_packs()).passes


@settings(thorough, max_examples=30)
@given(made_up_contacts())
def test_where_no_instant_is_named_none_of_the_next_weeks_would_do(facts):
    decision = decide(facts, shipped_packs())

    if decision.passes or decision.next_allowed_at:
        return
    moments = [facts.at + timedelta(minutes=97) * step for step in range(300)]
    assert not any(decide(replace(facts, at=moment), shipped_packs()).passes for moment in moments)


@thorough
@given(made_up_contacts(), st.integers(0, 10_000))
def test_the_order_in_which_things_are_known_changes_nothing(facts, seed):
    assert told(decide(shuffled(facts, seed), shipped_packs())) == told(decide(facts, shipped_packs()))


@thorough
@given(made_up_contacts(), st.integers(0, 10_000))
def test_nor_does_the_order_of_the_packs_and_their_rules(facts, seed):
    chance, packs = random.Random(seed), shipped_packs().packs
    other_way = [
        replace(p, rules=tuple(chance.sample(p.rules, len(p.rules)))) for p in chance.sample(packs, len(packs))
    ]

    assert told(decide(facts, PackSet(other_way))) == told(decide(facts, shipped_packs()))


def test_a_count_by_person_is_lifted_only_by_consent_for_every_account():
    """Counted once for all accounts, but consent may have been given about one of them only."""
    cap = {"limit": 1, "count_key": "person", "consent_days": 7}
    packs = only({"kind": "frequency", "params": cap})
    agreed = ConsentFact("call", at("2026-04-08 12:00").date(), account_ids=(100,))
    facts = contact(
        at("2026-04-08 12:00"), account(id=100), account(id=101), history=(past("2026-04-08"),), consents=(agreed,)
    )

    one_way, other_way = (decide(replace(facts, accounts=a), packs) for a in (facts.accounts, facts.accounts[::-1]))

    assert [reason.accounts for reason in one_way.reasons] == [(101,)]
    assert told(one_way) == told(other_way)


def test_what_was_asked_last_is_known_from_day_and_number_not_from_the_order_of_the_list():
    asked = past("2026-04-07", id=1, direction="in", marks=("asks",))
    answered = past("2026-04-07", id=2, purpose="reply", reach="connected")
    facts = contact(at("2026-04-08 16:00"), account("UK"), party=party("Europe/London"), purpose="reply")

    verdicts = [
        decide(replace(facts, history=history), shipped_packs()).verdict
        for history in ((asked, answered), (answered, asked))
    ]

    assert verdicts == ["refuse", "refuse"]


@pytest.fixture
def server_zone(monkeypatch):
    def moved(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield moved
    monkeypatch.undo()
    time.tzset()


def test_the_clock_of_the_server_changes_nothing(server_zone):
    @settings(thorough, max_examples=30)
    @given(made_up_contacts())
    def same_everywhere(facts):
        answers = set()
        for zone in ("UTC", "America/Los_Angeles", "Pacific/Kiritimati", "Australia/Adelaide", "Asia/Kathmandu"):
            server_zone(zone)
            fresh = PackSet(shipped_packs().packs)
            answers.add(told(decide(ContactFacts.from_json(facts.as_json()), fresh)))
        assert len(answers) == 1

    same_everywhere()

    server_zone("Asia/Kathmandu")
    assert time.localtime(0).tm_min == 30  # the zone of the process did move


@thorough
@given(made_up_contacts())
def test_every_rule_spoke_or_was_silent_or_was_left_out_and_those_that_won_are_the_strictest(facts):
    # A stop is no rule of a pack: a person made it.
    facts = replace(facts, accounts=tuple(replace(account, stops=()) for account in facts.accounts))
    found = merged(facts, shipped_packs())
    spoke = set(found.decision.rules)
    parts = [spoke, {rule.id for rule in found.silent}, {one.rule.id for one in found.left_out}]

    assert sorted(rule for part in parts for rule in part) == sorted(rule.id for rule in ALL_RULES)
    assert set(found.winners) <= spoke
    assert bool(found.winners) == bool(spoke)
    if spoke:
        # Without the winners the answer is milder: it was they who decided. Without the others it is the same.
        assert strictness(decide(facts, without(*found.winners))) < strictness(found.decision)
        assert decide(facts, without(*(spoke - set(found.winners)))).verdict == found.decision.verdict


@thorough
@given(made_up_contacts())
def test_what_kept_a_rule_out_is_true_and_without_it_the_rule_would_have_been_asked(facts):
    for one in merged(facts, shipped_packs()).left_out:
        assert one.why
        assert one.rule.id not in decide(facts, shipped_packs()).rules
        if one.why.startswith("effective"):
            assert not one.rule.in_force(facts.at)
        else:
            assert one.rule.accounts(facts) == ()


@thorough
@given(made_up_contacts())
def test_whoever_contacts_us_is_never_refused(facts):
    assert decide(replace(facts, purpose="inbound"), shipped_packs()).verdict in PASSING
