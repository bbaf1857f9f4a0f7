"""Whether a simulation still says anything: its rules, and those that it was compared with, as they are now."""

from __future__ import annotations

from datetime import datetime

from communications.models import PolicySimulation, PolicyVersion, SimulationState, VersionState
from communications.selectors.simulated_decisions import against_now
from communications.services.policy_packs import rules_digest

PREPARED = [VersionState.DRAFT, VersionState.SUBMITTED]
# The figures of such a one are those of the version as it is, beside what is in force.
VALID = ""


def standing_of(simulation: PolicySimulation, *, now: datetime) -> str:
    """Empty while it is valid, else why not: `dropped`, `edited`, `decided` (published meanwhile), `overtaken` (another
    version came into force)."""
    version = simulation.version
    if version is None:
        return "dropped"
    return _standing(simulation, version, rules_digest(version), against_now(now))


def standings_of(version: PolicyVersion, simulations: list[PolicySimulation], *, now: datetime) -> list[str]:
    """The same for several simulations of one version, in two queries."""
    digest, against = rules_digest(version), against_now(now)
    return [_standing(simulation, version, digest, against) for simulation in simulations]


def latest_valid(version: PolicyVersion, *, now: datetime) -> PolicySimulation | None:
    """The last finished simulation of the version whose figures still hold."""
    done = list(version.simulations.filter(state=SimulationState.DONE, digest=rules_digest(version)).order_by("-pk"))
    valid = zip(done, standings_of(version, done, now=now), strict=True)
    return next((simulation for simulation, standing in valid if standing == VALID), None)


def _standing(simulation: PolicySimulation, version: PolicyVersion, digest: str, against: dict) -> str:
    if simulation.digest != digest:
        return "edited"
    if version.state not in PREPARED:
        return "decided"
    return VALID if simulation.against == against else "overtaken"
