"""What a simulation adds up: plain counts that go into a row, batch by batch."""

from __future__ import annotations

from collections import Counter
from typing import Any

from communications.policy.comparing import Change

SIDES = ("appeared", "gone", "otherwise")
# By what the decisions are counted, those that change among those that were judged.
GROUPS = ("agents", "jurisdictions", "channels")
NOBODY = "system"


def counted(
    change: Change | None, *, actor_id: int | None, jurisdiction: str, channel: str, made: bool
) -> dict[str, Any]:
    """The counts of one judged decision. `made`: the contact was made on its strength."""
    changed = int(change is not None)
    of_group = {"judged": 1, "changed": changed}
    counts: dict[str, Any] = {
        "judged": 1,
        "agents": {str(actor_id or NOBODY): of_group},
        "jurisdictions": {jurisdiction: of_group},
        "channels": {channel: of_group},
    }
    if change is not None:
        rules = {side: dict.fromkeys(getattr(change, side), 1) for side in SIDES}
        counts |= {
            "changed": 1,
            "made": int(made),
            "pairs": {pair_of(change.before, change.after): {"count": 1, **rules}},
        }
    return counts


def left_out(why: str) -> dict[str, Any]:
    """The counts of a decision that could not be judged again."""
    return {"left_out": {why: 1}}


def pair_of(before: str, after: str) -> str:
    return f"{before}>{after}"


def add(total: dict[str, Any], more: dict[str, Any]) -> None:
    """Add counts to counts, whatever is inside what."""
    for name, value in more.items():
        if isinstance(value, dict):
            add(total.setdefault(name, {}), value)
        else:
            total[name] = total.get(name, 0) + value


def rules_of(counts: dict[str, Any]) -> dict[str, Counter[str]]:
    """For each side, how many decisions each rule has it in, all verdicts together."""
    found: dict[str, Counter[str]] = {side: Counter() for side in SIDES}
    for pair in counts.get("pairs", {}).values():
        for side in SIDES:
            found[side].update(pair[side])
    return found
