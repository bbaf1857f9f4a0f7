"""What a newer release of the product ships, offered to an installation as a draft that compliance publishes.

Version 1 of a pack is what came with the installation. A rule that still stands as it came is taken as it is shipped
now; one that the installation changed stays as it is and is named, as does one that is shipped no more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import User
from communications.models import PolicyPack, PolicyRule, PolicyVersion
from communications.policy.shipped import shipped_data
from communications.selectors.live_policy import RULE_FIELDS, rule_data
from communications.services.policy_packs import write_rules
from communications.services.policy_versions import draft_from_live

Rules = dict[str, dict[str, Any]]
LEFT_OUT: dict[str, Any] = {"params": {}, "scope": {}, "effective_from": None, "effective_to": None}


@dataclass
class News:
    """By rule: what a draft would add and change, and what is left for a person to look at."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    no_longer_shipped: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed)


def news_of(pack: PolicyPack, *, now: datetime) -> News:
    """What the files of this release say that the version in force doesn't. Nothing is in force: nothing is new."""
    live = PolicyVersion.objects.in_force(now).filter(pack=pack).first()
    if live is None:
        return News()
    came, stands, shipped = _rules_of(pack.versions.get(number=1)), _rules_of(live), _shipped(pack)
    news = News()
    for code, rule in shipped.items():
        if code not in stands:
            # A rule that was there and is gone was taken out by somebody.
            (news.own if code in came else news.added).append(code)
        elif stands[code] != rule:
            (news.changed if stands[code] == came.get(code) else news.own).append(code)
    news.no_longer_shipped = [code for code in stands if code in came and code not in shipped]
    return news


@retrying
def draft_shipped(*, pack_code: str, actor: User, now: datetime) -> tuple[PolicyVersion, News]:
    """Begin the next version of a pack with what this release ships newer. It is edited and published like any draft.

    Refuses what beginning a draft refuses, and a pack of which nothing newer is shipped.
    """
    pack = PolicyPack.objects.get(code=pack_code)
    news = news_of(pack, now=now)
    if not news:
        raise Refused("policy_nothing_newer")
    draft = draft_from_live(pack_code=pack_code, note="As shipped by the release in use.", actor=actor, now=now)
    draft.rules.filter(code__in=news.changed).delete()
    shipped = _shipped(pack)
    wanted = [shipped[code] for code in (*news.changed, *news.added)]
    write_rules(draft, wanted, pack.jurisdiction)
    codes = {"pack": pack_code, "added": len(news.added), "changed": len(news.changed)}
    record("policy_version.shipped_anew", subject=draft, actor=actor, at=now, codes=codes)
    return draft, news


def _rules_of(version: PolicyVersion) -> Rules:
    return {rule.code: rule_data(rule) for rule in PolicyRule.objects.filter(version=version)}


def _shipped(pack: PolicyPack) -> Rules:
    """The shipped rules as they would be read back from the database."""
    data = shipped_data(pack.code)
    plain = {"jurisdiction": pack.jurisdiction, **LEFT_OUT}
    rules = ({**plain, **rule} for rule in data["rules"])
    return {
        rule["id"]: {"id": rule["id"], **{name: _stored(name, rule[name]) for name in RULE_FIELDS}} for rule in rules
    }


def _stored(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if value and name in ("effective_from", "effective_to") else value
