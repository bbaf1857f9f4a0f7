"""Offer beyond limits: a plan or settlement that the agent may not quote alone; approved, it is on offer."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.approvals import Approval, ApprovalState
from accounts.foundation.errors import Refused
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import OWES, Account, NextKind
from accounts.selectors.interest import balance_apart_from
from accounts.services.accounts import today_of
from accounts.services.approval_kinds import Authority, Check
from arrangements.models import Arrangement, ArrangementState, Escalation, EscalationKind
from arrangements.services.agreeing import Terms
from arrangements.services.escalation_kinds import checks
from arrangements.services.escalation_kinds.case_kind import CaseKind, Proposal, terms_with_balance
from arrangements.services.escalation_kinds.promise import can_be_agreed, nothing_forbids_agreeing
from arrangements.services.offer_limits import offer_limits_for
from arrangements.services.offers import put_on_offer
from arrangements.services.steps import give_step


class OfferReason(models.TextChoices):
    AFFORDABLE = "affordable", pgettext_lazy("offer reason", "it is what the customer can afford")
    LUMP_SUM = "lump_sum", pgettext_lazy("offer reason", "a lump sum is there now and not later")
    HARDSHIP = "hardship", pgettext_lazy("offer reason", "the customer is in difficulty")
    OLD_DEBT = "old_debt", pgettext_lazy("offer reason", "old debt, little else to expect")


def owed_by_who_asks(proposal: Proposal) -> Check:
    owing = proposal.account.account_parties.filter(role__in=OWES, party_id=proposal.party_id).exists()
    return Check("owed_by_who_asks", _("It is for somebody who owes"), None if owing else Refused("party_does_not_owe"))


def bears_the_offer(proposal: Proposal) -> Check:
    """What is owed is what it was when the offer was worked out, or still bears it."""
    account, offer = proposal.account, proposal.offer
    fits = offer is not None and (
        offer.amount <= account.balance
        if offer.balance_at_offer is None
        else offer.balance_at_offer == balance_apart_from(account, offer.priced_without)
    )
    refusal = None if fits else Refused("offer_balance_changed", balance=account.balance, currency=account.currency)
    return Check("bears_the_offer", _("The balance is the one that it was worked out for"), refusal)


def first_day_is_ahead(proposal: Proposal) -> Check:
    refusal = None
    if proposal.pay_by is None or proposal.pay_by < proposal.on:
        refusal = Refused("day_has_passed", day=proposal.pay_by or proposal.on)
    return Check("first_day_is_ahead", _("The first payment is ahead"), refusal)


def offer_checks(proposal: Proposal) -> list[Check]:
    return [
        can_be_agreed(proposal),
        nothing_forbids_agreeing(proposal),
        owed_by_who_asks(proposal),
        bears_the_offer(proposal),
        first_day_is_ahead(proposal),
        checks.no_dispute_or_hardship(proposal),
    ]


def terms_of_offer(escalation: Escalation, account: Account) -> dict[str, Any]:
    """Also binds the whole schedule, payment by payment, read again from the offer."""
    offer = escalation.arrangement
    if offer is None:
        return terms_with_balance(escalation, account)
    terms = Terms.of(offer)
    bound = {
        "arrangement": terms.kind,
        "payments": [[day, amount] for day, amount in terms.payments],
        "discount": terms.discount,
        "freezes_interest": terms.freezes_interest,
        "party": offer.party_id,
        "digest": terms.digest(account, offer.party),
    }
    return {**terms_with_balance(escalation, account), **bound}


def put_approved_on_offer(escalation: Escalation, account: Account, actor: User, now: datetime) -> None:
    """The offer may be accepted; whoever asked for it is to tell the customer today."""
    offer = _offer_of(escalation)
    put_on_offer(offer, actor=actor, now=now)
    move(escalation, "resolve", actor=actor, at=now, given={"at": now})
    give_step(
        account=Account.objects.get(pk=account.pk),
        kind=NextKind.ACT,
        on=today_of(account, now),
        owner=escalation.raised_by,
        subject=offer,
        reason="offer_approved",
        actor=actor,
        now=now,
    )


def _offer_of(escalation: Escalation) -> Arrangement:
    if escalation.arrangement_id is None:
        raise Refused("offer_terms_changed")
    return Arrangement.objects.lock(escalation.arrangement_id)


def take_off_the_table(escalation: Escalation, _account: Account, actor: User | None, now: datetime) -> None:
    """What was refused stays readable as refused; what nobody decided, or came back, as withdrawn."""
    offer = _offer_of(escalation)
    if offer.state != ArrangementState.PENDING_APPROVAL:
        return
    declined = escalation.approval is not None and escalation.approval.state == ApprovalState.DECLINED
    name = "decline" if declined else "withdraw"
    move(offer, name, actor=actor, at=now, reason="offer_not_approved", given={"at": now})


def offer_authority(approval: Approval, user: User) -> Authority | None:
    """Length, discount, first payment and broken promises before it, against the person's limits on the day it was
    asked: the first that doesn't reach, else the length."""
    escalation = Escalation.objects.select_related("account__portfolio", "arrangement").get(pk=approval.subject_id)
    offer, account = escalation.arrangement, escalation.account
    if offer is None:
        return None
    on = today_of(account, approval.requested_at)
    terms, limits = Terms.of(offer), offer_limits_for(user, account, on)
    length = Authority(Decimal((terms.last_on - on).days), Decimal((limits.last_day - on).days), unit="days")
    measures = [
        length,
        Authority(terms.discount, limits.most_discount),
        Authority(Decimal(limits.broken), Decimal(limits.broken_allowed), unit="broken"),
    ]
    if limits.asks_first(terms):
        measures.append(Authority(terms.payments[0][1], limits.least_first, at_least=True))
    return next((measure for measure in measures if not measure.suffices), length)


OFFER = CaseKind(
    code=EscalationKind.OFFER,
    label=EscalationKind.OFFER.label,
    reasons=OfferReason,
    checks=offer_checks,
    carry_out=put_approved_on_offer,
    consequence=_("The offer may be made as it is: it is in force once the customer accepts it."),
    terms=terms_of_offer,
    authority=offer_authority,
    asks_amount=True,
    asks_pay_by=True,
    amount_label=pgettext_lazy("offer", "Amount"),
    has_own_page=True,
    when_refused=take_off_the_table,
    when_undone=take_off_the_table,
)
