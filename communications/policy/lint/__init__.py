"""What is wrong with a pack before it rules: what can't work, what is looser than the law, what others contradict."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from communications.policy.lint.conflicts import conflicts
from communications.policy.lint.flaw import Flaw
from communications.policy.lint.looser import looser_than_law
from communications.policy.lint.overlaps import hours_flaws, shadowed
from communications.policy.lint.reach import out_of_reach
from communications.policy.pack import Pack


def flaws_of(pack: Pack, *, others: Sequence[Pack], law: Pack | None, on: date) -> list[Flaw]:
    """Everything found in a pack, beside the others that would rule with it and the pack as shipped."""
    found = [*out_of_reach(pack, on), *hours_flaws(pack), *shadowed(pack), *conflicts(pack, others)]
    return found + (list(looser_than_law(law, pack, on)) if law else [])
