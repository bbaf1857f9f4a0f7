"""Where a draft lets through what the law, as the product ships it, does not: every difference with both values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from communications.policy.lint.compare import Loosening, loosenings, narrowings
from communications.policy.lint.flaw import Flaw
from communications.policy.pack import ACTIONS, LEGAL_FORCES, Pack, Rule

# Law and a regulator's rules may not be loosened; of a presumption or guideline the firm may answer for another number.
BINDING = ("statute", "rule")
OWN = "policy"


def looser_than_law(law: Pack, own: Pack, on: date) -> Iterator[Flaw]:
    """Every shipped rule with legal force that the pack lacks or loosens. The firm's own settings are its own."""
    rules = {rule.id: rule for rule in own.rules}
    for shipped in law.rules:
        if shipped.legal_force == OWN:
            continue
        binds = shipped.legal_force in BINDING
        found = rules.get(shipped.id)
        if found is None or found.kind != shipped.kind:
            yield Flaw("law_missing" if binds else "guidance_missing", shipped.id, {"source": shipped.citation})
            continue
        for name, before, after in differences(shipped, found, on):
            values = {"field": name, "before": before, "after": after, "source": shipped.citation}
            yield Flaw("looser_than_law" if binds else "looser_than_guidance", shipped.id, values)


def differences(law: Rule, own: Rule, on: date) -> Iterator[Loosening]:
    """By what one version of a rule is looser than another: numbers, scope, action, legal force, dates, country."""
    yield from loosenings(law, own)
    yield from narrowings(law.scope, own.scope)
    if law.jurisdiction not in (own.jurisdiction, "*") or (law.jurisdiction == "*" != own.jurisdiction):
        yield "jurisdiction", law.jurisdiction, own.jurisdiction
    if ACTIONS.index(own.action) < ACTIONS.index(law.action):
        yield "action", law.action, own.action
    if LEGAL_FORCES.index(own.legal_force) > LEGAL_FORCES.index(law.legal_force):
        yield "legal_force", law.legal_force, own.legal_force
    if own.effective_from and own.effective_from > max(law.effective_from or date.min, on):
        yield "effective_from", law.effective_from, own.effective_from
    if own.effective_to and own.effective_to < (law.effective_to or date.max):
        yield "effective_to", law.effective_to, own.effective_to
