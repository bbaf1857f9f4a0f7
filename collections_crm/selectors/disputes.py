"""What the page of a dispute shows, and which disputes a person sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.db.models import QuerySet

from accounts.foundation import days
from accounts.foundation.approvals import OPEN_APPROVAL, Approval
from accounts.foundation.users import User
from accounts.models import DISPUTE_CLOCKS, Account, Dispute, Event
from accounts.services.dispute_outcomes import KIND
from collections_crm.selectors.timeline_words import event_in_words


@dataclass(frozen=True)
class Happened:
    at: datetime
    who: str
    words: str


def history_of(case: models.Model) -> list[Happened]:
    """What was recorded of a case, first things first. One query."""
    events = Event.objects.filter(subject_type=case._meta.model_name, subject_id=case.pk).select_related("actor")
    return [
        Happened(event.at, event.actor.username if event.actor else "", event_in_words(event.kind))
        for event in events.order_by("pk")
    ]


@dataclass(frozen=True)
class DisputePage:
    """One dispute at one instant, on the civil day `on` of its portfolio."""

    dispute: Dispute
    on: date
    history: list[Happened]
    approvals: list[Approval]

    @property
    def is_late(self) -> bool:
        return self.dispute.is_open and self.dispute.due_on < self.on

    @property
    def waits(self) -> bool:
        """A manager has been asked to agree and has not answered."""
        return any(approval.state in OPEN_APPROVAL for approval in self.approvals)

    @property
    def source(self) -> str:
        """Where the clock comes from."""
        return str(DISPUTE_CLOCKS[self.dispute.account.portfolio.jurisdiction].source)


def visible_disputes(user: User) -> QuerySet[Dispute]:
    """The disputes of accounts that the user may open."""
    related = ("account__portfolio__product", "party", "said", "reasons", "about_agent", "raised_by", "decided_by")
    return Dispute.objects.filter(account__in=Account.objects.visible_to(user)).select_related(*related)


def dispute_page(dispute: Dispute, *, now: datetime) -> DisputePage:
    """Three queries besides the dispute's own."""
    asked = Approval.objects.filter(kind=KIND, subject_type="dispute", subject_id=dispute.pk)
    return DisputePage(
        dispute=dispute,
        on=days.civil_day(now, dispute.account.portfolio.zone),
        history=history_of(dispute),
        approvals=list(asked.select_related("answer", "checker").order_by("-pk")),
    )
