"""Loading the packs that ship with the product as published first versions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from accounts.foundation.digests import digest
from accounts.foundation.events import record
from communications.models import PolicyPack, PolicyRule, PolicyVersion, VersionState
from communications.policy.pack import pack_from
from communications.policy.shipped import CODES, shipped_data
from communications.selectors.live_policy import RULE_FIELDS, rule_data

# Shipped rules say in themselves from when they are law; the version rules for as long as we look back.
SHIPPED_FROM = datetime(2020, 1, 1, tzinfo=UTC)


@transaction.atomic
def load_shipped_packs(*, now: datetime) -> list[PolicyVersion]:
    """Publish version 1 of every shipped pack that is not there yet. A pack that is there is left as it is."""
    have = set(PolicyPack.objects.values_list("code", flat=True))
    return [_load(shipped_data(code), now) for code in CODES if code not in have]


def _load(data: dict[str, Any], now: datetime) -> PolicyVersion:
    pack_from(data)
    head = {name: data[name] for name in ("jurisdiction", "zone", "title_en", "title_es")}
    pack = PolicyPack.objects.create(code=data["code"], **head)
    version = PolicyVersion.objects.create(pack=pack, number=data["version"], made_at=now, note="shipped")
    write_rules(version, data["rules"], pack.jurisdiction)
    # Nobody made it and nobody checked it: it came with the product, so it goes the machine's way without a person.
    version.submit(at=now, digest=rules_digest(version))
    version.save(update_fields=["state", "submitted_at", "digest"])
    version.publish(checker=None, at=now, effective_from=SHIPPED_FROM)
    version.save(update_fields=["state", "checker", "published_at", "effective_from"])
    codes = {"pack": pack.code, "version": version.number, "state": VersionState.PUBLISHED}
    record("policy_version.shipped", subject=version, actor=None, at=now, codes=codes)
    return version


def write_rules(version: PolicyVersion, rules: list[dict[str, Any]], jurisdiction: str) -> None:
    """Write rules from plain data into a draft, in their order."""
    PolicyRule.objects.bulk_create(
        PolicyRule(
            version=version,
            code=rule["id"],
            order=order,
            **{"jurisdiction": jurisdiction, **{name: rule[name] for name in RULE_FIELDS if name in rule}},
        )
        for order, rule in enumerate(rules)
    )


def rules_digest(version: PolicyVersion) -> str:
    """What was submitted, in one word: any change of any rule changes it."""
    return digest([rule_data(rule) for rule in version.rules.order_by("order", "code")])
