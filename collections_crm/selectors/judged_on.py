"""What a stored decision was judged on, told from the facts and under the versions that were kept with it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from collections_crm.selectors.reach import limit_in_words
from communications.models import PolicyDecision
from communications.policy import wording
from communications.policy.facts import ContactFacts
from communications.policy.merged import merged
from communications.policy.outlook import outlook
from communications.selectors.live_policy import packs_by_number


@dataclass(frozen=True)
class Silent:
    """A rule that was asked and had nothing against the contact."""

    rule: str
    source: str


@dataclass(frozen=True)
class JudgedOn:
    """The clocks with what suggests each, how far each limit was used up by then, the holds that stood, and the rules
    that were asked and were silent."""

    zones: list[tuple[str, str]]
    limits: list[str]
    holds: list[str]
    silent: list[Silent]


def judged_on(decision: PolicyDecision) -> JudgedOn | None:
    """None for a decision whose facts were not kept, or of which a version of the policy is gone."""
    if not decision.facts:
        return None
    try:
        packs = packs_by_number(decision.pack_versions)
    except LookupError:
        return None
    facts, language = ContactFacts.from_json(decision.facts), get_language() or "en"
    return JudgedOn(
        zones=[(fact.zone, wording.word("zone_source", fact.source, language)) for fact in facts.party.zones],
        limits=[f"{limit_in_words(one, language)}: {one.rule}" for one in outlook(facts, packs).limits],
        holds=[wording.word("hold", hold.kind, language) for hold in facts.holds],
        silent=[
            Silent(rule.id, f"{wording.word('legal_force', rule.legal_force, language)} · {rule.citation}")
            for rule in merged(facts, packs).silent
        ],
    )
