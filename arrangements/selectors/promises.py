"""What the promise panel of an account shows, and which promises are due on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet

from accounts.foundation.prepared_statements import ask
from accounts.foundation.users import Role, User
from accounts.models import Account
from accounts.selectors.askable import Askable, may_be_asked
from accounts.services.accounts import today_of
from arrangements.models import Arrangement, ArrangementState, Instalment, InstalmentState
from arrangements.services.agreeing import MAY_HAVE_PROMISED, STILL_SAID
from arrangements.services.promise_limits import PromiseLimits, limits_for
from communications.models import Contact

HISTORY = 5
# How long before its day a payment may be reminded of, in writing or by phone.
REMIND_AHEAD = timedelta(days=1)


@dataclass(frozen=True)
class PromiseSummary:
    """The live arrangement of an account with its payment, and the last ones before it."""

    live: Arrangement | None
    instalment: Instalment | None
    history: list[Arrangement]


@dataclass(frozen=True)
class PromisePanel(PromiseSummary):
    """Beside the summary: what this person may accept today, and from whom."""

    account: Account
    today: date
    limits: PromiseLimits
    asked: Askable
    contact: Contact | None
    may_promise: bool
    may_cancel: bool


def promise_summary(account: Account) -> PromiseSummary:
    """One query, whatever the history."""
    newest = Instalment.objects.filter(account=account).select_related("arrangement__made_by")
    # Of several payments of one arrangement the first is shown: it comes last here and replaces the others.
    by_arrangement = {row.arrangement_id: row for row in newest.order_by("-arrangement_id", "-number")[: 4 * HISTORY]}
    rows = list(by_arrangement.values())
    current = next((row for row in rows if row.arrangement.is_live), None)
    history = [row.arrangement for row in rows if row is not current][:HISTORY]
    return PromiseSummary(current.arrangement if current else None, current, history)


def promise_panel(user: User, account: Account, now: datetime) -> PromisePanel:
    """At most ten queries, whatever the history."""
    summary = promise_summary(account)
    live, today = summary.live, today_of(account, now)
    contact = verified_contact(user, account, now)
    return PromisePanel(
        live=live,
        instalment=summary.instalment,
        history=summary.history,
        account=account,
        today=today,
        limits=limits_for(user, account, today),
        asked=may_be_asked(account),
        contact=contact,
        may_promise=_takes_promises(user, account) and (contact is not None or user.is_manager),
        may_cancel=live is not None and (user.is_manager or live.made_by_id == user.pk),
    )


def may_promise(user: User, account: Account, now: datetime) -> bool:
    """Whether this person may take a promise now: a manager, or who has the verified person on the line."""
    return _takes_promises(user, account) and (user.is_manager or verified_contact(user, account, now) is not None)


def _takes_promises(user: User, account: Account) -> bool:
    return user.role in (Role.AGENT, Role.MANAGER) and account.state in ("new", "active", "arranged")


# Each account page asks, and mostly the answer is no: asking for the id alone is five times as fast.
_VERIFIED = """
    SELECT c.id FROM communications_contact AS c JOIN communications_accountcontact AS about ON about.contact_id = c.id
    LEFT JOIN communications_outcome AS o ON o.id = c.outcome_id
    WHERE about.account_id = %(account)s AND c.agent_id = %(agent)s AND c.verified_at IS NOT NULL
        AND (c.wrapped_up_at IS NULL OR c.wrapped_up_at > %(since)s AND o.code = ANY(%(ended)s))
    ORDER BY c.started_at DESC LIMIT 1
"""


def verified_contact(user: User, account: Account, now: datetime) -> Contact | None:
    """The user's contact about this account in which the person was verified: the open one, or one just wrapped up that
    may have ended with a promise."""
    with connection.cursor() as cursor:
        given = {"account": account.pk, "agent": user.pk, "since": now - STILL_SAID, "ended": list(MAY_HAVE_PROMISED)}
        ask(cursor, _VERIFIED, given)
        found = cursor.fetchone()
    return Contact.objects.get(pk=found[0]) if found else None


def reminder_is_due(account_id: int, *, on: date) -> bool:
    """An instalment of the account's live arrangement falls due tomorrow, is due and not judged yet, or was missed."""
    near = Q(state__in=[InstalmentState.SCHEDULED, InstalmentState.DUE], due_on__lte=on + REMIND_AHEAD)
    missed = Q(state__in=[InstalmentState.BROKEN, InstalmentState.PART_KEPT])
    of_account = Instalment.objects.filter(account_id=account_id, arrangement__state=ArrangementState.ACTIVE)
    return of_account.filter(near | missed).exists()


def promises_due(on: date) -> QuerySet[Instalment]:
    """Payments of live arrangements that are due on a civil day of their portfolio and were not made yet."""
    return Instalment.objects.filter(
        due_on=on, state=InstalmentState.SCHEDULED, arrangement__state=ArrangementState.ACTIVE
    )
