"""Promise beyond limits: what the customer said, which the agent may not accept alone; approved, it is in force."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.approvals import Approval
from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.money import ZERO
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import OWES, Account, Party
from accounts.services.accounts import today_of
from accounts.services.approval_kinds import Authority, Check
from arrangements.models import Escalation, EscalationKind
from arrangements.services.agreeing import AGREES_IN, FORBID_AGREEING, refuse_unverified
from arrangements.services.askable import refuse_more_than_may_be_asked
from arrangements.services.escalation_kinds import checks
from arrangements.services.escalation_kinds.case_kind import CaseKind, Proposal, terms_with_balance
from arrangements.services.promise_limits import limits_for
from arrangements.services.promises import keep_approved_promise


class PromiseReason(models.TextChoices):
    PAYDAY = "payday", pgettext_lazy("promise reason", "money comes on that day only")
    ALL_THERE_IS = "all_there_is", pgettext_lazy("promise reason", "the customer has no more now")
    GOODWILL = "goodwill", pgettext_lazy("promise reason", "a first step after broken promises")


def can_be_agreed(proposal: Proposal) -> Check:
    account = proposal.account
    refusal = (
        None if account.state in AGREES_IN else Refused("cannot_agree_in_state", state=account.get_state_display())
    )
    return Check("can_be_agreed", _("The account is in a state in which a promise may be taken"), refusal)


def nothing_forbids_agreeing(proposal: Proposal) -> Check:
    found = [hold for hold in checks.holds_on(proposal) if hold.kind in FORBID_AGREEING]
    refusal = Refused("hold_forbids_agreeing", hold=found[0].get_kind_display()) if found else None
    return Check("nothing_forbids_agreeing", _("No hold forbids taking a promise"), refusal)


def said_by_who_owes(proposal: Proposal) -> Check:
    """The person who promised owes on the account, and was verified in the contact in which it was said."""
    return Check("said_by_who_owes", _("Who promised owes, and was verified in that contact"), _not_said(proposal))


def _not_said(proposal: Proposal) -> Refused | None:
    owing = proposal.account.account_parties.filter(role__in=OWES, party_id=proposal.party_id)
    if not owing.exists():
        return Refused("party_does_not_owe")
    try:
        refuse_unverified(proposal.account, Party.objects.get(pk=proposal.party_id), proposal.contact_id)
    except Refused as refusal:
        return refusal
    return None


def not_more_than_owed(proposal: Proposal) -> Check:
    return Check("not_more_than_owed", _("The amount is owed, and not in dispute"), _too_much(proposal))


def _too_much(proposal: Proposal) -> Refused | None:
    try:
        refuse_more_than_may_be_asked(proposal.account, proposal.amount or ZERO)
    except Refused as refusal:
        return refusal
    return None


def day_is_ahead(proposal: Proposal) -> Check:
    refusal = None
    if proposal.pay_by is None:
        refusal = Refused("promise_day_missing")
    elif proposal.pay_by < proposal.on:
        refusal = Refused("day_has_passed", day=proposal.pay_by)
    return Check("day_is_ahead", _("The day has not passed"), refusal)


def promise_checks(proposal: Proposal) -> list[Check]:
    return [
        can_be_agreed(proposal),
        nothing_forbids_agreeing(proposal),
        said_by_who_owes(proposal),
        not_more_than_owed(proposal),
        day_is_ahead(proposal),
    ]


def terms_of_promise(escalation: Escalation, account: Account) -> dict[str, Any]:
    """Also binds who said it, and in which contact."""
    said = {"party": escalation.party_id, "contact": escalation.contact_id}
    return {**terms_with_balance(escalation, account), **said}


def promise(escalation: Escalation, account: Account, actor: User, now: datetime) -> None:
    """Put the promise in force, as taken by whoever asked for it."""
    if escalation.amount is None or escalation.pay_by is None or escalation.party_id is None:
        raise Refused("promise_day_missing")
    keep_approved_promise(
        account_id=account.pk,
        party_id=escalation.party_id,
        amount=escalation.amount,
        due_on=escalation.pay_by,
        contact_id=escalation.contact_id,
        approval=escalation.approval,
        taken_by=escalation.raised_by,
        actor=actor,
        now=now,
    )
    move(escalation, "resolve", actor=actor, at=now, given={"at": now})


def promise_authority(approval: Approval, user: User) -> Authority | None:
    """Days ahead, least amount and broken ones before it, against the person's limits on the day it was asked: the
    one that doesn't reach, else the days."""
    escalation = Escalation.objects.select_related("account__portfolio").get(pk=approval.subject_id)
    if escalation.pay_by is None or escalation.amount is None:
        return None
    on = today_of(escalation.account, approval.requested_at)
    limits = limits_for(user, escalation.account, on)
    ahead, furthest = (escalation.pay_by - on).days, (limits.last_day - on).days
    measures = [
        Authority(Decimal(ahead), Decimal(furthest), unit="days"),
        Authority(escalation.amount, limits.least_amount, at_least=True),
        Authority(Decimal(limits.broken), Decimal(limits.broken_allowed), unit="broken"),
    ]
    return next((measure for measure in measures if not measure.suffices), measures[0])


PROMISE = CaseKind(
    code=EscalationKind.PROMISE,
    label=EscalationKind.PROMISE.label,
    reasons=PromiseReason,
    checks=promise_checks,
    carry_out=promise,
    consequence=_("The promise is taken as it was said: chasing pauses until it is judged."),
    terms=terms_of_promise,
    authority=promise_authority,
    asks_amount=True,
    asks_pay_by=True,
    amount_label=pgettext_lazy("promise", "Amount"),
    has_own_page=True,
)

register_sentences({"promise_day_missing": _("Say how much is paid by which day, and by whom.")})
