"""Decisions of past weeks and a draft to try on them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from communications.models import PolicyDecision, PolicySimulation, PolicyVersion
from communications.services.authorise import authorise_contact
from communications.services.policy_simulations import ask_for_simulation, run_simulation
from communications.services.policy_versions import draft_from_live, edit_rule
from tests.factories import NOW, place_account

CAPS = {"UK": "firm-uk-daily-cap", "MX": "firm-mx-daily-cap"}


def ask_the_gate(account: Any, *, at: datetime, actor: Any = None, channel: str = "call") -> PolicyDecision:
    """One decision, kept with its facts, and the contact if it was allowed."""
    party = account.parties.get()
    point = party.contact_points.filter(kind="phone").order_by("pk").first()
    return authorise_contact(
        account_ids=[account.pk], party_id=party.pk, contact_point_id=point.pk, channel=channel, purpose="demand",
        actor=actor, now=at,
    ).decision  # fmt: skip


def rung(times: int, *, days_ago: int = 1, jurisdiction: str = "UK", actor: Any = None) -> list[PolicyDecision]:
    """Somebody new who was tried so many times on one afternoon: by phone, or by somebody's texts."""
    begins, channel = NOW - timedelta(days=days_ago), "text" if actor else "call"
    account = place_account(jurisdiction=jurisdiction, now=begins)
    instants = [begins + timedelta(minutes=turn) for turn in range(times)]
    return [ask_the_gate(account, at=at, actor=actor, channel=channel) for at in instants]


def drafted(admin: Any, *, code: str = "firm", **limits: int) -> PolicyVersion:
    """A draft of the firm's pack with other daily caps: `drafted(admin, UK=1)`."""
    draft = draft_from_live(pack_code=code, note="other caps", actor=admin, now=NOW)
    for place, limit in limits.items():
        set_cap(draft, admin, place, limit)
    return draft


def set_cap(draft: PolicyVersion, admin: Any, place: str, limit: int) -> None:
    rule = draft.rules.get(code=CAPS[place])
    edit_rule(rule_id=rule.pk, changes={"params": {**rule.params, "limit": limit}}, actor=admin, now=NOW)


def simulated(draft: PolicyVersion, admin: Any, *, days: int = 30, now: datetime = NOW) -> PolicySimulation:
    """Asked for and run to its end."""
    asked = ask_for_simulation(version_id=draft.pk, days=days, actor=admin, now=now)
    run_simulation(simulation_id=asked.pk, clock=lambda: now)
    return again(asked)


def again(simulation: PolicySimulation) -> PolicySimulation:
    """As it is in the database now."""
    return PolicySimulation.objects.select_related("pack", "version").get(pk=simulation.pk)
