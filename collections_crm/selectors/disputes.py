"""What the page of a dispute shows, and which disputes a person sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import models
from django.db.models import Q, QuerySet

from accounts.foundation import days
from accounts.foundation.approvals import OPEN_APPROVAL, Approval
from accounts.foundation.money import ZERO
from accounts.foundation.users import User
from accounts.models import DISPUTE_CLOCKS, Account, Dispute, DisputeDecision, Event
from accounts.services.dispute_door import requests_about
from collections_crm.selectors.timeline_words import step_in_words

# Who takes a request into their hands and puts it back is of interest to nobody afterwards.
UNTOLD = ["approval.claim", "approval.unclaim", "approval.execute"]


@dataclass(frozen=True)
class Happened:
    at: datetime
    who: str
    words: str


def history_of(case: models.Model, approvals: Iterable[Approval] = ()) -> list[Happened]:
    """What was recorded of a case and of the requests about it, first things first. One query."""
    about = Q(subject_type=case._meta.model_name, subject_id=case.pk)
    about |= Q(subject_type="approval", subject_id__in=[approval.pk for approval in approvals])
    events = Event.objects.filter(about).exclude(kind__in=UNTOLD).select_related("actor")
    return [
        Happened(
            event.at,
            event.actor.username if event.actor else "",
            step_in_words(event.kind, event.reason, event.codes),
        )
        for event in events.order_by("pk")
    ]


@dataclass(frozen=True)
class DisputePage:
    """One dispute at one instant, on the civil day `on` of its portfolio."""

    dispute: Dispute
    on: date
    history: list[Happened]
    approvals: list[Approval]
    decisions: list[DisputeDecision]

    @property
    def is_late(self) -> bool:
        return self.dispute.is_open and self.dispute.due_on < self.on

    @property
    def open_approvals(self) -> list[Approval]:
        """What a manager has been asked to agree to and has not answered: one at most."""
        return [approval for approval in self.approvals if approval.state in OPEN_APPROVAL]

    @property
    def waits(self) -> bool:
        return bool(self.open_approvals)

    @property
    def to_pay_back(self) -> Decimal:
        """What stands in the customer's favour of what was taken off, until finance paid it back."""
        waiting = sum((one.to_pay_back for one in self.decisions if one.refund_id is None), ZERO)
        return min(waiting, max(ZERO, -self.dispute.account.balance))

    @property
    def source(self) -> str:
        """Where the clock comes from."""
        return str(DISPUTE_CLOCKS[self.dispute.account.portfolio.jurisdiction].source)


def visible_disputes(user: User) -> QuerySet[Dispute]:
    """The disputes of accounts that the user may open."""
    related = ("account__portfolio__product", "party", "said", "reasons", "about_agent", "raised_by", "decided_by")
    return Dispute.objects.filter(account__in=Account.objects.visible_to(user)).select_related(*related)


def dispute_page(dispute: Dispute, *, now: datetime) -> DisputePage:
    """Four queries besides the dispute's own."""
    approvals = list(requests_about(dispute).select_related("answer", "checker", "maker").order_by("-pk"))
    related = ("asked_by", "decided_by", "reasons", "refund", "approval")
    decided = dispute.decisions.select_related(*related).order_by("-round")
    return DisputePage(
        dispute=dispute,
        on=days.civil_day(now, dispute.account.portfolio.zone),
        history=history_of(dispute, approvals),
        approvals=approvals,
        decisions=list(decided),
    )
