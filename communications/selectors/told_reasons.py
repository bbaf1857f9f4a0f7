"""A stored decision in words: each reason with its rule, source and end, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language

from accounts.models import Portfolio
from communications.models import PolicyDecision, PolicyRule
from communications.policy import wording
from communications.policy.decision import Reason
from communications.policy.pack import EMERGENCY_STOP, Rule
from communications.selectors.contact_facts import ContactRequest, gather
from communications.services.authorise import Preview

FIRM = "Firm policy: "


@dataclass(frozen=True)
class ToldReason:
    """Why a contact may not be made, or only with care. `until` is None when waiting doesn't help."""

    sentence: str
    rule: str
    citation: str
    force: str
    action: str
    until: datetime | None
    zone: str = ""

    @property
    def source(self) -> str:
        """Force and citation. The firm's own citations begin with their force in English: it is said once."""
        return f"{self.force} · {self.citation.removeprefix(FIRM)}"


def clock_of(decision: PolicyDecision, *, now: datetime) -> str:
    """The zone by whose clock a stored refusal is told: the one that decided, else the person's surest, else the
    portfolio's."""
    request = ContactRequest(
        tuple(decision.account_ids), decision.party_id, decision.contact_point_id, decision.channel, decision.purpose
    )
    ends = [(reason["retry_at"], reason["params"].get("zone")) for reason in decision.reasons]
    known = [fact.zone for fact in gather(request, now=now).facts.party.zones]
    return deciding_zone(ends, known) or Portfolio.objects.filter(accounts__pk=decision.account_ids[0]).get().zone


def deciding_zone(ends: Iterable[tuple[Any, str | None]], zones: Sequence[str]) -> str:
    """Of what ends a refusal (when, in which zone) the zone of the last to end; the first of the person's when no
    clock was in it; empty when none is known. Badge and refusal both ask here, so that they name one place."""
    dated = [(end, zone) for end, zone in ends if end and zone]
    return max(dated)[1] if dated else next(iter(zones), "")


def told_reasons(decision: PolicyDecision) -> list[ToldReason]:
    """Every reason of a decision, the refusing ones first, by the version of the rules that it was made under."""
    language = get_language() or "en"
    sentences = _sentences(decision, language)
    reasons = sorted(decision.reasons, key=lambda reason: ORDER.index(reason["action"]))
    return [
        ToldReason(
            sentence=wording.sentence(sentences.get(r["rule"], "{code}"), r["code"], r["params"], language),
            rule=r["rule"],
            citation=r["citation"],
            force=wording.word("legal_force", r["legal_force"], language),
            action=r["action"],
            until=datetime.fromisoformat(r["retry_at"]) if r["retry_at"] else None,
            zone=r["params"].get("zone", ""),
        )
        for r in reasons
    ]


ORDER = ["refuse", "override", "warn"]


def told_of(preview: Preview) -> list[ToldReason]:
    """Every reason against one contact that nobody made yet, the refusing ones first."""
    language = get_language() or "en"
    reasons = sorted(preview.answer.reasons, key=lambda reason: ORDER.index(reason.action))
    return [_told(reason, preview, language) for reason in reasons]


def told_once(previews: Iterable[Preview]) -> list[ToldReason]:
    """What stands against contacts that nobody made yet: each refusing rule once, those that time doesn't end first."""
    language = get_language() or "en"
    found: dict[str, ToldReason] = {}
    for preview in previews:
        for reason in preview.answer.reasons:
            if reason.action == "refuse" and reason.rule not in found:
                found[reason.rule] = _told(reason, preview, language)
    return sorted(found.values(), key=lambda told: told.until is not None)


def _told(reason: Reason, preview: Preview, language: str) -> ToldReason:
    rule = preview.packs.rule(reason.rule)
    return ToldReason(
        sentence=wording.sentence(_in(language, rule), reason.code, reason.params, language),
        rule=reason.rule,
        citation=reason.citation,
        force=wording.word("legal_force", reason.legal_force, language),
        action=reason.action,
        until=reason.retry_at,
        zone=reason.params.get("zone", ""),
    )


def _sentences(decision: PolicyDecision, language: str) -> dict[str, str]:
    versions = [Q(version__pack__code=pack, version__number=number) for pack, number in decision.pack_versions.items()]
    if not versions:
        return {EMERGENCY_STOP.id: _in(language, EMERGENCY_STOP)}
    codes = [reason["rule"] for reason in decision.reasons]
    found = PolicyRule.objects.filter(reduce(or_, versions), code__in=codes)
    return {EMERGENCY_STOP.id: _in(language, EMERGENCY_STOP), **{rule.code: rule.sentence for rule in found}}


def _in(language: str, rule: Rule) -> str:
    return rule.sentence_es if language.startswith("es") else rule.sentence_en
