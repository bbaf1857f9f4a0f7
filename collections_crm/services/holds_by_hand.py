"""Holds that people place, move and lift on the account page: who may do which."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.users import Role, User
from accounts.models import HOLD_TERMS, Hold, HoldKind
from accounts.services import holds
from arrangements.models import HardshipCase

register_sentences(
    {
        "hold.not_yours_to_place": _("Your role doesn't place holds of this kind."),
        "hold.not_yours_to_lift": _("A manager or compliance lifts this hold."),
        "hold.kept_by_hardship": _(
            "This hold belongs to hardship case {case}: it goes by that case's days and ends with it. Open the case's "
            "page, by Hardship under Holds."
        ),
        "hold.kept_by_another": _("This hold belongs to an arrangement or a request, and ends with it."),
    }
)

K = HoldKind
# Disputes, complaints and hardship are opened with their clocks, not held by hand.
BY_AGENTS = [
    K.BREATHING_SPACE,
    K.MENTAL_HEALTH_CRISIS,
    K.SCOTTISH_MORATORIUM,
    K.INSOLVENCY,
    K.DECEASED,
    K.CEASE,
    K.REPRESENTATION,
    K.INCAPACITY,
    K.VULNERABILITY,
    K.PAID_CLAIM,
    K.PAUSE,
]
BY_OTHERS = [*BY_AGENTS, K.FRAUD, K.LIMITATION, K.ADMIN]
LIFTED_BY_AGENTS = {K.PAUSE, K.PAID_CLAIM}
ANSWERABLE = {Role.MANAGER, Role.COMPLIANCE, Role.ADMIN}


class HoldReason(models.TextChoices):
    CUSTOMER = "customer_told", _("the customer told us")
    REPRESENTATIVE = "representative_told", _("a representative told us")
    CREDITOR = "creditor_told", _("the creditor told us")
    DOCUMENT = "document_received", _("a document came")
    NOTICED = "agent_noticed", _("we noticed it ourselves")
    ENDED = "matter_ended", _("the matter ended")
    MISTAKE = "placed_in_error", _("it was placed in error")


def kinds_for(user: User) -> list[HoldKind]:
    """The kinds that this person may place by hand."""
    if user.role in ANSWERABLE:
        return BY_OTHERS
    return BY_AGENTS if user.role == Role.AGENT else []


def may_lift(user: User, hold: Hold) -> bool:
    """Holds kept by something else end with it; agents lift the light ones, managers and compliance the rest."""
    if hold.placed_for_id is not None or hold.kind in (K.ARRANGEMENT, K.APPROVAL):
        return False
    return user.role in ANSWERABLE or (user.role == Role.AGENT and hold.kind in LIFTED_BY_AGENTS)


def place_by_hand(
    *,
    account_id: int,
    kind: str,
    review_on: date | None,
    reason: str,
    actor: User,
    now: datetime,
    from_on: date | None = None,
) -> Hold:
    """Place a hold with the scope of its kind. Refuses kinds that the role doesn't place, and review dates gone by."""
    if kind not in kinds_for(actor):
        raise Refused("hold.not_yours_to_place")
    said = {"review_on": review_on, "from_on": from_on, "reason": reason}
    return holds.place_hold(kind=kind, account_id=account_id, actor=actor, now=now, **said)


def next_review_on(hold: Hold | None, today: date) -> date:
    """The day that a moved review is usually set to: the end that the law gives the hold, else in two weeks."""
    runs = HOLD_TERMS[K(hold.kind)].runs_days if hold else 0
    ends_on = hold.from_on + timedelta(days=runs) if hold and runs else today
    return ends_on if ends_on > today else today + timedelta(days=14)


def extend_by_hand(*, hold_id: int, review_on: date, reason: str, actor: User, now: datetime) -> Hold:
    """Move the review of a hold. Refuses what `may_lift` refuses to everybody, and roles that place no holds."""
    hold = Hold.objects.get(pk=hold_id)
    if hold.placed_for_id is not None:
        raise _kept_by(hold)
    if not kinds_for(actor):
        raise Refused("hold.not_yours_to_place")
    return holds.extend_hold(hold_id=hold_id, review_on=review_on, reason=reason, actor=actor, now=now)


def release_by_hand(*, hold_id: int, reason: str, actor: User, now: datetime) -> Hold:
    """Lift a hold; the next step it displaced comes back. Refuses whoever may not lift it."""
    hold = Hold.objects.get(pk=hold_id)
    if not may_lift(actor, hold):
        raise _kept_by(hold) if hold.placed_for_id is not None else Refused("hold.not_yours_to_lift")
    return holds.release_hold(hold_id=hold_id, reason=reason, actor=actor, now=now)


def _kept_by(hold: Hold) -> Refused:
    """Why nobody moves or lifts it by hand, and where it is done instead."""
    if hold.placed_for_type == HardshipCase._meta.model_name:
        return Refused("hold.kept_by_hardship", case=hold.placed_for_id)
    return Refused("hold.kept_by_another")
