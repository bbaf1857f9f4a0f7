"""A draft tried on past decisions: counted once, whoever dies, cancels, edits or asks twice meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.foundation.errors import Refused
from communications.models import PolicyDecision, PolicySimulation, PolicyVersion, SimulatedChange
from communications.selectors.simulated_decisions import comparison_of
from communications.selectors.simulation_standing import latest_valid, standing_of
from communications.services import policy_simulations
from communications.services.policy_simulations import (
    LOST_AFTER,
    ask_for_simulation,
    cancel_simulation,
    claim_simulation,
    give_back_lost,
    judge_batch,
    run_simulation,
    waiting_simulations,
)
from communications.services.policy_versions import drop_draft, edit_rule, publish, send_back, submit
from communications.tasks import simulate_policy, sweep_simulations
from tests.factories import NOW, make_user
from tests.support.simulations import again, drafted, rung, set_cap, simulated

pytestmark = pytest.mark.django_db
LATER = NOW + LOST_AFTER + timedelta(seconds=1)


def asked(draft, admin, days=30):
    return ask_for_simulation(version_id=draft.pk, days=days, actor=admin, now=NOW)


def begun(draft, admin, batches=1, size=2):
    """A simulation whose worker judged some batches, and the worker's claim."""
    simulation = asked(draft, admin)
    claim = claim_simulation(simulation_id=simulation.pk, now=NOW)
    for _batch in range(batches):
        assert judge_one(simulation, claim, size)
    return simulation, claim


def judge_one(simulation, claim, size=2, now=NOW):
    comparison = comparison_of(again(simulation))
    return judge_batch(simulation_id=simulation.pk, claim=claim, comparison=comparison, now=now, size=size)


def told(simulation):
    """All that a simulation found: its counts and its changes."""
    columns = ("decision_id", "before", "after", "appeared", "gone", "otherwise", "made")
    return simulation.counts, list(simulation.changes.order_by("pk").values_list(*columns))


def test_a_lower_cap_counts_the_calls_that_it_would_have_stopped(admin, agent):
    first, second, third = rung(3, actor=agent)
    rung(1)

    done = simulated(drafted(admin, UK=1), admin)

    assert done.state == "done"
    assert [change.decision_id for change in done.changes.order_by("decision_id")] == [second.pk, third.pk]
    assert (done.counts["judged"], done.counts["changed"], done.counts["made"]) == (4, 2, 2)
    cap = {"appeared": {"firm-uk-daily-cap": 2}, "gone": {}, "otherwise": {}}
    assert done.counts["pairs"] == {"allow>needs_override": {"count": 2, **cap}}
    assert done.counts["agents"] == {
        str(agent.pk): {"judged": 3, "changed": 2},
        "system": {"judged": 1, "changed": 0},
    }
    assert first.pk not in done.changes.values_list("decision_id", flat=True)


def test_a_higher_cap_lets_through_what_needed_approval(admin):
    rung(4)

    done = simulated(drafted(admin, UK=9), admin)

    change = done.changes.get()
    assert (change.before, change.after, change.gone, change.made) == (
        "needs_override", "allow", ["firm-uk-daily-cap"], False,
    )  # fmt: skip


def test_a_draft_that_differs_in_a_sentence_only_changes_nothing(admin):
    rung(4)
    draft = drafted(admin)
    rule = draft.rules.get(code="firm-uk-daily-cap")
    edit_rule(rule_id=rule.pk, changes={"sentence_en": "{used} of {limit} today."}, actor=admin, now=NOW)

    done = simulated(draft, admin)

    assert (done.counts["judged"], done.counts.get("changed", 0), done.changes.count()) == (4, 0, 0)


def test_only_the_days_asked_for_are_looked_at_and_nothing_that_is_written_later(admin):
    rung(2, days_ago=40)
    rung(2, days_ago=10)
    simulation = asked(drafted(admin, UK=1), admin)
    rung(2, days_ago=9)

    run_simulation(simulation_id=simulation.pk, clock=lambda: NOW)

    assert (simulation.found, again(simulation).counts["judged"]) == (2, 2)


def test_an_edit_voids_it_and_taking_the_edit_back_makes_it_valid_again(admin):
    rung(2)
    draft = drafted(admin, UK=1)
    done = simulated(draft, admin)
    assert (standing_of(done, now=NOW), latest_valid(draft, now=NOW)) == ("", done)

    set_cap(draft, admin, "UK", 2)
    assert (standing_of(again(done), now=NOW), latest_valid(draft, now=NOW)) == ("edited", None)

    set_cap(draft, admin, "UK", 1)
    assert latest_valid(draft, now=NOW) == done


def test_it_stays_valid_when_submitted_and_is_of_the_past_once_anything_is_published(admin, compliance):
    rung(2)
    draft = drafted(admin, UK=1)
    done = simulated(draft, admin)

    submit(version_id=draft.pk, actor=admin, now=NOW)
    assert standing_of(again(done), now=NOW) == ""
    publish(version_id=draft.pk, actor=compliance, now=NOW)

    assert standing_of(again(done), now=NOW) == "decided"


def test_another_version_in_force_voids_it_too(admin, compliance):
    draft = drafted(admin, UK=1)
    done = simulated(draft, admin)
    other = drafted(admin, code="UK")
    rule = other.rules.get(code="uk-policy-hours")
    edit_rule(rule_id=rule.pk, changes={"params": {**rule.params, "mon": "09:00-20:00"}}, actor=admin, now=NOW)
    submit(version_id=other.pk, actor=admin, now=NOW)
    publish(version_id=other.pk, actor=compliance, now=NOW)

    assert standing_of(again(done), now=NOW) == "overtaken"


def test_the_run_goes_on_with_the_rules_that_it_was_asked_with(admin):
    rung(3)
    draft = drafted(admin, UK=1)
    simulation, claim = begun(draft, admin)
    set_cap(draft, admin, "UK", 9)

    while judge_one(simulation, claim):
        pass

    assert (again(simulation).counts["changed"], standing_of(again(simulation), now=NOW)) == (2, "edited")


def test_a_cancelled_run_leaves_no_half_result_and_its_worker_stops(admin, compliance):
    rung(4)
    simulation, claim = begun(drafted(admin, UK=1), admin)
    assert simulation.changes.exists()

    cancel_simulation(simulation_id=simulation.pk, actor=compliance, now=NOW)

    assert not judge_one(simulation, claim)
    assert (again(simulation).state, told(again(simulation))) == ("cancelled", ({}, []))
    with pytest.raises(Refused, match="ended already"):
        cancel_simulation(simulation_id=simulation.pk, actor=admin, now=NOW)


def test_one_that_was_given_back_can_be_cancelled_and_leaves_nothing_either(admin):
    rung(4)
    simulation, _claim = begun(drafted(admin, UK=1), admin)
    give_back_lost(now=LATER)

    cancel_simulation(simulation_id=simulation.pk, actor=admin, now=LATER)

    assert told(again(simulation)) == ({}, [])


def test_what_a_dead_worker_left_is_taken_up_where_it_stopped(admin):
    rung(4)
    rung(3, jurisdiction="MX")
    draft = drafted(admin, UK=1, MX=1)
    whole = simulated(draft, admin)
    simulation, dead = begun(draft, admin, batches=2)

    assert give_back_lost(now=NOW + timedelta(minutes=1)) == []
    assert give_back_lost(now=LATER) == [simulation.pk]
    assert run_simulation(simulation_id=simulation.pk, clock=lambda: LATER, size=2)

    assert not judge_one(simulation, dead), "the dead one has no say any more"
    assert (again(simulation).tries, told(again(simulation))) == (2, told(whole))


def test_a_run_that_kills_three_workers_has_failed_and_leaves_nothing(admin):
    rung(4)
    simulation, _claim = begun(drafted(admin, UK=1), admin)
    for turn in (1, 2):
        give_back_lost(now=NOW + turn * 2 * LOST_AFTER)
        assert claim_simulation(simulation_id=simulation.pk, now=NOW + turn * 2 * LOST_AFTER)

    give_back_lost(now=NOW + 9 * LOST_AFTER)

    failed = again(simulation)
    assert (failed.state, failed.failure_code, told(failed)) == ("failed", "worker_lost", ({}, []))


def test_a_lost_nudge_is_found_by_the_sweep(admin, settings, monkeypatch):
    settings.FROZEN_NOW = NOW
    rung(2)
    simulation = asked(drafted(admin, UK=1), admin)
    monkeypatch.setattr(simulate_policy, "delay", simulate_policy.run)

    assert waiting_simulations() == [simulation.pk]
    sweep_simulations()

    assert (again(simulation).state, waiting_simulations()) == ("done", [])


def test_the_same_asked_twice_is_one_and_another_beside_it_waits(admin):
    draft = drafted(admin, UK=1)
    simulation = asked(draft, admin)

    assert asked(draft, admin) == simulation
    with pytest.raises(Refused, match="Another simulation"):
        asked(draft, admin, days=7)


@pytest.mark.parametrize("role", ["agent", "manager", "finance"])
def test_nobody_else_begins_or_cancels_one(admin, role):
    draft = drafted(admin, UK=1)
    stranger = make_user(role)

    with pytest.raises(Refused, match="Only administrators and compliance"):
        asked(draft, stranger)
    simulation = asked(draft, admin)
    with pytest.raises(Refused, match="Only administrators and compliance"):
        cancel_simulation(simulation_id=simulation.pk, actor=stranger, now=NOW)

    assert (PolicySimulation.objects.count(), again(simulation).state) == (1, "queued")


@pytest.mark.parametrize("days", [0, -1, 91])
def test_it_looks_back_one_to_ninety_days(admin, days):
    with pytest.raises(Refused, match="1 to 90 days"):
        asked(drafted(admin, UK=1), admin, days=days)

    assert not PolicySimulation.objects.exists()


def test_only_what_is_in_preparation_is_simulated(admin):
    live = PolicyVersion.objects.get(pack__code="firm")

    with pytest.raises(Refused, match="Only a draft or a submitted version"):
        asked(live, admin)


def test_a_submitted_version_is_simulated_and_sent_back_keeps_it_valid(admin, compliance):
    rung(2)
    draft = drafted(admin, UK=1)
    submit(version_id=draft.pk, actor=admin, now=NOW)

    done = simulated(draft, compliance)
    send_back(version_id=draft.pk, actor=compliance, now=NOW)

    assert (done.counts["changed"], standing_of(again(done), now=NOW)) == (1, "")


def test_a_dropped_draft_cancels_what_runs_and_leaves_what_was_found(admin):
    rung(2)
    draft = drafted(admin, UK=1)
    done, running = simulated(draft, admin), asked(draft, admin, days=5)

    drop_draft(version_id=draft.pk, actor=admin, now=NOW)

    assert (again(done).version, again(done).counts["changed"], again(running).state) == (None, 1, "cancelled")
    assert standing_of(again(done), now=NOW) == "dropped"


def test_a_sample_is_even_and_the_same_every_time(admin, monkeypatch):
    rung(3)
    rung(3)
    rung(3)
    monkeypatch.setattr(policy_simulations, "MOST", 4)
    draft = drafted(admin, UK=1)

    first, second = simulated(draft, admin), simulated(draft, admin)

    looked_at = [pk for pk in PolicyDecision.objects.values_list("pk", flat=True) if pk % 3 == 0]
    assert (first.found, first.every, first.counts["judged"]) == (9, 3, len(looked_at))
    assert told(first) == told(second)


def test_decisions_that_can_not_be_judged_again_are_counted_apart(admin):
    decision = rung(2)[0]
    kept = {f.attname: getattr(decision, f.attname) for f in PolicyDecision._meta.fields if f.attname != "id"}
    for facts in ("", decision.facts.replace("call", "text"), "{}"):
        PolicyDecision.objects.create(**{**kept, "facts": facts})

    done = simulated(drafted(admin, UK=1), admin)

    assert done.counts["left_out"] == {"not_kept": 1, "not_whole": 2}
    assert (done.counts["judged"], done.looked_at) == (2, 5)


def test_what_was_found_stands_against_any_writer(admin):
    rung(2)
    done = simulated(drafted(admin, UK=1), admin)
    rows = PolicySimulation.objects.filter(pk=done.pk)
    attempts = [
        lambda: rows.update(counts={"judged": 2}),
        lambda: rows.update(state="queued", ended_at=None),
        lambda: rows.update(digest="x"),
        lambda: rows.update(rules=[]),
        lambda: rows.update(days=3),
        rows.delete,
        lambda: done.changes.update(after="allow"),
        lambda: done.changes.all().delete(),
        lambda: SimulatedChange.objects.create(
            simulation=done, decision_id=done.changes.get().decision_id - 1, before="allow", after="refuse",
            jurisdiction="UK", channel="call", made=False,
        ),
    ]  # fmt: skip

    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()

    assert told(again(done)) == told(done)


def test_a_batch_is_found_by_an_index_and_costs_the_same_few_queries(admin, django_assert_max_num_queries):
    rung(4)
    simulation = asked(drafted(admin, UK=1), admin)
    claim = claim_simulation(simulation_id=simulation.pk, now=NOW)
    comparison = comparison_of(again(simulation))

    with django_assert_max_num_queries(7):
        judge_batch(simulation_id=simulation.pk, claim=claim, comparison=comparison, now=NOW)

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM communications_policydecision WHERE (at > %s OR (at = %s AND id > %s)) AND at >= %s"
            " AND at <= %s ORDER BY at, id LIMIT 1000",
            [simulation.from_at, simulation.from_at, 0, simulation.from_at, simulation.until_at],
        )
        assert "decision_at" in "".join(line for (line,) in cursor.fetchall())
