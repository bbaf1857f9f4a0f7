"""Guards in Python, switched off by name when pytest starts with MUTANT set (see tests/mutants.py)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import models


def switch_off(name: str) -> None:
    """Replace one guard for the length of this process."""
    MUTATIONS[name]()


def _approval_digest() -> None:
    from accounts.foundation import approvals
    from accounts.services import approvals as decisions

    approvals.digest = decisions.digest = _AnyDigest


def _idempotency_key() -> None:
    from accounts.foundation.receipts import Receipt

    Receipt.objects = _Forgetful()
    Receipt.objects.model = Receipt


def _person_lock() -> None:
    from communications.services import authorise

    authorise._lock_person = lambda party_id: party_id


def _account_lock() -> None:
    from accounts.foundation.locks import LockableQuerySet

    LockableQuerySet.locked = lambda rows: rows.all()


def _skip_locked() -> None:
    waiting = models.QuerySet.select_for_update

    def select_for_update(rows: models.QuerySet, *, skip_locked: bool = False, **asked: Any) -> models.QuerySet:
        return waiting(rows, **asked)

    models.QuerySet.select_for_update = select_for_update


def _offer_limits() -> None:
    from arrangements.services.offer_limits import OfferLimits

    OfferLimits.beyond = lambda limits, terms: []


def _offer_digest() -> None:
    from arrangements.services.agreeing import Terms

    Terms.digest = lambda terms, account, party: "0" * 64


def _dispute_part() -> None:
    from accounts.models import Dispute

    Dispute.is_whole = True


def _dispute_about() -> None:
    from accounts.services import dispute_door

    dispute_door.refuse_about = lambda dispute, actor: None


def _dispute_lock() -> None:
    from accounts.models import Account, Dispute
    from accounts.services import dispute_door, dispute_outcomes, dispute_raising

    def unlocked(dispute_id: int) -> Dispute:
        return Dispute.objects.select_related("account").get(pk=dispute_id)

    dispute_door.enter_dispute = dispute_outcomes.enter_dispute = unlocked
    dispute_raising.lock_account_with_people = lambda pk: Account.objects.get(pk=pk)


def _dispute_credit() -> None:
    from accounts.services import dispute_outcomes

    dispute_outcomes._refuse_wrong_credit = lambda dispute, credit: credit


def _dispute_asked() -> None:
    from accounts.services import dispute_door, disputes

    dispute_door.refuse_while_asked = disputes.refuse_while_asked = lambda dispute: None


def _asked_whole() -> None:
    from accounts.selectors import askable

    askable._resting = lambda hold, owed: 0


def _default_not_slow() -> None:
    from accounts.services import default_events

    default_events._refuse_facts = lambda facts: None


def _true_up_as_asked() -> None:
    from accounts.services import approvals, reconciliation_outcomes

    kind = approvals.kind_of(reconciliation_outcomes.KIND)
    object.__setattr__(kind, "terms_now", lambda approval: approval.terms)


def _complaint_about() -> None:
    from accounts.services import complaints

    complaints.refuse_whom_it_is_about = lambda complaint, actor: None


def _hardship_door() -> None:
    from arrangements.models import HardshipCase
    from arrangements.services import hardship, hardship_ends

    def unlocked(case_id: int, actor: Any) -> HardshipCase:
        return HardshipCase.objects.select_related("account__portfolio", "party").get(pk=case_id)

    hardship.enter_case = hardship_ends.enter_case = unlocked


def _hardship_days() -> None:
    from dataclasses import replace

    from arrangements.models import HARDSHIP_CLOCKS

    clock = HARDSHIP_CLOCKS["UK"]
    HARDSHIP_CLOCKS["UK"] = replace(clock, decide_after_notice=2 * clock.decide_after_notice)


def _hardship_sent() -> None:
    from accounts.services import accounts
    from arrangements.services import hardship

    hardship.today_of = lambda account, now: accounts.today_of(account, now) + timedelta(days=1)


def _exception_covers() -> None:
    from accounts.foundation.approvals import Approval
    from communications.services import authorise

    authorise.covering_override = lambda *, approval_id, **asked: Approval.objects.get(pk=approval_id)


def _stop_obeyed() -> None:
    from communications.policy.pack import PackSet

    PackSet._rules = lambda packs: (rule for pack in packs.packs for rule in pack.rules)


class _AnyDigest(str):
    """Equal to every other digest."""

    def __new__(cls, _terms: Any) -> "_AnyDigest":
        return super().__new__(cls, "any")

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__


class _Forgetful(models.Manager):
    """Never finds what was done before."""

    def filter(self, *args: Any, **kwargs: Any) -> models.QuerySet:
        return super().none()


def _interest_once() -> None:
    from accounts.services import interest

    interest.ACCRUE = interest.ACCRUE.replace("AND coalesce(t.through_on, '-infinity') < %(on)s", "")


def _interest_frozen() -> None:
    from collections import Counter

    from accounts.services import interest

    interest.take_back_leaks = lambda account_ids, **given: Counter()


def _card_held() -> None:
    from accounts.services import card_authorities

    card_authorities.stands_against = lambda account, authority: None


def _grows_older() -> None:
    from arrangements.services import suspending

    suspending._grow_no_older = lambda row, portfolio, paused: None


def _whatever_is_left() -> None:
    from accounts.foundation.money import ZERO
    from arrangements.services import discounts

    discounts.beyond_agreed = lambda arrangement, account: ZERO


MUTATIONS: dict[str, Callable[[], None]] = {
    "missed-grows-no-older": _grows_older,
    "agreed-discount": _whatever_is_left,
    "card-held": _card_held,
    "interest-once-a-day": _interest_once,
    "interest-frozen": _interest_frozen,
    "approval-digest": _approval_digest,
    "idempotency-key": _idempotency_key,
    "person-lock": _person_lock,
    "account-lock": _account_lock,
    "skip-locked": _skip_locked,
    "stop-obeyed": _stop_obeyed,
    "offer-limits": _offer_limits,
    "offer-digest": _offer_digest,
    "dispute-part": _dispute_part,
    "default-not-slow": _default_not_slow,
    "true-up-as-asked": _true_up_as_asked,
    "exception-covers": _exception_covers,
    "hardship-door": _hardship_door,
    "hardship-days": _hardship_days,
    "hardship-sent": _hardship_sent,
    "dispute-about": _dispute_about,
    "dispute-lock": _dispute_lock,
    "dispute-credit": _dispute_credit,
    "dispute-asked": _dispute_asked,
    "disputed-part-rests": _asked_whole,
    "complaint-about": _complaint_about,
}
