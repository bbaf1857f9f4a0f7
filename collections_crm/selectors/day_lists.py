"""The rows behind the figures under the queue: what a person did today, and their promises judged this month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.foundation.users import User
from accounts.models import Account
from arrangements.models import Arrangement, Instalment, InstalmentState
from communications.models import Contact

KEPT = [InstalmentState.KEPT, InstalmentState.KEPT_PROVISIONALLY]
JUDGED = [*KEPT, InstalmentState.PART_KEPT, InstalmentState.BROKEN]


@dataclass(frozen=True)
class DayRow:
    """One account, contact or promise: the account's id and reference, when, what came of it, how much."""

    account_id: int
    reference: str
    when: datetime | date
    what: str
    amount: Decimal | None = None
    currency: str = ""

    @property
    def at(self) -> datetime | None:
        return self.when if isinstance(self.when, datetime) else None


def morning_of(now: datetime) -> datetime:
    """Midnight that began the civil day of whoever looks."""
    local = now.astimezone(timezone.get_current_timezone())
    return datetime.combine(local.date(), time.min, tzinfo=local.tzinfo)


def worked(agent: User, now: datetime) -> QuerySet[Account]:
    mine = {"account_contacts__contact__agent": agent, "account_contacts__contact__wrapped_up_at__gte": morning_of(now)}
    return Account.objects.filter(**mine).annotate(last=Max("account_contacts__contact__wrapped_up_at"))


def right_party(agent: User, now: datetime) -> QuerySet[Contact]:
    """Conversations with a person who was verified in them."""
    spoken = Contact.objects.filter(agent=agent, wrapped_up_at__gte=morning_of(now), counts_conversation=True)
    return spoken.filter(verified_at__isnull=False).select_related("outcome").prefetch_related("account_contacts")


def promises(agent: User, now: datetime) -> QuerySet[Arrangement]:
    return Arrangement.objects.filter(made_by=agent, kind="promise", made_at__gte=morning_of(now)).select_related(
        "account"
    )


def judged(agent: User, now: datetime) -> QuerySet[Instalment]:
    """Payments promised to the person that were judged this month, kept or not."""
    first = morning_of(now).date().replace(day=1)
    found = Instalment.objects.filter(arrangement__made_by=agent, decided_on__gte=first, state__in=JUDGED)
    return found.select_related("account", "arrangement")


def _of_account(account: Any) -> list[DayRow]:
    return [DayRow(account.pk, account.reference, account.last, str(account.get_state_display()))]


def _of_contact(contact: Contact) -> list[DayRow]:
    what = str(contact.outcome.label) if contact.outcome else ""
    about = Account.objects.filter(account_contacts__contact=contact).order_by("reference")
    return [DayRow(account.pk, account.reference, contact.started_at, what) for account in about]


def _of_promise(promise: Arrangement) -> list[DayRow]:
    account, what = promise.account, str(promise.get_state_display())
    return [DayRow(account.pk, account.reference, promise.made_at, what, promise.amount, promise.currency)]


def _of_instalment(row: Instalment) -> list[DayRow]:
    account, what = row.account, str(row.get_state_display())
    return [DayRow(account.pk, account.reference, row.decided_on, what, row.amount, row.arrangement.currency)]


@dataclass(frozen=True)
class DayList:
    """One figure as a list: its title, its records newest first, and each as rows."""

    title: str | Promise
    records: Any
    order: list[str]
    rows_of: Any


LISTS = {
    "worked": DayList(gettext_lazy("Accounts worked today"), worked, ["-last", "-id"], _of_account),
    "right-party": DayList(
        gettext_lazy("Right parties reached today"), right_party, ["-started_at", "-id"], _of_contact
    ),
    "promises": DayList(gettext_lazy("Promises taken today"), promises, ["-made_at", "-id"], _of_promise),
    "kept": DayList(gettext_lazy("Promises judged this month"), judged, ["-decided_on", "-id"], _of_instalment),
}
