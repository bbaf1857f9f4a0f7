"""Which requests wait for whom."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from accounts.foundation.approvals import OPEN_APPROVAL, Approval, ApprovalState
from accounts.foundation.errors import Refused
from accounts.foundation.users import User
from accounts.models import Account, Event
from accounts.services.approval_kinds import ApprovalKind, Authority, Check, kind_of, registered

OPEN = [*OPEN_APPROVAL, ApprovalState.EXECUTION_FAILED]
TABS = ("waiting", "mine", "decided")


def visible_approvals(user: User) -> QuerySet[Approval]:
    """Requests about accounts that the person may see, about none when their role decides them, and their own."""
    accounts = Account.objects.visible_to(user).values("pk")
    of_house = Q(account__isnull=True, kind__in=kinds_decided_by(user))
    seen = of_house | Q(account__in=accounts) | Q(maker=user)
    return Approval.objects.filter(seen).select_related("account__portfolio", "maker", "checker")


def kinds_decided_by(user: User) -> list[str]:
    return [kind.code for kind in registered() if user.role in kind.deciders]


def to_decide(user: User, now: datetime) -> QuerySet[Approval]:
    """What the person's role decides and somebody else raised, oldest first."""
    waiting = visible_approvals(user).filter(state__in=OPEN, kind__in=kinds_decided_by(user))
    return waiting.filter(expires_at__gt=now).exclude(maker=user)


def who_may_decide(approval: Approval) -> list[User]:
    """Who could say yes: people of the deciding roles who see the account, whose limit reaches; not the maker."""
    kind = kind_of(approval.kind)
    people = User.objects.filter(role__in=kind.deciders, is_active=True).exclude(pk=approval.maker_id)
    if approval.account and not all_houses(kind):
        people = people.filter(team__portfolios=approval.account.portfolio_id)
    return [one for one in people.distinct().order_by("username") if _reaches(kind, approval, one)]


def _reaches(kind: ApprovalKind, approval: Approval, user: User) -> bool:
    authority = kind.authority(approval, user)
    return authority is None or authority.suffices


def all_houses(kind: ApprovalKind) -> bool:
    """True when the kind's roles aren't bound to a team."""
    return not kind.deciders & {"agent", "manager"}


def in_tab(user: User, tab: str, now: datetime) -> QuerySet[Approval]:
    if tab == "mine":
        return visible_approvals(user).filter(maker=user)
    if tab == "decided":
        return visible_approvals(user).exclude(state__in=OPEN)
    return to_decide(user, now)


def count_to_decide(user: User, now: datetime) -> int:
    """For the number in the header; nothing for roles that decide nothing."""
    kinds = kinds_decided_by(user)
    return to_decide(user, now).count() if kinds else 0


def failure_of(approval: Approval) -> Refused:
    """Why it could not be carried out, as it was refused then."""
    about = {"kind": "approval.refusal", "subject_type": "approval", "subject_id": approval.pk}
    event = Event.objects.filter(**about).order_by("-pk").first()
    return Refused(approval.decision_code, **(event.codes if event else {}))


def checks_when_decided(approval: Approval) -> list[Check]:
    """The automatic checks as they stood when somebody decided; none when nobody did."""
    about = {"subject_type": "approval", "subject_id": approval.pk, "codes__has_key": "checks"}
    event = Event.objects.filter(**about).order_by("-pk").first()
    if event is None:
        return []
    labels = {check.code: check.label for check in kind_of(approval.kind).checker(approval, approval.requested_at)}
    return [_as_it_stood(kept, labels) for kept in event.codes["checks"]]


def authority_when_decided(approval: Approval) -> Authority | None:
    """What was asked and how far whoever approved it might go; nothing where the role was enough or nobody approved."""
    about = {"kind": "approval.approve", "subject_type": "approval", "subject_id": approval.pk}
    event = Event.objects.filter(**about, codes__has_key="limit").order_by("-pk").first()
    if event is None:
        return None
    asked, limit, unit = (event.codes[name] for name in ("asked", "limit", "unit"))
    return Authority(Decimal(asked), Decimal(limit), unit=unit, at_least=event.codes.get("at_least", False))


def _as_it_stood(kept: dict[str, Any], labels: dict[str, str | Promise]) -> Check:
    refusal = None if kept["holds"] else Refused(kept["refusal"], **kept["params"])
    return Check(kept["code"], labels.get(kept["code"], kept["code"]), refusal)
