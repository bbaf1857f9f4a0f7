"""The terms of an advance, version by version, and the remittances that follow from them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from accounts.foundation.domain_events import AccountsChanged, publish
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.money import ZERO
from accounts.foundation.users import Role, User
from accounts.models import Account, AdvanceTerms, DueItem, RemittanceRhythm, TermsReason, calendar_of
from accounts.remittance.schedule import remittances
from accounts.services import advance_words  # noqa: F401 - registers the refusals
from accounts.services.accounts import today_of
from accounts.services.door import lock_account_with_people
from accounts.services.due import refresh_due

FACTOR_PLACES = Decimal("0.0001")
BY_HAND = [TermsReason.CONTRACT, TermsReason.AMENDED, TermsReason.MISTAKE]


@retrying
def set_terms(
    *,
    account_id: int,
    purchase_price: Decimal,
    purchased_amount: Decimal,
    share: Decimal,
    rhythm: str,
    remittance: Decimal,
    reason: str,
    actor: User,
    now: datetime,
) -> AdvanceTerms:
    """Keep another version of an advance's terms, with its reason. The factor rate is worked out from both amounts.

    What is expected from the next open day on follows the new version. Refuses other products and roles, a closed
    account, figures that no contract has, and any change while a reconciliation is open.
    """
    account = lock_account_with_people(account_id)
    _refuse_impossible(account, purchase_price, purchased_amount, share, remittance)
    if actor.role != Role.MANAGER:
        raise Refused("advance_not_your_role")
    if account.reconciliations.filter(ended_at=None).exists():
        raise Refused("advance_reconciling")
    if account.purchased_amount != purchased_amount:
        account.purchased_amount = purchased_amount
        account.save(update_fields=["purchased_amount"])
    figures = {
        "purchase_price": purchase_price,
        "factor_rate": (purchased_amount / purchase_price).quantize(FACTOR_PLACES),
        "purchased_amount": purchased_amount,
        "share": share,
        "rhythm": RemittanceRhythm(rhythm),
        "remittance": remittance,
    }
    return new_version(account, figures, TermsReason(reason), actor, now)


def _refuse_impossible(
    account: Account, purchase_price: Decimal, purchased_amount: Decimal, share: Decimal, remittance: Decimal
) -> None:
    if not account.portfolio.product.is_advance:
        raise Refused("advance_only")
    if not account.is_open:
        raise Refused("advance_account_closed")
    if not 0 < purchase_price < purchased_amount:
        raise Refused("advance_bought_for_less")
    if not 0 < share <= 1:
        raise Refused("advance_percentage")
    if not 0 <= remittance <= max(ZERO, account.balance):
        raise Refused("advance_remittance_too_large", remaining=account.balance, currency=account.currency)


def present_terms(account: Account) -> AdvanceTerms | None:
    """The version that counts; none where nobody has set any."""
    return account.advance_terms.order_by("-version").first()


def new_version(
    account: Account,
    figures: dict[str, Any],
    reason: TermsReason,
    actor: User | None,
    now: datetime,
    replaced: Q | None = None,
    trued_up: tuple[date, Decimal] | None = None,
) -> AdvanceTerms:
    """Add a version to an account that the caller has locked, and expect what it says from the next open day on.

    `replaced` are earlier expectations that go besides those to come, `trued_up` the day and amount that stand in their
    place. What was expected and isn't any more stays readable.
    """
    last, today = present_terms(account), today_of(account, now)
    first = _first_day(account, last, figures["rhythm"], today)
    terms = AdvanceTerms.objects.create(
        account=account,
        version=last.version + 1 if last else 1,
        currency=account.currency,
        from_on=first,
        reason=reason,
        set_by=actor,
        set_at=now,
        **figures,
    )
    codes = {"version": terms.version, "remittance": str(terms.remittance), "from": first.isoformat()}
    record("advanceterms.set", subject=terms, actor=actor, at=now, reason=reason, codes=codes)
    gone = Q(due_on__gt=today) if replaced is None else Q(due_on__gt=today) | replaced
    account.due_items.expected().filter(gone).update(replaced_by=terms)
    if trued_up is not None and trued_up[1] > 0:
        DueItem.objects.create(account=account, due_on=trued_up[0], amount=trued_up[1], terms=terms)
    _expect(account, terms, first)
    refresh_due(account_ids=[account.pk], on=today)
    publish(AccountsChanged(ids=frozenset([account.pk]), at=now, actor_id=getattr(actor, "pk", None)))
    return terms


def _first_day(account: Account, last: AdvanceTerms | None, rhythm: str, today: date) -> date:
    """The next open day; a week goes on from the day on which the next remittance is expected already."""
    opened = calendar_of(account).open_from(today + timedelta(days=1))
    if rhythm == RemittanceRhythm.WEEKLY and last is not None and last.rhythm == rhythm:
        coming = account.due_items.expected().filter(due_on__gt=today).order_by("due_on").first()
        return coming.due_on if coming else opened
    return opened


def _expect(account: Account, terms: AdvanceTerms, first: date) -> None:
    """Lay out what is left. Money meets the oldest expectation first, so what was remitted beyond the share meets the
    next ones, and what is missing from it is asked for besides them."""
    earlier = account.due_items.expected().aggregate(total=Sum("amount"))["total"] or ZERO
    total = max(ZERO, account.principal) + account.credited - earlier
    laid_out = remittances(total, terms.remittance, first, terms.rhythm, calendar_of(account))
    DueItem.objects.bulk_create(
        DueItem(account=account, due_on=day, amount=amount, terms=terms) for day, amount in laid_out
    )
