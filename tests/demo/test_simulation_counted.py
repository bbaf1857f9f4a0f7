"""The figures of a simulation over the demo book, counted again by hand from the JSON that the decisions keep.

Nothing of the gate is called for that: a cap counts the attempts at a person on the day, and what it says is added to
what the decision itself was answered.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from io import StringIO
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.test import override_settings

from accounts.models import Account, Party, User
from collections_crm.selectors.simulation_figures import rule_lines, summary_of
from communications.models import Contact, PolicyDecision
from communications.services.authorise import authorise_contact
from tests.factories import NOW
from tests.support.simulations import drafted, simulated

pytestmark = pytest.mark.django_db
DAYS = 60
LIVE = 3
TRIED = {"MX": 1, "UK": 5}
RULES = {"MX": "firm-mx-daily-cap", "UK": "firm-uk-daily-cap"}
CHANNELS = {"call", "text", "whatsapp"}
PURPOSES = {"demand", "reminder", "trace", "enforcement"}
STRICTNESS = ["allow", "warn", "needs_override", "refuse"]
DOES = {"warn": "warn", "override": "needs_override", "refuse": "refuse"}


@pytest.fixture(scope="module")
def book(real_db, django_db_blocker):
    """The demo book, and sixty days in which some people of it were rung too often."""
    with django_db_blocker.unblock(), override_settings(FROZEN_NOW=NOW, DEMO=True):
        call_command("seed_book", accounts=100, seed=7)
        ring_too_often(Random(11))
        yield


def ring_too_often(random):
    people = Party.objects.filter(accounts__portfolio__jurisdiction__in=["MX", "UK"], contact_points__kind="phone")
    agents = [*User.objects.filter(role="agent").order_by("pk"), None]
    for party in people.order_by("pk").distinct()[:30]:
        account = Account.objects.filter(parties=party).order_by("pk").first()
        phone = party.contact_points.filter(kind="phone").order_by("pk").first()
        day = NOW - timedelta(days=random.randrange(1, DAYS))
        for turn in range(random.randrange(2, 8)):
            authorise_contact(
                account_ids=[account.pk], party_id=party.pk, contact_point_id=phone.pk, channel="text",
                purpose="demand", actor=random.choice(agents), now=day + timedelta(minutes=turn),
            )  # fmt: skip


def attempts_on_the_day(facts):
    """How often the person was tried that day, in the zone where it was most."""
    at = datetime.fromisoformat(facts["at"])
    zones = [zone["zone"] for zone in facts["party"]["zones"]] or ["UTC"]
    days = [at.astimezone(ZoneInfo(zone)).date().isoformat() for zone in zones]
    tries = [
        past["on"]
        for past in facts["history"]
        if past["direction"] == "out"
        and past["channel"] in CHANNELS
        and past["person_id"] == facts["party"]["person_id"]
        and "misdirected" not in past["marks"]
    ]
    return max(sum(on >= day for on in tries) for day in days)


def strictest(verdicts):
    return max(verdicts, key=STRICTNESS.index, default="allow")


def by_hand(decision):
    """(before, after, rules that come, rules that go) of one decision."""
    facts = json.loads(decision.facts)
    before = [(reason["rule"], DOES[reason["action"]]) for reason in decision.reasons]
    after = list(before)
    places = {account["jurisdiction"] for account in facts["accounts"]}
    for place in sorted(places & TRIED.keys()):
        if facts["channel"] in CHANNELS and facts["purpose"] in PURPOSES:
            rule = (RULES[place], "needs_override")
            tries = attempts_on_the_day(facts)
            assert (rule in before) == (tries >= LIVE), "the count is that of the gate on the day"
            after = [kept for kept in before if kept != rule] + ([rule] if tries >= TRIED[place] else [])
    verdicts = [strictest([does for _rule, does in said]) for said in (before, after)]
    came, went = set(after) - set(before), set(before) - set(after)
    return (*verdicts, [rule for rule, _does in came], [rule for rule, _does in went])


@pytest.fixture(scope="module")
def result(book, django_db_blocker):
    with django_db_blocker.unblock(), override_settings(FROZEN_NOW=NOW):
        admin = User.objects.filter(role="admin").first()
        yield simulated(drafted(admin, **TRIED), admin, days=DAYS)


def test_every_figure_is_what_counting_by_hand_gives(result):
    decisions = list(PolicyDecision.objects.filter(at__gt=NOW - timedelta(days=DAYS), at__lte=NOW))
    assert set(PolicyDecision.objects.values_list("pack_versions__firm", flat=True)) == {1}
    counted = {decision: by_hand(decision) for decision in decisions}
    changed = {decision: found for decision, found in counted.items() if found[2] or found[3]}
    made = set(Contact.objects.filter(decision__in=changed).values_list("decision_id", flat=True))

    counts = result.counts

    assert len(changed) > 20, "too little to show anything"
    assert {"MX", "UK"} == {json.loads(d.facts)["accounts"][0]["jurisdiction"] for d in changed}
    assert (counts["judged"], counts["changed"], counts["made"]) == (len(decisions), len(changed), len(made))
    assert "left_out" not in counts
    assert {pair: figures["count"] for pair, figures in counts["pairs"].items()} == Counter(
        f"{before}>{after}" for before, after, _came, _went in changed.values()
    )
    lines = {line.key: (line.appeared, line.gone, line.otherwise) for line in rule_lines(result)}
    came = Counter(rule for _b, _a, rules, _w in changed.values() for rule in rules)
    went = Counter(rule for _b, _a, _c, rules in changed.values() for rule in rules)
    assert lines == {rule: (came[rule], went[rule], 0) for rule in came | went}
    for group, of in GROUPS.items():
        judged, otherwise = Counter(map(of, decisions)), Counter(map(of, changed))
        assert counts[group] == {k: {"judged": judged[k], "changed": otherwise[k]} for k in judged}


GROUPS = {
    "agents": lambda decision: str(decision.actor_id or "system"),
    "channels": lambda decision: decision.channel,
    "jurisdictions": lambda decision: json.loads(decision.facts)["accounts"][0]["jurisdiction"],
}


def test_the_list_holds_exactly_the_decisions_that_change(result):
    decisions = PolicyDecision.objects.filter(at__gt=NOW - timedelta(days=DAYS), at__lte=NOW)
    expected = {}
    for decision in decisions:
        before, after, came, went = by_hand(decision)
        if came or went:
            expected[decision.pk] = (before, after, came, went, [])

    listed = result.changes.values_list("decision_id", "before", "after", "appeared", "gone", "otherwise")

    assert {pk: tuple(said) for pk, *said in listed} == expected


def test_the_command_tells_the_same(result):
    out = StringIO()
    with override_settings(FROZEN_NOW=NOW):
        call_command("simulate_policy", str(result.version_id), "--days", str(DAYS), "--json", stdout=out)
    told = json.loads(out.getvalue())

    assert {name: told[name] for name in result.counts} == result.counts
    assert f"Of {result.counts['judged']:,} contacts decided in the last 60 days, " in summary_of(result)
