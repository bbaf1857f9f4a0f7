"""What the page of a complaint shows, which complaints a person sees, and how they stand in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.foundation import days
from accounts.foundation.users import User
from accounts.models import (
    OPEN_COMPLAINT,
    WAITS_FOR_US,
    Account,
    Complaint,
    ComplaintCategory,
    ComplaintState,
    Portfolio,
    Remedy,
    Ruling,
)
from collections_crm.selectors.disputes import Happened, history_of
from collections_crm.services.complaint_letter import AUTHORITY
from collections_crm.ui.words import civil, days_away

S = ComplaintState
COUNTED_FOR = timedelta(days=90)
# From how near on a line says how many days are left.
SOON = timedelta(days=5)


@dataclass(frozen=True)
class ComplaintPage:
    """One complaint for one person at one instant, on the civil day `on` of its portfolio."""

    complaint: Complaint
    user: User
    on: date
    history: list[Happened]

    @property
    def is_late(self) -> bool:
        return self.complaint.is_late(self.on)

    @property
    def is_about_reader(self) -> bool:
        return self.complaint.about_agent_id == self.user.pk

    @property
    def authority(self) -> str:
        """Where the customer may go on with it: `the Financial Ombudsman Service (0800 023 4567, ...)`."""
        where = AUTHORITY[self.complaint.account.portfolio.jurisdiction]
        return f"{where.name} ({where.reached})"

    @property
    def remedies(self) -> list[str]:
        return [str(Remedy(remedy).label) for remedy in self.complaint.remedies]

    @property
    def puts_money_right(self) -> bool:
        """Somebody has to put an amount right, and no money is moved here."""
        complaint = self.complaint
        return Remedy.MONEY in complaint.remedies or complaint.ruling in (Ruling.UPHELD, Ruling.PART_UPHELD)


def visible_complaints(user: User) -> QuerySet[Complaint]:
    """The complaints about accounts that the user may open."""
    related = ("account__portfolio__product", "party", "hold", "said", "wanted", "about_agent")
    told = ("delay_reasons", "reasons", "ruling_note", "decided_by", "raised_by")
    return Complaint.objects.filter(account__in=Account.objects.visible_to(user)).select_related(*related, *told)


def complaint_page(complaint: Complaint, user: User, *, now: datetime) -> ComplaintPage:
    """One query besides the complaint's own."""
    on = days.civil_day(now, complaint.account.portfolio.zone)
    return ComplaintPage(complaint, user, on, history_of(complaint))


def when_due(complaint: Complaint, on: date) -> str:
    """`due Fri 4 Dec 2026`, near its end with the days that are left; past it, that it is late."""
    if complaint.is_late(on):
        said = _("late: was due %(day)s") % {"day": civil(complaint.lawful_by)}
        if complaint.due_on > complaint.lawful_by:
            said += " · " + _("told until %(day)s") % {"day": civil(complaint.due_on)}
        return said
    due = _("due %(day)s") % {"day": civil(complaint.due_on)}
    return f"{due} ({days_away(complaint.due_on, on)})" if complaint.due_on - on <= SOON else due


@dataclass(frozen=True)
class Standing:
    """One complaint in the list: when the next thing is due, and how many days the law leaves, below zero of one that
    is late; None of one that the customer doesn't wait for us with."""

    complaint: Complaint
    left: int | None
    due_on: date | None

    @property
    def is_late(self) -> bool:
        return self.left is not None and self.left < 0


def standing_of(complaint: Complaint, *, now: datetime) -> Standing:
    on = days.civil_day(now, complaint.account.portfolio.zone)
    left = (complaint.lawful_by - on).days if complaint.waits_for_us else None
    return Standing(complaint, left, complaint.due_on if complaint.is_open else None)


@dataclass(frozen=True)
class Counted:
    """What came about one thing, and what became of it."""

    category: str
    label: str
    came: int
    open: int
    late: int
    upheld: int
    part_upheld: int
    rejected: int
    withdrawn: int
    referred: int


def listed(user: User, *, category: str = "", since: date | None = None, late: Q | None = None) -> QuerySet[Complaint]:
    """Those that this person sees, with what a line of a list tells, what is due first on top: all that came since a
    day about one thing; else the late ones; else the open ones."""
    seen = Complaint.objects.filter(account__in=Account.objects.visible_to(user))
    if category:
        seen = seen.filter(category=category, received_on__gt=since)
    else:
        seen = seen.filter(Q(state__in=OPEN_COMPLAINT) if late is None else late)
    return seen.select_related("account__portfolio", "hold").due_first()


def late_at(now: datetime) -> Q:
    """Past their day where they are: one query for the zones there are."""
    late = Q(pk__in=[])
    for zone in Portfolio.objects.order_by().values_list("zone", flat=True).distinct():
        on = days.civil_day(now, zone)
        past = Q(state=S.RAISED, acknowledge_by__lt=on) | Q(state__in=WAITS_FOR_US, answer_by__lt=on)
        late |= Q(account__portfolio__zone=zone) & past
    return late


def counts_by_category(user: User, late: Q, *, since: date) -> list[Counted]:
    """What came since a day, by what it is about, most first. One query, however many there are."""
    seen = Complaint.objects.filter(account__in=Account.objects.visible_to(user), received_on__gt=since)
    counted = (
        seen.order_by()
        .values("category")
        .annotate(
            came=Count("pk"),
            open=Count("pk", filter=Q(state__in=OPEN_COMPLAINT)),
            late=Count("pk", filter=late | Q(answered_on__gt=F("answer_by"))),
            upheld=Count("pk", filter=Q(outcome=S.UPHELD)),
            part_upheld=Count("pk", filter=Q(outcome=S.PART_UPHELD)),
            rejected=Count("pk", filter=Q(outcome=S.REJECTED)),
            withdrawn=Count("pk", filter=Q(outcome=S.WITHDRAWN)),
            referred=Count("pk", filter=Q(referred_on__isnull=False)),
        )
    )
    rows = [Counted(label=str(ComplaintCategory(row["category"]).label), **row) for row in counted]
    return sorted(rows, key=lambda row: (-row.came, row.category))
