"""Trying a draft of the policy on the decisions of the past weeks: asked for, run in the background, cancelled.

The row is the truth and the task a nudge. A worker claims the row and judges batch after batch; each batch is one
transaction that also says how far it came, so what a dead worker left is taken up there by the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Count, Max

from accounts.foundation.digests import digest
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import Role, User
from communications.models import (
    PolicyDecision,
    PolicySimulation,
    PolicyVersion,
    SimulatedChange,
    SimulationState,
    VersionState,
)
from communications.models.policy_simulation import LONGEST
from communications.policy.comparing import Comparison
from communications.policy.tally import add
from communications.selectors.live_policy import rule_data
from communications.selectors.simulated_decisions import Row, against_now, comparison_of, judge_again, next_decisions

# More decisions than these are not judged: every second, third ... by its number is.
MOST = 200_000
BATCH = 1000
# A worker that has not written for so long is taken for dead: a batch takes about a second.
LOST_AFTER = timedelta(minutes=2)
MOST_TRIES = 3
S = SimulationState
OPEN = [S.QUEUED, S.RUNNING]
MAY_SIMULATE = {Role.ADMIN, Role.COMPLIANCE}


@retrying
def ask_for_simulation(*, version_id: int, days: int, actor: User | None, now: datetime) -> PolicySimulation:
    """Ask for a version in preparation to be tried on the last `days` times 24 hours.

    The same again while it waits or runs is answered with that one. Refuses anybody but an administrator and compliance
    (nobody: the command line), a version that is not in preparation, days beyond 1 to 90, and a second one beside
    another that still runs.
    """
    _refuse_person(actor)
    version = PolicyVersion.objects.lock(version_id)
    if version.state not in (VersionState.DRAFT, VersionState.SUBMITTED):
        raise Refused("simulation.not_in_preparation")
    if not 1 <= days <= LONGEST:
        raise Refused("simulation.days", most=LONGEST)
    rules = [rule_data(rule) for rule in version.rules.order_by("order", "code")]
    asked = {"digest": digest(rules), "days": days}
    if running := version.simulations.filter(state__in=OPEN).first():
        if (running.digest, running.days) == (asked["digest"], days):
            return running
        raise Refused("simulation.another_runs")
    simulation = PolicySimulation.objects.create(
        version=version, pack=version.pack, number=version.number, rules=_plain(rules), against=against_now(now),
        asked_by=actor, asked_at=now, **asked, **_extent(days, now),
    )  # fmt: skip
    codes = {"version": version.pk, "days": days, "found": simulation.found}
    record("policysimulation.asked", subject=simulation, actor=actor, at=now, codes=codes)
    return simulation


def _plain(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rules as JSON keeps them, their days as text."""
    days = ("effective_from", "effective_to")
    return [{**rule, **{name: rule[name] and rule[name].isoformat() for name in days}} for rule in rules]


def _extent(days: int, now: datetime) -> dict[str, Any]:
    """Which decisions: those of the days that are there now. What is written later is not seen."""
    from_at = now - timedelta(days=days)
    found = PolicyDecision.objects.filter(at__gt=from_at, at__lte=now).aggregate(count=Count("pk"), last=Max("pk"))
    last = found["last"] or 0
    return {
        "from_at": from_at,
        "until_at": now,
        "found": found["count"],
        "every": max(1, -(-found["count"] // MOST)),
        "last_decision_id": last,
        # Nothing at the very start of the period is looked at: it begins after it.
        "seen_at": from_at,
        "seen_id": last,
    }


@retrying
def cancel_simulation(*, simulation_id: int, actor: User | None, now: datetime) -> PolicySimulation:
    """Give a simulation up: nothing of its result is kept. Refuses one that has ended, and anybody without the role."""
    _refuse_person(actor)
    simulation = PolicySimulation.objects.lock(simulation_id)
    if simulation.state not in OPEN:
        raise Refused("simulation.ended")
    simulation.changes.all().delete()
    move(simulation, "cancel", actor=actor, at=now, given={"at": now})
    return simulation


@retrying
def let_go_of_version(*, version_id: int, actor: User | None, now: datetime) -> None:
    """Before a draft is thrown away: what runs for it is cancelled, what was found out about it stays without it."""
    for simulation in PolicySimulation.objects.filter(version=version_id, state__in=OPEN):
        cancel_simulation(simulation_id=simulation.pk, actor=actor, now=now)
    PolicySimulation.objects.filter(version=version_id).update(version=None)


def run_simulation(*, simulation_id: int, clock: Callable[[], datetime], size: int = BATCH) -> bool:
    """Claim a waiting simulation and judge until it is done. False when another worker has it, or nothing is to do.

    Stops between two batches when it was cancelled or given back meanwhile. The clock is read anew for each batch:
    by it the others see that this worker lives.
    """
    claim = claim_simulation(simulation_id=simulation_id, now=clock())
    if claim is None:
        return False
    comparison = comparison_of(PolicySimulation.objects.select_related("pack").get(pk=simulation_id))
    while judge_batch(simulation_id=simulation_id, claim=claim, comparison=comparison, now=clock(), size=size):
        pass
    return True


@retrying
def claim_simulation(*, simulation_id: int, now: datetime) -> UUID | None:
    """Make a waiting simulation the caller's. None when it is somebody else's or has ended."""
    waiting = PolicySimulation.objects.filter(pk=simulation_id, state=S.QUEUED)
    simulation = waiting.select_for_update(no_key=True, of=("self",), skip_locked=True).first()
    if simulation is None:
        return None
    claim = uuid4()
    move(simulation, "begin", actor=None, at=now, given={"claim": claim, "at": now})
    return claim


def judge_batch(*, simulation_id: int, claim: UUID, comparison: Comparison, now: datetime, size: int = BATCH) -> bool:
    """Judge the next decisions and keep what changes. False once there is nothing left to do for this worker.

    Nothing is locked while it judges: whoever cancels doesn't wait.
    """
    simulation = PolicySimulation.objects.filter(pk=simulation_id, state=S.RUNNING, claim=claim).first()
    if simulation is None:
        return False
    decisions, counts = next_decisions(simulation, size), dict[str, Any]()
    changes = judge_again(decisions, comparison, into=counts)
    return _keep(simulation, decisions, counts, changes, now)


@retrying
def _keep(
    seen: PolicySimulation, decisions: list[Row], counts: dict[str, Any], changes: list[Row], now: datetime
) -> bool:
    """Write what was found, if the row is still this worker's and where it was when the batch was read."""
    as_read = {"state": S.RUNNING, "claim": seen.claim, "seen_at": seen.seen_at, "seen_id": seen.seen_id}
    simulation = PolicySimulation.objects.locked().filter(pk=seen.pk, **as_read).first()
    if simulation is None:
        return False
    if not decisions:
        move(simulation, "finish", actor=None, at=now, given={"at": now})
        return False
    add(simulation.counts, counts)
    SimulatedChange.objects.bulk_create(SimulatedChange(simulation=simulation, **change) for change in changes)
    simulation.seen_at, simulation.seen_id = decisions[-1]["at"], decisions[-1]["pk"]
    simulation.seen_working_at = now
    simulation.save(update_fields=["counts", "seen_at", "seen_id", "seen_working_at"])
    return True


@retrying
def give_back_lost(*, now: datetime) -> list[int]:
    """Simulations whose worker is dead wait again; the third time is the last: then they have failed."""
    lost = PolicySimulation.objects.filter(state=S.RUNNING, seen_working_at__lt=now - LOST_AFTER)
    simulations = list(lost.order_by("pk").select_for_update(no_key=True, of=("self",), skip_locked=True))
    for simulation in simulations:
        if simulation.tries < MOST_TRIES:
            move(simulation, "give_back", actor=None, at=now, reason="worker_lost")
            continue
        simulation.changes.all().delete()
        code = "worker_lost"
        move(simulation, "fail", actor=None, at=now, reason=code, given={"at": now, "code": code})
    return [simulation.pk for simulation in simulations]


def waiting_simulations() -> list[int]:
    """Those that no worker has, the oldest first."""
    return list(PolicySimulation.objects.filter(state=S.QUEUED).order_by("pk").values_list("pk", flat=True))


def _refuse_person(actor: User | None) -> None:
    if actor is not None and actor.role not in MAY_SIMULATE:
        raise Refused("simulation.not_yours")
