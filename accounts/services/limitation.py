"""The limitation date of an account: moved by part payments and written acknowledgments, set by people with a reason.

The date is always worked out again from the ledger and from what was noted, never moved by hand.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.domain_events import AccountsChanged, publish
from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import User
from accounts.limitation.clock import Clock
from accounts.models import Account, Attachment, LimitationAct, LimitationActKind
from accounts.selectors.limitation import LimitationFacts, limitation_facts
from accounts.services.accounts import today_of
from accounts.services.door import lock_account_with_people

register_sentences(
    {
        "limitation.day_to_come": _("Choose a day up to today: {day} has not come yet."),
        "limitation.paper_missing": _("An acknowledgment counts in writing only: keep the paper with it."),
        "limitation.act_of_another": _("That is not of this account, or was taken back already."),
    }
)


class LimitationReason(models.TextChoices):
    CONTRACT = "contract", pgettext_lazy("limitation reason", "the contract")
    CREDITOR_TOLD = "creditor_told", pgettext_lazy("limitation reason", "the creditor's own date")
    COUNSEL = "counsel", pgettext_lazy("limitation reason", "counsel's advice")
    JUDGMENT = "judgment", pgettext_lazy("limitation reason", "a judgment")
    PAGARE = "pagare", pgettext_lazy("limitation reason", "a promissory note (pagaré)")
    MISTAKE = "mistake", pgettext_lazy("limitation reason", "noted by mistake")


# Where a part payment begins the period anew; elsewhere a payment moves nothing and nothing is read.
RESTARTING = frozenset({"UK", "MX", "AU"})
MOVED = "account.limitation_moved"


def rewind_after_payment(*, account: Account, payment_id: int, actor: User | None, now: datetime) -> None:
    """Work out the date again after money was posted to, or taken back from, an account that the caller has locked."""
    if account.portfolio.jurisdiction not in RESTARTING:
        return
    facts = limitation_facts([account.pk])[account.pk]
    if not facts.acts and not _is_ours(account, facts, facts.clock(without=f"payment-{payment_id}")):
        facts = _keep_given(account, facts, now)
    _move(account, facts, actor, now)


def rewind_after_hold(*, accounts: list[Account], actor: User | None, now: datetime) -> None:
    """Work out the dates again after a moratorium began or ended on accounts that the caller has locked."""
    found = limitation_facts(account.pk for account in accounts)
    for account in accounts:
        facts = found[account.pk]
        # A date that isn't known stays so: a moratorium begins no period.
        if facts.known is not None and (facts.acts or _is_ours(account, facts, facts.clock(moratoria=False))):
            _move(account, facts, actor, now)


def rewind_after_place(
    *, accounts: list[Account], before: dict[int, LimitationFacts], actor: User | None, now: datetime
) -> None:
    """Work out the dates again where an address tells of another place than `before`; the caller has locked the
    accounts. A date that isn't known stays so: an address alone is no ground to count from."""
    found = limitation_facts(account.pk for account in accounts)
    for account in accounts:
        facts, was = found[account.pk], before[account.pk]
        if facts.known is None or facts.place == was.place:
            continue
        if facts.acts or _is_ours(account, facts, was.clock()):
            _move(account, facts, actor, now)


def _is_ours(account: Account, facts: LimitationFacts, before: Clock | None) -> bool:
    """The account's date is none, or what the facts give now or gave before, or what we moved it to last."""
    if facts.known is None or facts.known in {clock.ends_on for clock in (facts.clock(), before) if clock}:
        return True
    moved = account.events.filter(kind=MOVED).order_by("-pk").first()
    return moved is not None and moved.codes["to"] == facts.known.isoformat()


def _keep_given(account: Account, facts: LimitationFacts, now: datetime) -> LimitationFacts:
    """A date that isn't ours came with the account: it is kept as given, and counts."""
    _note(account, LimitationActKind.GIVEN, facts.known, None, now, noted_on=facts.opened_on)
    return limitation_facts([account.pk])[account.pk]


def _move(account: Account, facts: LimitationFacts, actor: User | None, now: datetime) -> None:
    clock = facts.clock()
    if clock is None or clock.ends_on == facts.known:
        return
    codes = {
        "from": facts.known.isoformat() if facts.known else None,
        "to": clock.ends_on.isoformat(),
        "because": clock.because,
    }
    # The database lets the date move only as the last such event says.
    record(MOVED, subject=account, actor=actor, at=now, reason=clock.because, codes=codes)
    account.limitation_on = clock.ends_on
    account.save(update_fields=["limitation_on"])


@retrying
def record_acknowledgment(*, account_id: int, on: date, evidence_id: int, actor: User, now: datetime) -> LimitationAct:
    """Keep that the customer acknowledged the debt in writing on a day, with the paper: the period begins anew, unless
    it had passed. The same paper and day again answer the first. Refuses days to come and papers of other accounts."""
    account = lock_account_with_people(account_id)
    _refuse_to_come(account, on, now)
    if not Attachment.objects.filter(pk=evidence_id, account=account).exists():
        raise Refused("limitation.paper_missing")
    known = LimitationAct.objects.filter(account=account, on=on, evidence=evidence_id, cancelled_by=None).first()
    if known is not None:
        return known
    return _wound(account, LimitationActKind.ACKNOWLEDGMENT, on, actor, now, evidence_id=evidence_id)


@retrying
def state_default(*, account_id: int, on: date, reason: str, actor: User, now: datetime) -> LimitationAct:
    """Keep the day from which the claim could be brought, and by which paper. Refuses days to come."""
    account = lock_account_with_people(account_id)
    _refuse_to_come(account, on, now)
    return _wound(account, LimitationActKind.DEFAULT, on, actor, now, reason=reason)


@retrying
def state_limitation(*, account_id: int, on: date, reason: str, actor: User, now: datetime) -> LimitationAct:
    """Set the date itself, with a reason; what restarts the period from today on counts against it."""
    account = lock_account_with_people(account_id)
    return _wound(account, LimitationActKind.STATED, on, actor, now, reason=reason)


@retrying
def take_back(*, account_id: int, act_id: int, actor: User, now: datetime) -> LimitationAct:
    """Take back what was noted by mistake: the date is what it would be without it. Refuses another account's, and
    what was taken back already."""
    account = lock_account_with_people(account_id)
    act = LimitationAct.objects.filter(pk=act_id, account=account, cancelled_by=None, cancels=None).first()
    if act is None:
        raise Refused("limitation.act_of_another")
    return _wound(account, LimitationActKind.CANCELLED, None, actor, now, reason="mistake", cancels=act)


def _refuse_to_come(account: Account, on: date, now: datetime) -> None:
    if on > today_of(account, now):
        raise Refused("limitation.day_to_come", day=on)


def _wound(account: Account, kind: str, on: date | None, actor: User, now: datetime, **fields: object) -> LimitationAct:
    facts = limitation_facts([account.pk])[account.pk]
    if kind == LimitationActKind.ACKNOWLEDGMENT and not facts.acts and not _is_ours(account, facts, None):
        _keep_given(account, facts, now)
    act = _note(account, kind, on, actor, now, noted_on=today_of(account, now), **fields)
    _move(account, limitation_facts([account.pk])[account.pk], actor, now)
    publish(AccountsChanged(ids=frozenset([account.pk]), at=now, actor_id=getattr(actor, "pk", None)))
    return act


def _note(
    account: Account, kind: str, on: date | None, actor: User | None, now: datetime, **fields: object
) -> LimitationAct:
    act = LimitationAct.objects.create(account=account, kind=kind, on=on, noted_by=actor, noted_at=now, **fields)
    codes = {"kind": str(kind), "on": on.isoformat() if on else None}
    record("limitation.noted", subject=act, actor=actor, at=now, reason=act.reason, codes=codes)
    return act
