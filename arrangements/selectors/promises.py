"""What the promise panel of an account shows, and which promises are due on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from accounts.foundation.users import Role, User
from accounts.models import Account
from accounts.services.accounts import today_of
from arrangements.models import LIVE, Arrangement, ArrangementKind, ArrangementState, Instalment
from arrangements.services.promise_limits import PromiseLimits, limits_for
from communications.models import Contact

HISTORY = 5
# How long after wrapping up a call what was said in it may still be written down as a promise.
STILL_SAID = timedelta(minutes=30)


@dataclass(frozen=True)
class PromisePanel:
    """The live arrangement and the last ones before it, and what this person may accept today."""

    account: Account
    today: date
    live: Arrangement | None
    history: list[Arrangement]
    limits: PromiseLimits
    contact: Contact | None
    may_promise: bool
    may_cancel: bool

    @property
    def instalment(self) -> Instalment | None:
        """The next agreed payment of the live arrangement."""
        return next(iter(self.live.instalments.all()), None) if self.live else None


def promise_panel(user: User, account: Account, now: datetime) -> PromisePanel:
    """At most eight queries, whatever the history."""
    shown = Arrangement.objects.filter(account=account).prefetch_related("instalments").select_related("made_by")
    live = shown.filter(state__in=LIVE).first()
    today = today_of(account, now)
    contact = verified_contact(user, account, now)
    takes_promises = user.role in (Role.AGENT, Role.MANAGER) and account.state in ("new", "active", "arranged")
    return PromisePanel(
        account=account,
        today=today,
        live=live,
        history=list(shown.exclude(state__in=LIVE)[:HISTORY]),
        limits=limits_for(user, account, today),
        contact=contact,
        may_promise=takes_promises and (contact is not None or user.is_manager),
        may_cancel=live is not None and (user.is_manager or live.made_by_id == user.pk),
    )


def verified_contact(user: User, account: Account, now: datetime) -> Contact | None:
    """The user's contact about this account in which the person was verified: the open one, or one just wrapped up."""
    still = Q(wrapped_up_at__isnull=True) | Q(wrapped_up_at__gt=now - STILL_SAID)
    return (
        Contact.objects.filter(still, agent_id=user.pk, verified_at__isnull=False, account_contacts__account=account)
        .order_by("-started_at")
        .first()
    )


def promises_due(on: date) -> QuerySet[Instalment]:
    """Instalments of live promises that are due on a civil day of their portfolio."""
    return Instalment.objects.filter(
        due_on=on, arrangement__state=ArrangementState.ACTIVE, arrangement__kind=ArrangementKind.PROMISE
    )
