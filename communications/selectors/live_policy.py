"""The policy in force: which versions rule at an instant, as packs that the gate reads.

Submitted versions never change, so a pack is built from its rows once per process and kept by version and digest. Which
versions rule is asked at every decision: a version that is published rules at the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from accounts.foundation.digests import digest
from communications.models import PolicyRule, PolicyVersion
from communications.policy.pack import Pack, PackSet, Rule, pack_from

RULE_FIELDS = (
    "kind", "action", "legal_force", "citation", "confidence", "jurisdiction",
    "params", "scope", "effective_from", "effective_to", "sentence_en", "sentence_es",
)  # fmt: skip
VersionKey = tuple[int, str]
ENDLESS = datetime.max.replace(tzinfo=UTC)


def live_packs(at: datetime) -> PackSet:
    """The packs in force at an instant."""
    return packs_of(PolicyVersion.objects.in_force(at).values_list("pk", "digest"))


def packs_from(at: datetime) -> list[tuple[datetime, PackSet]]:
    """The packs in force at an instant, and those at each later instant at which a published version begins. One query:
    what was published to begin later is known long before it rules."""
    coming = PolicyVersion.objects.ruling_from(at).values_list("pk", "digest", "effective_from", "effective_to")
    rows = list(coming)
    instants = [at, *sorted({begins for _pk, _digest, begins, _ends in rows if begins > at})]
    return [
        (since, packs_of((pk, word) for pk, word, begins, ends in rows if begins <= since < (ends or ENDLESS)))
        for since in instants
    ]


def packs_of_keys(keys: Iterable[Mapping[str, Any]]) -> PackSet:
    """The packs of versions named by id and digest, as a query reads them beside other things."""
    return packs_of((key["id"], key["digest"]) for key in keys)


def packs_by_number(versions: Mapping[str, int]) -> PackSet:
    """The packs of versions named by pack and number, as a decision keeps them. LookupError when one isn't there."""
    keys = {
        (version.pack.code, version.number): (version.pk, version.digest)
        for version in PolicyVersion.objects.filter(pack__code__in=versions).select_related("pack")
    }
    if missing := sorted(f"{code} {number}" for code, number in versions.items() if (code, number) not in keys):
        raise LookupError(f"no version {', '.join(missing)}")
    return packs_of(keys[one] for one in versions.items())


def packs_of(keys: Iterable[VersionKey]) -> PackSet:
    return _packset(tuple(sorted(keys)))


def pack_of(version: PolicyVersion) -> Pack:
    """A version as a pack, drafts included. ValueError or TypeError when a rule in it makes no sense."""
    return _pack_with(version, version.rules.all())


def rule_of(row: PolicyRule) -> Rule:
    """One rule as the gate reads it. ValueError or TypeError when it makes no sense."""
    return _pack_with(row.version, [row]).rules[0]


def _pack_with(version: PolicyVersion, rows: Iterable[PolicyRule]) -> Pack:
    pack = version.pack
    head = {"code": pack.code, "version": version.number, "jurisdiction": pack.jurisdiction, "zone": pack.zone}
    titles = {"title_en": pack.title_en, "title_es": pack.title_es}
    return pack_from({**head, **titles, "rules": [rule_data(row) for row in rows]})


def rule_data(rule: PolicyRule) -> dict[str, Any]:
    """A rule as plain data, as a pack file has it."""
    return {"id": rule.code, **{name: getattr(rule, name) for name in RULE_FIELDS}}


def rule_token(rule: PolicyRule) -> str:
    """What a rule says, in one word: whoever has seen another word has seen another rule."""
    return digest(rule_data(rule))


@lru_cache(maxsize=64)
def _packset(keys: tuple[VersionKey, ...]) -> PackSet:
    return PackSet([_pack(*key) for key in keys])


@lru_cache(maxsize=256)
def _pack(version_id: int, _digest: str) -> Pack:
    # The digest in the key tells databases of one process apart: the same id may be another version elsewhere.
    return pack_of(PolicyVersion.objects.select_related("pack").prefetch_related("rules").get(pk=version_id))
