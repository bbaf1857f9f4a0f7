"""What of a person's values may be blanked on a day, and which duties to keep stand against the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import Refused, register_sentences
from accounts.models import (
    IN_FORCE,
    OPEN_STATES,
    Account,
    CandidateVerdict,
    Complaint,
    ContactPointStatus,
    Event,
    Hold,
    Payment,
)
from accounts.retention.periods import RECORD, SENSITIVE, Period, period_of
from arrangements.models import OPEN_ESCALATION, EnforcementCase, EnforcementState, Escalation
from collections_crm.privacy.holdings import VALUES, Holdings, holdings_of
from collections_crm.privacy.kinds import ValueKind
from communications.models import Contact, Message, MessageState

register_sentences(
    {
        "privacy.account_open": _("Account {reference} is open."),
        "privacy.in_enforcement": _("Account {reference} has a legal or UCC case that isn't closed."),
        "privacy.escalated": _("Account {reference} has an escalation that isn't decided."),
        "privacy.on_hold": _("A hold is in force."),
        "privacy.message_in_line": _("A message is still in line or waits for a person."),
        "privacy.kept_until": _("It must be kept until {until}."),
        "privacy.no_account": _("This person has no account here: nothing tells how long their values are kept."),
    }
)

IN_LINE = [MessageState.QUEUED, MessageState.SENDING, MessageState.UNCONFIRMED]


@dataclass
class Plan:
    """`blanked` are the ids of each kind that may be blanked now; `duties` what stands against blanking all.

    `rule` is the period that ends last, `due_on` when it ends.
    """

    of: Holdings
    blanked: dict[ValueKind, list[int]] = field(default_factory=dict)
    left: dict[ValueKind, int] = field(default_factory=dict)
    duties: list[Refused] = field(default_factory=list)
    rule: Period | None = None
    due_on: date | None = None

    @property
    def counts(self) -> dict[str, int]:
        return {str(kind): len(ids) for kind, ids in self.blanked.items() if ids}

    @property
    def first_duty(self) -> str:
        """The code of the first duty, for keeping."""
        return self.duties[0].code if self.duties else "erasure.nothing"


def plan_for(person_id: int, *, on: date) -> Plan:
    """What may be blanked of this person on a day: everything when no duty stands, else only what nothing needs."""
    of = holdings_of(person_id)
    plan = Plan(of)
    _find_duties(plan, on)
    for kind, rows in VALUES.items():
        found = rows(of)
        free = found if not plan.duties else _not_needed(kind, found)
        plan.blanked[kind] = list(free.order_by("pk").values_list("pk", flat=True))
        plan.left[kind] = found.count() - len(plan.blanked[kind])
    return plan


def overdue_sensitive(person_id: int, *, on: date) -> Plan:
    """The sensitive notes past their day of review, whatever else must be kept of the person."""
    of = holdings_of(person_id)
    late = VALUES[ValueKind.SENSITIVE_NOTE](of).filter(review_on__lt=on).order_by("review_on")
    first = late.select_related("account__portfolio").first()
    plan = Plan(of, blanked={ValueKind.SENSITIVE_NOTE: sorted(late.values_list("pk", flat=True))})
    if first is not None:
        plan.rule = period_of(first.account.portfolio.jurisdiction, SENSITIVE)
        plan.due_on = first.review_on
    return plan


def _find_duties(plan: Plan, on: date) -> None:
    of = plan.of
    accounts = list(Account.objects.filter(pk__in=of.accounts).select_related("portfolio").order_by("reference"))
    if not accounts:
        plan.duties.append(Refused("privacy.no_account"))
    plan.duties += [_told("account_open", account) for account in accounts if account.state in OPEN_STATES]
    plan.duties += [_told("in_enforcement", account) for account in accounts if account.pk in _in_court(of)]
    plan.duties += [_told("escalated", account) for account in accounts if account.pk in _escalated(of)]
    held = Hold.objects.filter(Q(person__in=of.parties) | Q(account__in=of.accounts), state__in=IN_FORCE)
    if held.exists():
        plan.duties.append(Refused("privacy.on_hold"))
    if Message.objects.filter(party__in=of.parties, state__in=IN_LINE).exists():
        plan.duties.append(Refused("privacy.message_in_line"))
    _find_periods(plan, accounts, on)


def _told(code: str, account: Account) -> Refused:
    return Refused(f"privacy.{code}", reference=account.reference)


def _in_court(of: Holdings) -> set[int]:
    running = EnforcementCase.objects.filter(account__in=of.accounts).exclude(state=EnforcementState.CLOSED)
    return set(running.values_list("account_id", flat=True))


def _escalated(of: Holdings) -> set[int]:
    undecided = Escalation.objects.filter(account__in=of.accounts, state__in=OPEN_ESCALATION)
    return set(undecided.values_list("account_id", flat=True))


def _find_periods(plan: Plan, accounts: list[Account], on: date) -> None:
    """Each account is kept by the law of its country, counted from the last thing that happened on any of them."""
    last = last_activity(plan.of)
    ends: list[tuple[date, Period]] = []
    for account in accounts:
        period = period_of(account.portfolio.jurisdiction, RECORD)
        ends.append((period.ends(last or account.opened_on), period))
    if not ends:
        return
    plan.due_on, plan.rule = max(ends, key=lambda end: (end[0], end[1].id))
    if plan.due_on >= on:
        plan.duties.append(Refused("privacy.kept_until", until=plan.due_on))


def last_activity(of: Holdings) -> date | None:
    """The latest contact, message, payment, complaint or change of state, in UTC: a day more is kept, never less."""
    found: list[Any] = [
        Contact.objects.filter(party__in=of.parties).aggregate(last=Max("started_at"))["last"],
        Message.objects.filter(party__in=of.parties).aggregate(last=Max("sent_at"))["last"],
        Payment.objects.filter(account__in=of.accounts).aggregate(last=Max("received_on"))["last"],
        # People complain about closed accounts, too, and what came of it is asked about for years.
        Complaint.objects.filter(party__in=of.parties).aggregate(last=Max("ended_at"))["last"],
        Event.objects.filter(account__in=of.accounts, subject_type="account", codes__has_key="to").aggregate(
            last=Max("at")
        )["last"],
    ]
    civil = [moment.date() if isinstance(moment, datetime) else moment for moment in found if moment is not None]
    return max(civil, default=None)


def _not_needed(kind: ValueKind, found: Any) -> Any:
    """What serves no account and no duty, also while others stand: findings that nobody took, numbers that were never
    used and are no good, and what was told on the strength of a consent that whoever asks to be erased takes back."""
    if kind == ValueKind.TRACE_FINDING:
        return found.filter(verdict=CandidateVerdict.REJECTED)
    if kind == ValueKind.CONTACT_POINT:
        bad = [ContactPointStatus.WRONG_PARTY, ContactPointStatus.DEAD]
        return found.filter(status__in=bad, contacts=None, messages=None, policy_decisions=None)
    if kind == ValueKind.SENSITIVE_NOTE:
        return found.filter(basis="consent")
    return found.none()
