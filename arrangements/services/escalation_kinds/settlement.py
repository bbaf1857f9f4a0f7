"""Settlement: the customer pays less than the balance by a day, and the rest is let go once the money has cleared."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.approvals import Approval
from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import Account, PartyRole
from accounts.selectors.authority import limit_of
from accounts.services.approval_kinds import Authority, Check
from arrangements.models import Escalation, EscalationKind
from arrangements.services.escalation_kinds import checks
from arrangements.services.escalation_kinds.case_kind import CaseKind, Proposal, terms_with_balance
from arrangements.services.settlements import accept_settlement

LONGEST = timedelta(days=90)


class SettlementReason(models.TextChoices):
    OFFERED = "offered", pgettext_lazy("settlement reason", "the customer offers this sum")
    LUMP_SUM = "lump_sum", pgettext_lazy("settlement reason", "a lump sum is there now and not later")
    THIRD_PARTY = "third_party", pgettext_lazy("settlement reason", "somebody else pays for the customer")
    OLD_DEBT = "old_debt", pgettext_lazy("settlement reason", "old debt, little else to expect")


def amount_below_balance(proposal: Proposal) -> Check:
    balance, amount = proposal.account.balance, proposal.amount
    refusal = None
    if amount is None:
        refusal = Refused("settlement_amount_missing")
    elif not 0 < amount < balance:
        refusal = Refused("settlement_amount_range", balance=balance, currency=proposal.account.currency)
    return Check("amount_below_balance", _("The amount is below the balance"), refusal)


def pay_by_near(proposal: Proposal) -> Check:
    refusal = None
    if proposal.pay_by is None:
        refusal = Refused("settlement_day_missing")
    elif not proposal.on <= proposal.pay_by <= proposal.on + LONGEST:
        refusal = Refused("settlement_day_range", days=LONGEST.days)
    return Check("pay_by_near", _("It is paid within 90 days"), refusal)


def settlement_checks(proposal: Proposal) -> list[Check]:
    return [
        checks.account_open(proposal),
        amount_below_balance(proposal),
        pay_by_near(proposal),
        checks.no_dispute_or_hardship(proposal),
        checks.nobody_protected(proposal),
    ]


def settle(escalation: Escalation, account: Account, actor: User, now: datetime) -> None:
    """Put the settlement in force as an arrangement with the primary party; its payment settles the account."""
    if escalation.amount is None or escalation.pay_by is None:
        raise Refused("settlement_amount_missing")
    primary = account.account_parties.get(role=PartyRole.PRIMARY)
    accept_settlement(
        account_id=account.pk,
        party_id=primary.party_id,
        amount=escalation.amount,
        pay_by=escalation.pay_by,
        approval=escalation.approval,
        actor=actor,
        now=now,
    )
    move(escalation, "resolve", actor=actor, at=now, given={"at": now})


def settlement_authority(approval: Approval, user: User) -> Authority | None:
    """The share of the balance that is let go, against the largest discount that the role may give."""
    if approval.account is None or approval.amount is None:
        return None
    balance = Decimal(approval.terms["balance"])
    share = ((balance - approval.amount) / balance).quantize(Decimal("0.001"))
    return Authority(share, limit_of(user, approval.account.portfolio).settlement_max_discount, unit="share")


SETTLEMENT = CaseKind(
    code=EscalationKind.SETTLEMENT,
    label=EscalationKind.SETTLEMENT.label,
    reasons=SettlementReason,
    checks=settlement_checks,
    carry_out=settle,
    consequence=_("A settlement begins: chasing pauses, and the rest is let go once the money has cleared."),
    terms=terms_with_balance,
    authority=settlement_authority,
    asks_amount=True,
    asks_pay_by=True,
)

register_sentences(
    {
        "settlement_amount_missing": _("Write the amount that settles the account."),
        "settlement_amount_range": _("Write an amount above zero and below the balance of {balance} {currency}."),
        "settlement_day_missing": _("Say by which day it is paid."),
        "settlement_day_range": _("It must be paid from today on and within {days} days."),
    }
)
