"""Asking somebody else for a yes to exact terms, and giving or refusing it.

The maker never decides, whatever their role; the role must be one that decides this kind, the account one that they may
see, and for a yes their limit must reach. The terms are read again under the lock: changed ones void the request.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from accounts.foundation.approvals import OPEN_APPROVAL, Approval, ApprovalState
from accounts.foundation.digests import canonical, digest
from accounts.foundation.domain_events import ApprovalDecided, publish
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import Account, Note
from accounts.services import approval_words  # noqa: F401 - registers the refusals
from accounts.services.approval_kinds import ApprovalKind, Check, kind_of, register
from accounts.services.door import lock_account_with_people
from accounts.services.hands import gave_the_password

CLAIM_LASTS = timedelta(minutes=30)

__all__ = ["approve", "ask_again", "claim", "decline", "register", "request_approval", "return_for_correction"]


def plain(terms: dict[str, Any]) -> dict[str, Any]:
    """Terms as they are kept and digested: amounts and dates written out."""
    return json.loads(canonical(terms))


@retrying
def request_approval(
    *,
    kind: str,
    subject: models.Model,
    terms: dict[str, Any],
    account: Account | None,
    amount: Decimal | None = None,
    actor: User,
    now: datetime,
) -> Approval:
    """Ask for a yes to exactly these terms. The caller has locked the account.

    `terms` hold codes, ids, amounts and dates, never a personal value. Refuses a second open request on one subject.
    """
    about = {"kind": kind, "subject_type": subject._meta.model_name, "subject_id": subject.pk}
    if Approval.objects.filter(state__in=OPEN_APPROVAL, **about).exists():
        raise Refused("approval_already_open")
    approval = Approval.objects.create(
        account=account,
        terms=plain(terms),
        terms_digest=digest(plain(terms)),
        amount=amount,
        currency=account.currency if account else "",
        maker=actor,
        requested_at=now,
        expires_at=now + timedelta(days=kind_of(kind).days_open),
        **about,
    )
    record("approval.request", subject=approval, actor=actor, at=now, codes={"kind": kind})
    return approval


@retrying
def ask_again(
    *, approval_id: int, terms: dict[str, Any], amount: Decimal | None, actor: User, now: datetime
) -> Approval:
    """Ask again, with new terms, for what was returned for correction. Only the maker may."""
    approval = enter(approval_id)
    _refuse_other_than_maker(approval, actor)
    expires_at = now + timedelta(days=kind_of(approval.kind).days_open)
    given = {"terms": plain(terms), "amount": amount, "at": now, "expires_at": expires_at}
    move(approval, "ask_again", actor=actor, at=now, given=given)
    return approval


@retrying
def withdraw(*, approval_id: int, actor: User, now: datetime) -> Approval:
    """Take a request back, as its maker, before it is decided or after it was returned."""
    approval = enter(approval_id)
    _refuse_other_than_maker(approval, actor)
    _refuse_unless(approval, ApprovalState.REQUESTED, ApprovalState.CLAIMED, ApprovalState.RETURNED)
    move(approval, "withdraw", actor=actor, at=now, given={"at": now})
    return announced(approval, actor, now)


@retrying
def claim(*, approval_id: int, actor: User, now: datetime) -> Approval:
    """Take a request into one's own hands for half an hour, so that nobody else decides it meanwhile.

    Claiming again what is already one's own gives another half hour. Refuses one that somebody else holds.
    """
    approval = enter(approval_id)
    refuse_decider(approval, actor, now)
    _take(approval, actor, now)
    return approval


@retrying
def unclaim(*, approval_id: int, actor: User, now: datetime) -> Approval:
    """Give a claimed request back to everybody. Only who holds it may; the clock does it otherwise."""
    approval = enter(approval_id)
    if approval.state != ApprovalState.CLAIMED or approval.checker_id != actor.pk:
        raise Refused("approval_not_in_your_hands")
    move(approval, "unclaim", actor=actor, at=now)
    return approval


@retrying
def approve(*, approval_id: int, actor: User, now: datetime) -> Approval:
    """Say yes, and do what was asked in the same transaction.

    The answer's state says what came of it: `executed`; `execution_failed`, when a check or the act itself refused
    (its code is kept, nothing is half done, it can be tried again); `voided`, when the terms are no longer those that
    were asked for. Refuses the maker, other roles, limits that don't reach, and requests decided or expired.
    """
    approval = enter(approval_id)
    kind = kind_of(approval.kind)
    refuse_decider(approval, actor, now)
    reach = refuse_beyond_limit(approval, kind, actor)
    if terms_changed(approval):
        return void(approval, "terms_changed", actor=actor, now=now)
    _take(approval, actor, now)
    checks = kind.checker(approval, now)
    move(approval, "approve", actor=actor, at=now, given={"at": now}, codes=reach | _kept(checks))
    _carry_out(approval, kind, checks, actor, now)
    return announced(approval, actor, now)


@retrying
def try_again(*, approval_id: int, actor: User, now: datetime) -> Approval:
    """Carry out once more what was approved and could not be carried out. Asks the same of the person as a yes."""
    approval = enter(approval_id)
    kind = kind_of(approval.kind)
    refuse_person(approval, actor, now)
    _refuse_unless(approval, ApprovalState.EXECUTION_FAILED)
    reach = refuse_beyond_limit(approval, kind, actor)
    if terms_changed(approval):
        return void(approval, "terms_changed", actor=actor, now=now)
    checks = kind.checker(approval, now)
    move(approval, "try_again", actor=actor, at=now, codes=reach | _kept(checks))
    _carry_out(approval, kind, checks, actor, now)
    return announced(approval, actor, now)


@retrying
def decline(*, approval_id: int, reason: str, sentence: str, actor: User, now: datetime) -> Approval:
    """Say no, with a coded reason and a sentence to the maker, kept as a note on the account."""
    return _answer("decline", approval_id, reason, sentence, actor, now)


@retrying
def return_for_correction(*, approval_id: int, reason: str, sentence: str, actor: User, now: datetime) -> Approval:
    """Send it back to the maker to correct or complete, with a coded reason and a sentence."""
    return _answer("send_back", approval_id, reason, sentence, actor, now)


def _answer(name: str, approval_id: int, reason: str, sentence: str, actor: User, now: datetime) -> Approval:
    approval = enter(approval_id)
    refuse_decider(approval, actor, now)
    if not reason:
        raise Refused("approval_reason_needed")
    if not sentence.strip():
        raise Refused("approval_sentence_needed")
    _take(approval, actor, now)
    checks = kind_of(approval.kind).checker(approval, now)
    given = {"at": now, "code": reason, "answer": _sentence(approval, sentence, actor, now)}
    move(approval, name, actor=actor, at=now, reason=reason, given=given, codes=_kept(checks))
    return announced(approval, actor, now)


def _sentence(approval: Approval, sentence: str, actor: User, now: datetime) -> Note | None:
    if approval.account is None:
        return None
    return Note.objects.create(account=approval.account, text=sentence.strip(), author=actor, written_at=now)


def _kept(checks: list[Check]) -> dict[str, Any]:
    """What the checks said when it was decided: later they would say something else."""
    return {"checks": [check.as_codes() for check in checks]}


def _carry_out(approval: Approval, kind: ApprovalKind, checks: list[Check], actor: User, now: datetime) -> None:
    try:
        with transaction.atomic():
            _refuse_failed(checks)
            kind.executor(approval, actor, now)
    except Refused as refusal:
        params = {name: str(value) for name, value in refusal.params.items()}
        record("approval.refusal", subject=approval, actor=actor, at=now, reason=refusal.code, codes=params)
        move(approval, "fail", actor=actor, at=now, reason=refusal.code, given={"code": refusal.code})
    else:
        move(approval, "execute", actor=actor, at=now)


def void(approval: Approval, code: str, *, actor: User | None, now: datetime) -> Approval:
    """End a locked request whose terms or subject are no longer what was asked about."""
    move(approval, "void", actor=actor, at=now, reason=code, given={"at": now, "code": code})
    return announced(approval, actor, now)


def announced(approval: Approval, actor: User | None, now: datetime) -> Approval:
    publish(ApprovalDecided(ids=frozenset([approval.pk]), at=now, actor_id=getattr(actor, "pk", None)))
    return approval


def enter(approval_id: int) -> Approval:
    """Lock people and account of a request, then the request."""
    account_id = Approval.objects.values_list("account_id", flat=True).get(pk=approval_id)
    if account_id is not None:
        lock_account_with_people(account_id)
    return Approval.objects.lock(approval_id)


def terms_changed(approval: Approval) -> bool:
    """True when the stored terms, or the subject's terms now, are not those that the digest was made of."""
    now_asked = digest(plain(kind_of(approval.kind).terms_now(approval)))
    return not approval.terms_unchanged() or now_asked != approval.terms_digest


def _refuse_failed(checks: list[Check]) -> None:
    for check in checks:
        if check.refusal is not None:
            raise check.refusal


def refuse_person(approval: Approval, actor: User, now: datetime) -> None:
    """Refuse the maker first, then whose password the maker set, roles that don't decide this kind, and those who may
    not see the account."""
    if approval.maker_id == actor.pk:
        raise Refused("approval_own")
    if gave_the_password([approval.maker_id], actor, now):
        raise Refused("approval_password_known")
    if actor.role not in kind_of(approval.kind).deciders or not actor.is_active:
        raise Refused("approval_not_your_role")
    if approval.account_id and not Account.objects.visible_to(actor).filter(pk=approval.account_id).exists():
        raise Refused("approval_not_your_team")


def refuse_decider(approval: Approval, actor: User, now: datetime) -> None:
    """Refuse who may not decide this request now."""
    refuse_person(approval, actor, now)
    _refuse_unless(approval, ApprovalState.REQUESTED, ApprovalState.CLAIMED)
    if approval.expires_at <= now:
        raise Refused("approval_expired", at=approval.expires_at)
    if held_by_another(approval, actor, now):
        raise Refused("approval_claimed", until=approval.claimed_until)


def refuse_beyond_limit(approval: Approval, kind: ApprovalKind, actor: User) -> dict[str, Any]:
    """Refuses a limit that doesn't reach. Answers, for the record, what was asked and the limit that did."""
    authority = kind.authority(approval, actor)
    if authority is None:
        return {}
    if not authority.suffices:
        raise Refused(
            "approval_beyond_limit",
            asked=authority.in_words(authority.asked),
            limit=authority.in_words(authority.limit),
        )
    figures = {"asked": str(authority.asked), "limit": str(authority.limit), "unit": authority.unit}
    return {**figures, "at_least": authority.at_least}


def held_by_another(approval: Approval, actor: User, now: datetime) -> bool:
    if approval.state != ApprovalState.CLAIMED or approval.checker_id == actor.pk:
        return False
    return approval.claimed_until is not None and approval.claimed_until > now


def _take(approval: Approval, actor: User, now: datetime) -> None:
    until = now + CLAIM_LASTS
    if approval.state == ApprovalState.CLAIMED and approval.checker_id == actor.pk:
        approval.claimed_until = until
        approval.save(update_fields=["claimed_until"])
        return
    if approval.state == ApprovalState.CLAIMED:
        move(approval, "unclaim", actor=None, at=now, reason="timeout")
    move(approval, "claim", actor=actor, at=now, given={"checker": actor, "until": until})


def _refuse_other_than_maker(approval: Approval, actor: User) -> None:
    if approval.maker_id != actor.pk:
        raise Refused("approval_not_the_maker")


def _refuse_unless(approval: Approval, *states: str) -> None:
    if approval.state not in states:
        raise Refused("approval_already_decided", state=approval.get_state_display())
