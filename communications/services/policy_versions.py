"""A version of the policy on its way: drafted by an administrator, published by compliance, retired by the next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.foundation.domain_events import PolicyChanged
from accounts.foundation.domain_events import publish as announce
from accounts.foundation.errors import Refused
from accounts.foundation.events import Event, record
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import Role, User
from accounts.services.hands import gave_the_password
from communications.models import PolicyPack, PolicyRule, PolicyVersion, VersionState
from communications.selectors.live_policy import rule_data, rule_of, rule_token
from communications.services.policy_lint import lint_of
from communications.services.policy_packs import rules_digest, write_rules
from communications.services.policy_simulations import let_go_of_version

EDITABLE = {
    "action", "legal_force", "citation", "confidence", "params", "scope", "effective_from", "effective_to",
    "sentence_en", "sentence_es",
}  # fmt: skip
# The acts by which somebody becomes one of the makers of a version, who may not publish it.
MAKING = ["policy_rule.edited", "policyversion.submit"]
FURTHEST = timedelta(days=366)


@retrying
def draft_from_live(*, pack_code: str, note: str, actor: User, now: datetime) -> PolicyVersion:
    """Begin the next version of a pack as a copy of the one in force.

    Refuses anybody but an administrator, an empty note, a second draft of the same pack, a pack with nothing live, and
    one whose next version is published to begin later: what is drafted beside it would undo it.
    """
    return _begin_draft(pack_code, None, note, actor, now)


@retrying
def draft_way_back(*, version_id: int, note: str, actor: User, now: datetime) -> PolicyVersion:
    """Begin a draft with the rules of an earlier version, to be submitted and published by two people like any other.

    Refuses what `draft_from_live` refuses, and a version that still rules or was never published.
    """
    earlier = PolicyVersion.objects.select_related("pack").get(pk=version_id)
    if not (earlier.has_ruled(now) or earlier.state == VersionState.CALLED_OFF):
        raise Refused("policy_no_way_back")
    return _begin_draft(earlier.pack.code, earlier, note, actor, now)


def _begin_draft(pack_code: str, earlier: PolicyVersion | None, note: str, actor: User, now: datetime) -> PolicyVersion:
    _refuse_role(actor, Role.ADMIN, "policy_only_admin_drafts")
    if not note.strip():
        raise Refused("policy_note_missing")
    pack = PolicyPack.objects.lock(PolicyPack.objects.values_list("pk", flat=True).get(code=pack_code))
    live = _refuse_second_draft(pack, now)
    number = pack.versions.order_by("-number").values_list("number", flat=True)[0] + 1
    said = {"note": note.strip(), "back_to": earlier}
    draft = PolicyVersion.objects.create(pack=pack, number=number, based_on=live, maker=actor, made_at=now, **said)
    write_rules(draft, [rule_data(rule) for rule in (earlier or live).rules.all()], pack.jurisdiction)
    codes = {"pack": pack_code, "number": number, **({"back_to": earlier.number} if earlier else {})}
    record("policy_version.drafted", subject=draft, actor=actor, at=now, codes=codes)
    return draft


def _refuse_second_draft(pack: PolicyPack, now: datetime) -> PolicyVersion:
    """The version that a draft would be compared with: the one in force."""
    if begun := pack.versions.filter(state__in=[VersionState.DRAFT, VersionState.SUBMITTED]).first():
        raise Refused("policy_draft_exists", number=begun.number)
    _refuse_while_one_waits(pack, now)
    live = PolicyVersion.objects.in_force(now).filter(pack=pack).first()
    if live is None:
        raise Refused("policy_nothing_live")
    return live


def _refuse_while_one_waits(pack: PolicyPack, now: datetime) -> None:
    if waiting := PolicyVersion.objects.to_begin(now).filter(pack=pack).first():
        raise Refused("policy_one_begins_later", number=waiting.number)


@retrying
def edit_rule(
    *, rule_id: int, changes: dict[str, Any], actor: User, now: datetime, seen: str | None = None
) -> PolicyRule:
    """Change a rule of a draft. What it is called, its kind and where it applies by country stay.

    `seen` is the token of the rule as the editor saw it. Refuses anybody but an administrator, a version that is no
    draft, values that make no sense for the kind, and a rule that somebody else has changed since it was seen.
    """
    _refuse_role(actor, Role.ADMIN, "policy_only_admin_drafts")
    version = _lock_draft(PolicyRule.objects.values_list("version_id", flat=True).get(pk=rule_id))
    rule = PolicyRule.objects.select_related("version__pack").get(pk=rule_id)
    if seen is not None and seen != rule_token(rule):
        raise Refused("policy_rule_changed_meanwhile")
    before = rule_data(rule)
    for name, value in changes.items():
        if name not in EDITABLE:
            raise ValueError(f"a rule has no {name} to edit")
        setattr(rule, name, value)
    _refuse_nonsense(rule)
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
    if faults := lint_of(version, now=now).faults:
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
def publish(*, version_id: int, actor: User, now: datetime, begins: datetime | None = None) -> PolicyVersion:
    """Put a submitted version in force from this instant, or from a later one; the one before it ends at the same.

    Refuses anybody but compliance, whoever drafted, edited or submitted it, whose password one of those set, rules that
    are not those that were submitted, a beginning that has passed or is more than a year away, and a second version
    that waits to begin.
    """
    _refuse_role(actor, Role.COMPLIANCE, "policy_only_compliance_publishes")
    version = _lock_submitted(version_id)
    makers = hands_in(version)
    if actor.pk in makers:
        raise Refused("policy_maker_is_not_checker")
    if gave_the_password(makers, actor, now):
        raise Refused("policy_password_known")
    if rules_digest(version) != version.digest:
        raise Refused("policy_changed_since_submitted")
    _refuse_beginning(begins, now)
    _refuse_while_one_waits(version.pack, now)
    begins = begins or now
    _end_live(version.pack, begins, actor, now)
    given = {"checker": actor, "at": now, "effective_from": begins}
    move(version, "publish", actor=actor, at=now, given=given, codes={"begins": begins.isoformat()})
    announce(PolicyChanged(ids=frozenset([version.pk]), at=now, actor_id=actor.pk))
    return version


def _refuse_beginning(begins: datetime | None, now: datetime) -> None:
    if begins and begins <= now:
        raise Refused("policy_begins_in_the_past")
    if begins and begins - now > FURTHEST:
        raise Refused("policy_begins_too_late")


def _end_live(pack: PolicyPack, begins: datetime, actor: User, now: datetime) -> None:
    """What rules now rules until the next begins: over at once, or with its end written down."""
    for live in PolicyVersion.objects.in_force(now).filter(pack=pack, state=VersionState.PUBLISHED).locked():
        if begins <= now:
            move(live, "retire", actor=actor, at=now, reason="replaced", given={"at": now})
            continue
        live.effective_to = begins
        live.save(update_fields=["effective_to"])
        record("policy_version.ends", subject=live, actor=actor, at=now, codes={"until": begins.isoformat()})


@retrying
def call_off(*, version_id: int, reason: str, actor: User, now: datetime) -> PolicyVersion:
    """Take a version back that was to begin later: it never rules, and the one in force goes on without an end.

    Refuses anybody but compliance, a missing reason, and a version that has begun or was never to begin.
    """
    _refuse_role(actor, Role.COMPLIANCE, "policy_only_compliance_publishes")
    if not reason.strip():
        raise Refused("policy_call_off_reason_missing")
    version = _lock_in_its_pack(version_id)
    if not version.begins_after(now):
        raise Refused("policy_has_begun")
    given = {"by": actor, "at": now, "reason": reason.strip()}
    move(version, "call_off", actor=actor, at=now, given=given)
    ending = PolicyVersion.objects.filter(pack=version.pack, effective_to=version.effective_from)
    for live in ending.filter(state=VersionState.PUBLISHED).locked():
        live.effective_to = None
        live.save(update_fields=["effective_to"])
        record("policy_version.goes_on", subject=live, actor=actor, at=now, codes={"called_off": version.number})
    announce(PolicyChanged(ids=frozenset([version.pk]), at=now, actor_id=actor.pk))
    return version


@retrying
def retire_replaced(*, now: datetime) -> int:
    """Retire the versions whose end has come. The instants alone decide what rules: late is as good as at once."""
    over = PolicyVersion.objects.filter(state=VersionState.PUBLISHED, effective_to__lte=now).order_by("pk")
    ended = list(over.values_list("pk", "pack_id"))
    for version_id, pack_id in ended:
        PolicyPack.objects.lock(pack_id)
        version = PolicyVersion.objects.lock(version_id)
        if version.state == VersionState.PUBLISHED and version.has_ruled(now):
            given = {"at": version.effective_to}
            move(version, "retire", actor=None, at=now, reason="replaced", given=given)
    return len(ended)


@retrying
def drop_draft(*, version_id: int, actor: User, now: datetime) -> None:
    """Throw a draft away. Nothing that was ever submitted and published can be. What was tried of it stays known."""
    _refuse_role(actor, Role.ADMIN, "policy_only_admin_drafts")
    version = _lock_draft(version_id)
    codes = {"pack": version.pack.code, "number": version.number}
    record("policy_version.dropped", subject=version, actor=actor, at=now, codes=codes)
    let_go_of_version(version_id=version_id, actor=actor, now=now)
    version.rules.all().delete()
    version.delete()


def _lock_draft(version_id: int) -> PolicyVersion:
    version = PolicyVersion.objects.lock(version_id)
    if version.state != VersionState.DRAFT:
        raise Refused("policy_not_a_draft")
    return version


def _lock_in_its_pack(version_id: int) -> PolicyVersion:
    pack_id = PolicyVersion.objects.values_list("pack_id", flat=True).get(pk=version_id)
    PolicyPack.objects.lock(pack_id)
    return PolicyVersion.objects.lock(version_id)


def _lock_submitted(version_id: int) -> PolicyVersion:
    version = _lock_in_its_pack(version_id)
    if version.state != VersionState.SUBMITTED:
        raise Refused("policy_not_submitted")
    return version


def hands_in(version: PolicyVersion) -> set[int]:
    """Who drafted, edited or submitted it: roles change, so the record of events is asked."""
    made = Event.objects.filter(subject_type="policyversion", subject_id=version.pk, kind__in=MAKING)
    return {version.maker_id, *made.values_list("actor_id", flat=True)} - {None}


def had_a_hand_in(version: PolicyVersion, actor: User) -> bool:
    return actor.pk in hands_in(version)


def _refuse_role(actor: User, role: Role, code: str) -> None:
    if actor.role != role:
        raise Refused(code)


def _refuse_nonsense(rule: PolicyRule) -> None:
    """A rule that the gate could not read would stop every decision: it is refused before it is saved."""
    try:
        rule_of(rule)
    except (ValueError, TypeError) as fault:
        raise Refused("policy_rule_senseless", fault=str(fault)) from None
