"""A version of the policy on its way: drafted by an administrator, published by compliance, retired by the next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.foundation.errors import Refused
from accounts.foundation.events import Event, record
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import Role, User
from communications.models import PolicyPack, PolicyRule, PolicyVersion, VersionState
from communications.policy.pack import pack_from
from communications.selectors.live_policy import rule_data
from communications.services.policy_lint import faults_of
from communications.services.policy_packs import rules_digest, write_rules

EDITABLE = {
    "action", "legal_force", "citation", "confidence", "params", "scope", "effective_from", "effective_to",
    "sentence_en", "sentence_es",
}  # fmt: skip
# The acts by which somebody becomes one of the makers of a version, who may not publish it.
MAKING = ["policy_rule.edited", "policyversion.submit"]


@retrying
def draft_from_live(*, pack_code: str, note: str, actor: User, now: datetime) -> PolicyVersion:
    """Begin the next version of a pack as a copy of the one in force.

    Refuses anybody but an administrator, an empty note, a second draft of the same pack, and a pack with nothing live.
    """
    _refuse_role(actor, Role.ADMIN, "policy_only_admin_drafts")
    if not note.strip():
        raise Refused("policy_note_missing")
    pack = PolicyPack.objects.lock(PolicyPack.objects.values_list("pk", flat=True).get(code=pack_code))
    if begun := pack.versions.filter(state__in=[VersionState.DRAFT, VersionState.SUBMITTED]).first():
        raise Refused("policy_draft_exists", number=begun.number)
    live = PolicyVersion.objects.in_force(now).filter(pack=pack).first()
    if live is None:
        raise Refused("policy_nothing_live")
    number = pack.versions.order_by("-number").values_list("number", flat=True)[0] + 1
    draft = PolicyVersion.objects.create(
        pack=pack, number=number, based_on=live, maker=actor, made_at=now, note=note.strip()
    )
    write_rules(draft, [rule_data(rule) for rule in live.rules.all()], pack.jurisdiction)
    record("policy_version.drafted", subject=draft, actor=actor, at=now, codes={"pack": pack_code, "number": number})
    return draft


@retrying
def edit_rule(*, rule_id: int, changes: dict[str, Any], actor: User, now: datetime) -> PolicyRule:
    """Change a rule of a draft. What it is called, its kind and where it applies by country stay.

    Refuses anybody but an administrator, a version that is no draft, and values that make no sense for the kind.
    """
    _refuse_role(actor, Role.ADMIN, "policy_only_admin_drafts")
    rule = PolicyRule.objects.select_related("version__pack").get(pk=rule_id)
    version = _lock_draft(rule.version_id)
    before = rule_data(rule)
    for name, value in changes.items():
        if name not in EDITABLE:
            raise ValueError(f"a rule has no {name} to edit")
        setattr(rule, name, value)
    _refuse_nonsense(rule, version)
    rule.save(update_fields=sorted(changes))
    changed = sorted(name for name in changes if before[name] != getattr(rule, name))
    codes = {"rule": rule.code, "fields": changed}
    record("policy_rule.edited", subject=version, actor=actor, at=now, codes=codes)
    return rule


@retrying
def submit(*, version_id: int, actor: User, now: datetime) -> PolicyVersion:
    """Hand a draft over for publishing: from here on its rules stand. Refuses one with faults, which it names."""
    _refuse_role(actor, Role.ADMIN, "policy_only_admin_drafts")
    version = _lock_draft(version_id)
    if faults := faults_of(version):
        raise Refused("policy_has_faults", faults="; ".join(str(fault) for fault in faults))
    move(version, "submit", actor=actor, at=now, given={"at": now, "digest": rules_digest(version)})
    return version


@retrying
def send_back(*, version_id: int, actor: User, now: datetime, reason: str = "") -> PolicyVersion:
    """Make a submitted version a draft again: compliance found something, or its maker did."""
    version = _lock_submitted(version_id)
    if actor.role != Role.COMPLIANCE and actor.pk != version.maker_id:
        raise Refused("policy_only_compliance_publishes")
    move(version, "send_back", actor=actor, at=now, reason=reason[:60])
    return version


@retrying
def publish(*, version_id: int, actor: User, now: datetime) -> PolicyVersion:
    """Put a submitted version in force from this instant; the one before it ends at the same instant.

    Refuses anybody but compliance, whoever drafted, edited or submitted it, and rules that are not those that were
    submitted.
    """
    _refuse_role(actor, Role.COMPLIANCE, "policy_only_compliance_publishes")
    version = _lock_submitted(version_id)
    if had_a_hand_in(version, actor):
        raise Refused("policy_maker_is_not_checker")
    if rules_digest(version) != version.digest:
        raise Refused("policy_changed_since_submitted")
    for live in PolicyVersion.objects.in_force(now).filter(pack=version.pack, state=VersionState.PUBLISHED).locked():
        move(live, "retire", actor=actor, at=now, reason="replaced", given={"at": now})
    move(version, "publish", actor=actor, at=now, given={"checker": actor, "at": now, "effective_from": now})
    return version


@retrying
def drop_draft(*, version_id: int, actor: User, now: datetime) -> None:
    """Throw a draft away. Nothing that was ever submitted and published can be."""
    _refuse_role(actor, Role.ADMIN, "policy_only_admin_drafts")
    version = _lock_draft(version_id)
    codes = {"pack": version.pack.code, "number": version.number}
    record("policy_version.dropped", subject=version, actor=actor, at=now, codes=codes)
    version.rules.all().delete()
    version.delete()


def _lock_draft(version_id: int) -> PolicyVersion:
    version = PolicyVersion.objects.lock(version_id)
    if version.state != VersionState.DRAFT:
        raise Refused("policy_not_a_draft")
    return version


def _lock_submitted(version_id: int) -> PolicyVersion:
    pack_id = PolicyVersion.objects.values_list("pack_id", flat=True).get(pk=version_id)
    PolicyPack.objects.lock(pack_id)
    version = PolicyVersion.objects.lock(version_id)
    if version.state != VersionState.SUBMITTED:
        raise Refused("policy_not_submitted")
    return version


def had_a_hand_in(version: PolicyVersion, actor: User) -> bool:
    """Whether somebody drafted, edited or submitted it: roles change, so the record of events is asked."""
    about = {"subject_type": "policyversion", "subject_id": version.pk, "actor": actor}
    return version.maker_id == actor.pk or Event.objects.filter(kind__in=MAKING, **about).exists()


def _refuse_role(actor: User, role: Role, code: str) -> None:
    if actor.role != role:
        raise Refused(code)


def _refuse_nonsense(rule: PolicyRule, version: PolicyVersion) -> None:
    """A rule that the gate could not read would stop every decision: it is refused before it is saved."""
    pack = version.pack
    head = {"code": pack.code, "version": version.number, "jurisdiction": pack.jurisdiction, "zone": pack.zone}
    try:
        pack_from({**head, "title_en": pack.title_en, "title_es": pack.title_es, "rules": [rule_data(rule)]})
    except (ValueError, TypeError) as fault:
        raise Refused("policy_rule_senseless", fault=str(fault)) from None
