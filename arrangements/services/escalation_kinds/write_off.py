"""Write-off: the balance is given up by a ledger entry and the account closes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import Account, EntryKind
from accounts.services.accounts import move_account, today_of
from accounts.services.approval_kinds import Check, up_to_write_offs
from accounts.services.due import refresh_due
from accounts.services.ledger import post_entry, split_credit
from arrangements.models import Escalation, EscalationKind
from arrangements.services.escalation_kinds import checks
from arrangements.services.escalation_kinds.case_kind import CaseKind, Proposal, terms_with_balance


class WriteOffReason(models.TextChoices):
    SMALL = "small", pgettext_lazy("write-off reason", "small balance")
    UNECONOMIC = "uneconomic", pgettext_lazy("write-off reason", "costs more to collect than it brings")
    UNTRACEABLE = "untraceable", pgettext_lazy("write-off reason", "the customer can't be found")
    GOODWILL = "goodwill", pgettext_lazy("write-off reason", "goodwill")


def whole_balance(proposal: Proposal) -> Check:
    """A write-off is of everything owed: what is given up is what the ledger says, with the interest of the days that
    the decision took."""
    balance, currency = proposal.owed, proposal.account.currency
    refusal = None
    if balance <= 0:
        refusal = Refused("write_off_nothing_owed")
    elif proposal.amount is not None and proposal.amount != balance:
        refusal = Refused("write_off_not_balance", balance=balance, currency=currency)
    return Check("whole_balance", _("The amount is the whole balance"), refusal)


def write_off_checks(proposal: Proposal) -> list[Check]:
    return [
        checks.account_open(proposal),
        whole_balance(proposal),
        checks.no_uncleared_payment(proposal),
        checks.no_live_arrangement(proposal),
        checks.no_dispute_or_hardship(proposal),
    ]


def write_off(escalation: Escalation, account: Account, actor: User, now: datetime) -> None:
    """Post the entry that takes the balance to nothing, and close the account as written off."""
    today = today_of(account, now)
    parts: dict[str, Any] = dict(split_credit(account, account.balance))
    post_entry(
        account=account,
        kind=EntryKind.WRITE_OFF,
        effective_on=today,
        source="escalation",
        source_key=str(escalation.pk),
        actor=actor,
        now=now,
        **parts,
    )
    refresh_due(account_ids=[account.pk], on=today)
    account = Account.objects.lock(account.pk)
    move_account(account, "write_off", actor=actor, now=now, reason=escalation.reason_code)
    move(escalation, "resolve", actor=actor, at=now, given={"at": now})


WRITE_OFF = CaseKind(
    code=EscalationKind.WRITE_OFF,
    label=EscalationKind.WRITE_OFF.label,
    reasons=WriteOffReason,
    checks=write_off_checks,
    carry_out=write_off,
    consequence=_("The whole balance is given up by a ledger entry and the account closes as written off."),
    terms=terms_with_balance,
    authority=up_to_write_offs,
)

register_sentences(
    {
        "write_off_nothing_owed": _("Nothing is owed: there is nothing to write off."),
        "write_off_not_balance": _("The balance is {balance} {currency}: a write-off is of all of it."),
    }
)
