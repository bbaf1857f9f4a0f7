"""What waits for one person: answers, corrections, late callbacks, texts from customers, holds to review, messages
nobody is sure of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.foundation import days
from accounts.foundation.approvals import Approval, ApprovalState
from accounts.foundation.prepared_statements import ask
from accounts.foundation.users import Role, User
from accounts.models import (
    OPEN_COMPLAINT,
    OPEN_DISPUTE,
    Account,
    Complaint,
    Dispute,
    DisputeDecision,
    NextKind,
    Reconciliation,
    ReconciliationState,
)
from accounts.models.account import AccountQuerySet
from accounts.services.approval_kinds import kind_of
from accounts.services.approval_words import ending_in_words
from arrangements.models import OPEN_HARDSHIP, Escalation, EscalationState, HardshipCase
from collections_crm.selectors.approvals import to_decide
from collections_crm.selectors.complaints import when_due
from collections_crm.selectors.queue_lists import ALL
from collections_crm.selectors.queue_scope import POOL, pools_of
from collections_crm.selectors.queue_words import NEXT_WORDS
from collections_crm.selectors.standing_stops import STANDING, StandingStop, read_standing, stops_to_release
from collections_crm.ui.frame import address
from collections_crm.ui.masks import masked_phone
from collections_crm.ui.words import civil, money, shortened
from communications.models import (
    AccountContact,
    Contact,
    Message,
    MessageState,
    PolicyVersion,
    ReceivedText,
    VersionState,
)
from communications.selectors.open_contact import unspoken_accounts
from communications.services.stops import STOPPERS

Case = TypeVar("Case", bound=Model)
MOST = 50
TOLD_FOR = timedelta(days=7)
ANSWERED_WITHIN = timedelta(days=30)
ENDED = [
    ApprovalState.EXECUTED,
    ApprovalState.EXECUTION_FAILED,
    ApprovalState.DECLINED,
    ApprovalState.EXPIRED,
    ApprovalState.VOIDED,
]


@dataclass(frozen=True)
class Line:
    """One thing: where it leads, what it says, since when, and whether its day has passed."""

    url: str
    text: str
    detail: str
    at: datetime | None
    account_id: int | None = None
    is_late: bool = False


@dataclass(frozen=True)
class Section:
    """Things of one sort. `more` is how many beyond those shown."""

    title: str | Promise
    lines: list[Line]
    more: int = 0


def inbox_of(user: User, now: datetime) -> list[Section]:
    """The sections that hold something, what is to be done first. Nothing of the person in an open contact while nobody
    was verified in it: each section's title would speak of the debt."""
    unspoken = unspoken_accounts(user)
    found = [
        (title, [line for line in read(user, now) if line.account_id not in unspoken])
        for title, roles, read in SECTIONS
        if user.role in roles
    ]
    return [Section(title, lines[:MOST], max(0, len(lines) - MOST)) for title, lines in found if lines]


# What of a person's own accounts waits for them now: the number in the header, and the first section.
_WAITING = """
    next_owner_id = %(user)s AND (
        next_kind = 'callback' AND next_at < %(now)s
        OR next_kind = 'review_hold' AND (next_on <= %(today)s OR %(refers)s)
        OR next_kind = 'act' AND next_subject_type = 'escalation')
"""
_IN_HEADER = f"SELECT (SELECT count(*) FROM accounts_account WHERE {_WAITING}), ({STANDING})"  # noqa: S608 (no value from outside)


@dataclass(frozen=True)
class InHeader:
    """What the header of every page says: how many things wait for the person, which emergency stops concern them."""

    waiting: int
    stops: list[StandingStop]


def in_header(user: User, now: datetime) -> InHeader:
    """One quick query. A stop waits for those who may release it and haven't yet."""
    with connection.cursor() as cursor:
        ask(cursor, _IN_HEADER, _given(user, now) | {"team": user.team_id, "sees_all": user.sees_every_account})
        accounts, standing = cursor.fetchone()
    stops = read_standing(standing)
    return InHeader(accounts + len(stops_to_release(stops, user)), stops)


def _given(user: User, now: datetime) -> dict[str, Any]:
    today = now.astimezone(timezone.get_current_timezone()).date()
    return {"user": user.pk, "now": now, "today": today, "refers": user.role == Role.COMPLIANCE}


def _waiting(user: User, now: datetime) -> list[Line]:
    """The person's own accounts that the header counts."""
    with connection.cursor() as cursor:
        ask(cursor, f"SELECT id FROM accounts_account WHERE {_WAITING}", _given(user, now))  # noqa: S608 (no value from outside)
        ids = [row[0] for row in cursor.fetchall()]
    accounts = Account.objects.filter(pk__any=ids).order_by(F("next_at").asc(nulls_last=True), "next_on", "pk")
    return _account_lines(accounts, lambda account: account.next_at)


def _stops_to_release(user: User, now: datetime) -> list[Line]:
    return [
        Line(reverse("stops"), stop.covers, stop.note, stop.stopped_at)
        for stop in stops_to_release(in_header(user, now).stops, user)
    ]


def _returned(user: User, _now: datetime) -> list[Line]:
    cases = Escalation.objects.filter(raised_by=user, state=EscalationState.RETURNED).select_related(
        "account", "approval__answer"
    )
    return [
        Line(
            reverse("escalation-correct", args=[case.pk]),
            f"{case.account.reference}: {case.get_kind_display()}",
            _why(case.approval),
            case.approval.decided_at if case.approval else None,
            case.account_id,
        )
        for case in cases.order_by("pk")[: MOST + 1]
    ]


def _why(approval: Approval | None) -> str:
    if approval is None:
        return ""
    sentence = f" “{approval.answer.text}”" if approval.answer else ""
    return f"{ending_in_words(approval.decision_code)}{sentence}"


def _answered(user: User, now: datetime) -> list[Line]:
    mine = Approval.objects.filter(maker=user, state__in=ENDED, decided_at__gt=now - TOLD_FOR)
    return [
        Line(
            reverse("approval", args=[approval.pk]),
            f"{approval.account.reference if approval.account else ''} {kind_of(approval.kind).label}: "
            f"{approval.get_state_display()}",
            _why(approval),
            approval.decided_at,
            approval.account_id,
        )
        for approval in mine.select_related("account", "answer").order_by("-decided_at")[: MOST + 1]
    ]


def _holds(user: User, now: datetime) -> list[Line]:
    """Those of the team's that nobody in it has: the person's own wait above."""
    today = now.astimezone(timezone.get_current_timezone()).date()
    due = Account.objects.filter(
        next_owner__isnull=True, next_team=user.team_id, next_kind=NextKind.REVIEW_HOLD, next_on__lte=today
    )
    return _account_lines(due.order_by("next_on", "pk"), lambda _account: None) if user.team_id else []


def _account_lines(accounts: QuerySet[Account], at: Callable[[Account], datetime | None]) -> list[Line]:
    return [
        Line(
            address("account", account.reference),
            account.reference,
            NEXT_WORDS[NextKind(account.next_kind)](),
            at(account),
            account.pk,
        )
        for account in accounts[: MOST + 1]
    ]


def _unsure_messages(user: User, _now: datetime) -> list[Line]:
    unsure = Message.objects.filter(state=MessageState.UNCONFIRMED).select_related("account")
    if user.role == Role.AGENT:
        unsure = unsure.filter(Q(queued_by=user) | Q(account__owner=user))
    else:
        unsure = unsure.filter(account__in=Account.objects.visible_to(user).values("pk"))
    return [
        Line(
            address("account", message.account.reference),
            f"{message.account.reference}: {message.get_channel_display()}",
            _("Nobody knows whether it was sent."),
            message.claimed_at,
            message.account_id,
        )
        for message in unsure.order_by("pk")[: MOST + 1]
    ]


def _looked_after_by(user: User) -> AccountQuerySet:
    """Those whose next step is the agent's or their pool's; for others all that they may see."""
    accounts = Account.objects.visible_to(user)
    if user.role != Role.AGENT:
        return accounts
    return accounts.filter(Q(next_owner=user) | Q(next_owner__isnull=True, next_team__in=pools_of(user)))


def _unanswered_texts(user: User, now: datetime) -> list[Line]:
    """What customers wrote lately, while nobody has had a contact with that person since."""
    since = Contact.objects.filter(person_id=OuterRef("contact__person_id"), started_at__gt=OuterRef("at"))
    accounts = _looked_after_by(user).open()
    texts = AccountContact.objects.annotate(at=F("contact__received_text__received_at")).filter(
        ~Exists(since), at__gt=now - ANSWERED_WITHIN, account__in=accounts.values("pk")
    )
    return [
        Line(
            address("account", text.account.reference),
            text.account.reference,
            shortened(text.contact.received_text.body),
            text.at,
            text.account_id,
        )
        for text in texts.select_related("account", "contact__received_text").order_by("at", "pk")[: MOST + 1]
    ]


def _texts_of_nobody(_user: User, now: datetime) -> list[Line]:
    """Texts from numbers that no party has, or whose party owes nothing any more."""
    told = ReceivedText.objects.filter(contact__isnull=True, received_at__gt=now - TOLD_FOR, erased_on=None)
    texts = told.order_by("-received_at")
    return [Line("", masked_phone(text.sender), shortened(text.body), text.received_at) for text in texts[: MOST + 1]]


def _waiting_requests(user: User, now: datetime) -> list[Line]:
    return [
        Line(
            reverse("approval", args=[approval.pk]),
            f"{approval.account.reference if approval.account else ''} {kind_of(approval.kind).label}",
            approval.maker.get_full_name() or approval.maker.username,
            approval.requested_at,
            approval.account_id,
        )
        for approval in to_decide(user, now).order_by("requested_at", "pk")[: MOST + 1]
    ]


def _unassigned(user: User, _now: datetime) -> list[Line]:
    """Those of the team's pool: the same accounts as the queue's list of nobody's."""
    pool = Account.objects.visible_to(user).open().filter(next_owner__isnull=True, next_team__in=pools_of(user))
    nobodys = pool.count()
    if not nobodys:
        return []
    text = ngettext(
        "%(count)s account belongs to the team and to nobody in it.",
        "%(count)s accounts belong to the team and to nobody in it.",
        nobodys,
    ) % {"count": f"{nobodys:,}"}
    return [Line(f"{address('queue')}?whose={POOL}&tab={ALL}", text, "", None)]


def _policy_to_publish(user: User, _now: datetime) -> list[Line]:
    """Submitted versions that wait for somebody else's yes."""
    waiting = PolicyVersion.objects.filter(state=VersionState.SUBMITTED).exclude(maker=user).select_related("pack")
    return [
        Line(
            reverse("admin:communications_policyversion_change", args=[version.pk]),
            f"{version.pack.title} {version.number}",
            version.note,
            version.submitted_at,
        )
        for version in waiting.order_by("submitted_at")[: MOST + 1]
    ]


def _referrals(user: User, _now: datetime) -> list[Line]:
    cases = Escalation.objects.filter(kind="fraud", state=EscalationState.IN_PROGRESS, account__next_owner=user)
    return [
        Line(
            reverse("escalation", args=[case.pk]),
            f"{case.account.reference}: {case.get_kind_display()}",
            _("Answer by %(day)s") % {"day": civil(case.account.next_on)},
            case.raised_at,
            case.account_id,
        )
        for case in cases.select_related("account").order_by("account__next_on")[: MOST + 1]
    ]


def _disputes(user: User, now: datetime) -> list[Line]:
    """Those of the agent's accounts, or of all that a manager or compliance may see, what is due first on top."""
    found = _of_cases(Dispute.objects.filter(state__in=OPEN_DISPUTE), user).order_by("answer_by", "pk")
    first = sorted(found[: 2 * MOST], key=lambda one: one.due_on)
    return [
        _case_line("dispute", one, f"{one.get_kind_display()}, {one.get_state_display()}", one.raised_at, now)
        for one in first[: MOST + 1]
    ]


def _to_pay_back(user: User, _now: datetime) -> list[Line]:
    """What stands in customers' favour since their disputes were upheld, the oldest first."""
    waiting = DisputeDecision.objects.filter(
        to_pay_back__gt=0,
        refund=None,
        dispute__account__balance__lt=0,
        dispute__account__in=Account.objects.visible_to(user).values("pk"),
    )
    return [
        Line(
            reverse("dispute", args=[one.dispute_id]),
            one.dispute.account.reference,
            money(min(one.to_pay_back, -one.dispute.account.balance), one.dispute.currency),
            one.decided_at,
            one.dispute.account_id,
        )
        for one in waiting.select_related("dispute__account").order_by("decided_at", "pk")[: MOST + 1]
    ]


def _hardship(user: User, now: datetime) -> list[Line]:
    """Cases whose clock runs, in the same order and for the same people as disputes."""
    found = _of_cases(HardshipCase.objects.filter(state__in=OPEN_HARDSHIP), user).order_by("decide_by", "pk")
    first = sorted(found[: 2 * MOST], key=lambda one: one.due_on)
    return [_case_line("hardship", one, one.get_state_display(), one.opened_at, now) for one in first[: MOST + 1]]


def _complaints(user: User, now: datetime) -> list[Line]:
    """For the same people, in the same order; what is late says so, what lapses within days says how many are left."""
    found = _of_cases(Complaint.objects.filter(state__in=OPEN_COMPLAINT), user).select_related("hold").due_first()
    lines = []
    for one in found[: MOST + 1]:
        on = days.civil_day(now, one.account.portfolio.zone)
        words = f"{one.get_category_display()}, {one.get_state_display()}"
        line = _case_line("complaint", one, words, one.raised_at, now)
        lines.append(replace(line, detail=when_due(one, on), is_late=one.is_late(on)))
    return lines


def _of_cases(found: QuerySet[Case], user: User) -> QuerySet[Case]:
    """Those of the accounts that the person looks after."""
    accounts = _looked_after_by(user)
    return found.filter(account__in=accounts.values("pk")).select_related("account__portfolio")


def _case_line(url: str, case: Any, text: str, since: datetime, now: datetime) -> Line:
    """Late once its day has passed where the account is."""
    return Line(
        reverse(url, args=[case.pk]),
        f"{case.account.reference}: {text}",
        _("due %(day)s") % {"day": civil(case.due_on)},
        since,
        case.account_id,
        case.due_on < days.civil_day(now, case.account.portfolio.zone),
    )


def _reconciliations(user: User, now: datetime) -> list[Line]:
    """Those to be made, and those of which the merchant wasn't told yet, what is due first on top."""
    waiting = Q(ended_at=None) | Q(state=ReconciliationState.DONE, answered_on=None)
    found = _of_cases(Reconciliation.objects.filter(waiting), user).order_by("statements_by", "pk")
    first = sorted(found[: 2 * MOST], key=lambda one: one.due_on)
    return [_case_line("reconciliation", one, one.get_state_display(), one.asked_at, now) for one in first[: MOST + 1]]


WORKING = {Role.AGENT, Role.MANAGER}
Read = Callable[[User, datetime], list[Line]]
SECTIONS: list[tuple[Promise | str, set[Any], Read]] = [
    (gettext_lazy("Emergency stops that stand"), set(STOPPERS), _stops_to_release),
    (gettext_lazy("Your accounts that wait for you now"), {*WORKING, Role.COMPLIANCE, Role.FINANCE}, _waiting),
    (gettext_lazy("Requests to decide"), {Role.MANAGER, Role.COMPLIANCE}, _waiting_requests),
    (gettext_lazy("Policy to publish"), {Role.COMPLIANCE}, _policy_to_publish),
    (gettext_lazy("Fraud referrals to answer"), {Role.COMPLIANCE}, _referrals),
    (gettext_lazy("Returned to you, to correct"), WORKING, _returned),
    (gettext_lazy("Disputes to answer"), {*WORKING, Role.COMPLIANCE}, _disputes),
    (gettext_lazy("To pay back to customers"), {Role.FINANCE}, _to_pay_back),
    (gettext_lazy("Hardship to decide"), {*WORKING, Role.COMPLIANCE}, _hardship),
    (gettext_lazy("Reconciliations to make"), {*WORKING, Role.COMPLIANCE}, _reconciliations),
    (gettext_lazy("Complaints to answer"), {*WORKING, Role.COMPLIANCE}, _complaints),
    (gettext_lazy("Customers wrote"), WORKING, _unanswered_texts),
    (gettext_lazy("Holds of the team to review"), WORKING, _holds),
    (gettext_lazy("Messages to look after"), WORKING, _unsure_messages),
    (gettext_lazy("Texts from numbers that nobody has"), {Role.MANAGER}, _texts_of_nobody),
    (gettext_lazy("Without an owner"), {Role.MANAGER}, _unassigned),
    (gettext_lazy("Answers to your requests"), WORKING, _answered),
]
