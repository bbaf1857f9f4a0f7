"""The decisions that a simulation judges again, batch by batch, and what comes of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F, Q

from communications.models import CONTACT_ALLOWED, PolicyDecision, PolicySimulation, PolicyVersion
from communications.policy.comparing import Change, Comparison
from communications.policy.facts import ContactFacts, digest_of
from communications.policy.pack import NoPack, PackSet, pack_from
from communications.policy.tally import add, counted, left_out
from communications.selectors.live_policy import packs_of_keys

COLUMNS = ("pk", "at", "actor_id", "channel", "verdict", "facts", "facts_digest")
Row = dict[str, Any]


class CannotJudge(ValueError):
    """A decision that can't be judged again. `code`: its facts were not kept, are not those that were decided on, or
    can't be read; or no policy was in force where it was."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def against_now(at: datetime) -> dict[str, dict[str, Any]]:
    """The versions in force at an instant, by pack, as a simulation keeps them."""
    live = PolicyVersion.objects.in_force(at).select_related("pack").order_by("pack__code")
    return {v.pack.code: {"id": v.pk, "number": v.number, "digest": v.digest} for v in live}


def comparison_of(simulation: PolicySimulation) -> Comparison:
    """The versions in force when it was asked for, and the same with the simulated one in the place of its pack's."""
    before = packs_of_keys(simulation.against.values())
    pack = simulation.pack
    head = {"code": pack.code, "version": simulation.number, "jurisdiction": pack.jurisdiction, "zone": pack.zone}
    titles = {"title_en": pack.title_en, "title_es": pack.title_es}
    tried = pack_from({**head, **titles, "rules": simulation.rules})
    return Comparison(before, PackSet([*(other for other in before.packs if other.code != pack.code), tried]))


def next_decisions(simulation: PolicySimulation, size: int) -> list[Row]:
    """The next decisions of the simulation's period in their order, those that its sample leaves out left out."""
    beyond = Q(at__gt=simulation.seen_at) | Q(at=simulation.seen_at, pk__gt=simulation.seen_id)
    within = PolicyDecision.objects.filter(
        beyond, at__gte=simulation.seen_at, at__lte=simulation.until_at, pk__lte=simulation.last_decision_id
    )
    if simulation.every > 1:
        within = within.annotate(turn=F("pk") % simulation.every).filter(turn=0)
    return list(within.order_by("at", "pk").values(*COLUMNS)[:size])


def judge_again(decisions: list[Row], comparison: Comparison, *, into: dict[str, Any]) -> list[Row]:
    """What each change is, as its row keeps it. Every decision is counted `into` the counts, changed or not."""
    return list(_changes(decisions, comparison, into))


def _changes(decisions: list[Row], comparison: Comparison, counts: dict[str, Any]) -> Iterator[Row]:
    key = settings.DIGEST_KEY.encode()
    for decision in decisions:
        try:
            facts = _facts_of(decision, key)
            change = _change_of(comparison, facts)
        except CannotJudge as fault:
            add(counts, left_out(fault.code))
            continue
        traits = {
            "actor_id": decision["actor_id"],
            "jurisdiction": facts.accounts[0].jurisdiction,
            "channel": decision["channel"],
            "made": decision["verdict"] in CONTACT_ALLOWED,
        }
        add(counts, counted(change, **traits))
        if change is not None:
            sides = {name: list(getattr(change, name)) for name in ("appeared", "gone", "otherwise")}
            yield {"decision_id": decision["pk"], "before": change.before, "after": change.after, **sides, **traits}


def _facts_of(decision: Row, key: bytes) -> ContactFacts:
    text = decision["facts"]
    if not text:
        raise CannotJudge("not_kept")
    if digest_of(text, key) != decision["facts_digest"]:
        raise CannotJudge("not_whole")
    try:
        return ContactFacts.from_json(text)
    except (ValueError, TypeError):
        raise CannotJudge("unreadable") from None


def _change_of(comparison: Comparison, facts: ContactFacts) -> Change | None:
    try:
        return comparison.change(facts)
    except NoPack:
        raise CannotJudge("no_policy") from None
