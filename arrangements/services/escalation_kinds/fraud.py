"""Fraud concern: a hold at once, and when approved a referral that compliance answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.states import move
from accounts.foundation.users import Role, User
from accounts.models import IN_FORCE, Account, Hold, HoldKind, NextKind
from accounts.services.accounts import today_of
from accounts.services.approval_kinds import Check
from accounts.services.holds import place_hold, release_holds_for
from accounts.services.next_step import set_next
from arrangements.models import Escalation, EscalationKind
from arrangements.services.escalation_kinds import checks
from arrangements.services.escalation_kinds.case_kind import CaseKind, Proposal

ANSWER_WITHIN = timedelta(days=3)


class FraudReason(models.TextChoices):
    IDENTITY = "identity", pgettext_lazy("fraud reason", "somebody else's identity was used")
    DOCUMENTS = "documents", pgettext_lazy("fraud reason", "documents look false")
    TAKEOVER = "takeover", pgettext_lazy("fraud reason", "the account was taken over")
    NEVER_PAID = "never_paid", pgettext_lazy("fraud reason", "never paid, never meant to")


def fraud_checks(proposal: Proposal) -> list[Check]:
    return [checks.account_open(proposal)]


def hold_at_once(escalation: Escalation, account: Account, actor: User, now: datetime) -> None:
    place_hold(
        kind=HoldKind.FRAUD,
        account_id=account.pk,
        reason=escalation.reason_code,
        placed_for=escalation,
        actor=actor,
        now=now,
    )


def lift_hold(escalation: Escalation, account: Account, actor: User | None, now: datetime) -> None:
    release_holds_for(subject=escalation, reason="concern_declined", actor=actor, now=now)


def _hold_of(escalation: Escalation) -> Hold | None:
    placed = Hold.objects.filter(placed_for_type="escalation", placed_for_id=escalation.pk)
    return placed.filter(state__in=IN_FORCE).first()


def refer(escalation: Escalation, account: Account, actor: User, now: datetime) -> None:
    """Keep the hold and give the case to a compliance officer, to be answered within three days."""
    hold = _hold_of(escalation)
    if hold is None:
        raise Refused("fraud_hold_gone")
    set_next(
        account=account,
        kind=NextKind.REVIEW_HOLD,
        on=min(hold.review_on, today_of(account, now) + ANSWER_WITHIN),
        owner=_officer(),
        subject=hold,
        reason="fraud_referral",
        actor=actor,
        now=now,
    )
    move(escalation, "begin", actor=actor, at=now)


def review_the_hold(escalation: Escalation, account: Account, actor: User, now: datetime) -> None:
    """There was fraud: whoever found it looks again when the hold's review is due."""
    hold = _hold_of(escalation)
    if hold is None or not account.is_open:
        return
    set_next(
        account=account,
        kind=NextKind.REVIEW_HOLD,
        on=hold.review_on,
        owner=actor,
        subject=hold,
        reason="fraud_referral",
        actor=actor,
        now=now,
    )


def _officer() -> User:
    """The compliance officer with the fewest referrals to answer."""
    officers = User.objects.filter(role=Role.COMPLIANCE, is_active=True)
    waiting = Account.objects.filter(next_owner=models.OuterRef("pk"), next_kind=NextKind.REVIEW_HOLD)
    counted = waiting.order_by().values("next_owner").annotate(n=models.Count("pk")).values("n")
    officer = officers.annotate(busy=Coalesce(models.Subquery(counted), 0)).order_by("busy", "pk")
    if (first := officer.first()) is None:
        raise Refused("fraud_nobody_answers")
    return first


FRAUD = CaseKind(
    code=EscalationKind.FRAUD,
    label=EscalationKind.FRAUD.label,
    reasons=FraudReason,
    checks=fraud_checks,
    carry_out=refer,
    consequence=_("The hold stays and compliance answers the referral within three days."),
    at_raise=hold_at_once,
    when_refused=lift_hold,
)

register_sentences(
    {
        "fraud_hold_gone": _("The fraud hold was lifted meanwhile: raise the concern again."),
        "fraud_nobody_answers": _("No compliance officer can log in: an administrator must add one."),
    }
)
