"""Re-ageing an account: only where its portfolio allows it, after payments were kept, counted, and by two people.

The defaults of a portfolio follow the United States' interagency policy (Uniform Retail Credit Classification and
Account Management Policy, 65 Fed. Reg. 36903, 2000): an account of at least nine months, three consecutive payments
made or as much at once, once in twelve months and twice in five years.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from accounts.foundation.approvals import Approval
from accounts.foundation.days import add_months
from accounts.foundation.domain_events import AccountsChanged, publish
from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import Role, User
from accounts.models import (
    IN_FORCE,
    OURS_TO_COLLECT,
    Account,
    DueItem,
    Hold,
    HoldKind,
    Note,
    Origin,
    PaymentState,
    Portfolio,
    ReAgeing,
)
from accounts.services.accounts import today_of
from accounts.services.approval_kinds import ApprovalKind, Check, register
from accounts.services.approvals import request_approval
from accounts.services.door import lock_account_with_people
from accounts.services.due import refresh_due
from accounts.services.notes import note_of
from arrangements.models import ArrangementKind, EnforcementState, Instalment, InstalmentState

KIND = "reageing"
WHO_ASKS = frozenset({Role.AGENT, Role.MANAGER})
WHO_AGREES = frozenset({Role.MANAGER, Role.COMPLIANCE})
DECIDED = [InstalmentState.KEPT, InstalmentState.PART_KEPT, InstalmentState.BROKEN]
# What shows that somebody can pay again; a token shows that they can't, and a settlement ends the debt.
TELLING = [ArrangementKind.PROMISE, ArrangementKind.PLAN]
register_sentences(
    {
        "reage_not_your_role": _("Agents and managers ask for re-ageing."),
        "reage_not_allowed": _("This portfolio is not re-aged."),
        "reage_state": _("Nothing is re-aged while the account is {state}."),
        "reage_enforced": _("An enforcement case is open: nothing is re-aged until it is closed."),
        "reage_whole_due": _("The whole balance is due: there is nothing to re-age."),
        "reage_disputed": _("A dispute is open: nothing is re-aged until it is answered."),
        "reage_nothing_due": _("Nothing is overdue."),
        "reage_too_young": _("The account is younger than {months} months."),
        "reage_not_kept": _(
            "{kept} payments in a row were kept; {least} are needed, tokens aside, or as much at once."
        ),
        "reage_often": _("It was re-aged {times} times in {months} months; no more than {most} are allowed."),
        "reage_said_missing": _("Write why the customer can pay from now on."),
    }
)


@retrying
def ask_reageing(*, account_id: int, said: str, actor: User, now: datetime) -> Approval:
    """Ask a second person to let what is overdue be expected later. Refuses whatever `stands_against` names, other
    roles, and nothing written."""
    if actor.role not in WHO_ASKS:
        raise Refused("reage_not_your_role")
    account = lock_account_with_people(account_id)
    if refusal := stands_against(account, now):
        raise refusal
    if not (note := note_of(account, said, actor, now)):
        raise Refused("reage_said_missing")
    terms = _terms(account, note.pk)
    return request_approval(
        kind=KIND, subject=account, terms=terms, account=account, actor=actor, now=now, amount=account.due_now
    )


def _terms(account: Account, said: int) -> dict[str, Any]:
    return {"account": account.reference, "amount": str(account.due_now), "said": said}


def _terms_now(approval: Approval) -> dict[str, Any]:
    """Money that came meanwhile, or another item that fell due, makes it another re-ageing."""
    return _terms(Account.objects.get(pk=approval.subject_id), approval.terms["said"])


def stands_against(account: Account, now: datetime) -> Refused | None:
    """Why the account may not be re-aged now; none when it may."""
    portfolio = account.portfolio
    if not portfolio.reage_allowed or portfolio.product.is_advance:
        return Refused("reage_not_allowed")
    if account.state not in OURS_TO_COLLECT:
        return Refused("reage_state", state=account.get_state_display())
    if account.full_balance_is_due:
        return Refused("reage_whole_due")
    if account.enforcement_cases.exclude(state=EnforcementState.CLOSED).exists():
        return Refused("reage_enforced")
    if Hold.objects.filter(account=account, kind=HoldKind.DISPUTE, state__in=IN_FORCE).exists():
        return Refused("reage_disputed")
    if account.due_now <= 0:
        return Refused("reage_nothing_due")
    today = today_of(account, now)
    return _too_young(account, today) or _not_kept(account, today) or _too_often(account, portfolio, today)


def _too_young(account: Account, today: date) -> Refused | None:
    origin = Origin.objects.filter(account=account).first()
    since = (origin.originated_on if origin else None) or account.opened_on
    months = account.portfolio.reage_months
    return Refused("reage_too_young", months=months) if add_months(since, months) > today else None


def _not_kept(account: Account, today: date) -> Refused | None:
    """Counted from the last re-ageing on: what earned that one earns no other."""
    least = account.portfolio.reage_kept
    since = account.reageings.order_by("-on").values_list("on", flat=True).first() or date.min
    decided = Instalment.objects.filter(
        account=account, state__in=DECIDED, arrangement__kind__in=TELLING, decided_on__gt=since
    ).order_by("-due_on", "-pk")
    states = list(decided.values_list("state", flat=True)[:least])
    kept = next((place for place, state in enumerate(states) if state != InstalmentState.KEPT), len(states))
    if kept >= least or _paid_as_much(account, least, since, today):
        return None
    return Refused("reage_not_kept", kept=kept, least=least)


def _paid_as_much(account: Account, least: int, since: date, today: date) -> bool:
    """Whether cleared money of as many months comes to as many payments of the contract; of a contract that only names
    one sum nothing is known of its payments."""
    items = list(account.due_items.expected().filter(due_on__lte=today).order_by("-due_on", "-pk")[:2])
    if len(items) < 2:
        return False
    cleared = account.payments.filter(state=PaymentState.CLEARED, received_on__gt=max(since, add_months(today, -least)))
    return (cleared.aggregate(total=Sum("amount"))["total"] or Decimal(0)) >= least * items[0].amount


def _too_often(account: Account, portfolio: Portfolio, today: date) -> Refused | None:
    for months, most in ((12, portfolio.reage_per_year), (60, portfolio.reage_per_five_years)):
        times = account.reageings.filter(on__gt=add_months(today, -months)).count()
        if times >= most:
            return Refused("reage_often", times=times, months=months, most=most)
    return None


def reage(approval: Approval, actor: User, now: datetime) -> None:
    """Replace what is overdue by one due item, a month after the last one that is expected. What was paid of it goes on
    counting: money meets the oldest item first."""
    account = lock_account_with_people(approval.subject_id)
    if refusal := stands_against(account, now):
        raise refusal
    today = today_of(account, now)
    unmet = _unmet(account, today)
    last = account.due_items.expected().order_by("-due_on").values_list("due_on", flat=True).first() or today
    done = ReAgeing.objects.create(
        account=account,
        on=today,
        amount=sum((item.amount for item in unmet), Decimal(0)),
        moved_to=add_months(max(last, today), 1),
        said=Note.objects.get(pk=approval.terms["said"]),
        approval=approval,
        asked_by=approval.maker,
        agreed_by=actor,
        at=now,
    )
    DueItem.objects.filter(pk__in=[item.pk for item in unmet]).update(reaged_by=done)
    account.due_items.create(due_on=done.moved_to, amount=done.amount)
    codes = {"amount": str(done.amount), "to": done.moved_to.isoformat()}
    record("reageing.done", subject=done, actor=approval.maker, at=now, codes=codes)
    refresh_due(account_ids=[account.pk], on=today)
    publish(AccountsChanged(ids=frozenset([account.pk]), at=now, actor_id=actor.pk))


def _unmet(account: Account, today: date) -> list[DueItem]:
    """Expected items up to today that what was credited doesn't meet whole, oldest first."""
    found, so_far = [], Decimal(0)
    for item in account.due_items.expected().filter(due_on__lte=today).order_by("due_on", "pk"):
        so_far += item.amount
        if so_far > account.credited:
            found.append(item)
    return found


def _checks(approval: Approval, now: datetime) -> list[Check]:
    account = Account.objects.select_related("portfolio__product").get(pk=approval.subject_id)
    return [Check("reage_allowed", _("The portfolio allows it, payments were kept, not too often"),
                  stands_against(account, now))]  # fmt: skip


register(
    ApprovalKind(
        code=KIND,
        label=_("Re-ageing"),
        executor=reage,
        consequence=_("What is overdue is expected a month after the last payment; the account is current again."),
        checker=_checks,
        terms_now=_terms_now,
        deciders=WHO_AGREES,
    )
)
