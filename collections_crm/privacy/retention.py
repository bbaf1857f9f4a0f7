"""Retention: each day a report of what is kept longer than its time; blanked only once somebody released it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.foundation.approvals import OPEN_APPROVAL, Approval
from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.runs import Run, claim_run
from accounts.foundation.states import move
from accounts.foundation.users import Role, User
from accounts.models import (
    CLOSED_STATES,
    OPEN_STATES,
    OWES,
    AccountParty,
    LineAbout,
    ReportState,
    RetentionLine,
    RetentionReport,
    SensitiveNote,
)
from accounts.retention.periods import RECORD, periods
from accounts.services.approval_kinds import ApprovalKind, register
from accounts.services.approvals import request_approval
from collections_crm.privacy.blanking import blank, lock_person
from collections_crm.privacy.holdings import holdings_of
from collections_crm.privacy.of_nobody import blank_of_nobody, overdue_of_nobody
from collections_crm.privacy.plan import Plan, overdue_sensitive, plan_for
from communications.models import Contact

KIND = "retention_release"
JOB = "retention"
SHORTEST = min(period.months for period in periods() if period.kind == RECORD)

register_sentences(
    {
        "retention.not_yours": _("Compliance asks for the release of a report."),
        "retention.not_open": _("This report was released or replaced already."),
    }
)


@dataclass(frozen=True)
class Overdue:
    """One person of whom something is kept too long, or in a country what belongs to no person."""

    person_id: int | None
    jurisdiction: str
    rule: str
    due_on: date
    counts: dict[str, int]
    about: str = LineAbout.PERSON


@retrying
def report_overdue(*, now: datetime) -> RetentionReport | None:
    """Write today's report, once a day whoever asks and however often; nothing is blanked by it.

    None when the day's run is done, nothing is overdue, or an earlier report waits for its second yes. An older report
    that nobody asked to release gives way.
    """
    on = now.date()
    run, _first = claim_run(job=JOB, scope="house", period=on.isoformat(), at=now)
    run = Run.objects.select_for_update(no_key=True).get(pk=run.pk)
    if run.ended_at is not None:
        return None
    found = [] if _waits_for_a_yes() else [*overdue_on(on), *_of_nobody(on)]
    report = _write(run, found, now) if found else None
    run.ended_at, run.counts = now, {"people": _people(found)}
    run.save(update_fields=["ended_at", "counts"])
    return report


def _waits_for_a_yes() -> bool:
    asked = Approval.objects.filter(kind=KIND, state__in=OPEN_APPROVAL).exists()
    return asked or RetentionReport.objects.filter(state=ReportState.RELEASED).exists()


def _write(run: Run, found: list[Overdue], now: datetime) -> RetentionReport:
    for old in RetentionReport.objects.filter(state=ReportState.REPORTED).order_by("pk").locked():
        move(old, "give_way", actor=None, at=now, given={"at": now})
    report = RetentionReport.objects.create(run=run, on=now.date(), made_at=now, counts=_sums(found))
    RetentionLine.objects.bulk_create(
        RetentionLine(
            report=report,
            about=each.about,
            person_id=each.person_id,
            jurisdiction=each.jurisdiction,
            rule=each.rule,
            due_on=each.due_on,
            counts=each.counts,
        )
        for each in found
    )
    record("retentionreport.made", subject=report, actor=None, at=now, codes={"people": _people(found)})
    return report


def _people(found: list[Overdue]) -> int:
    return sum(each.person_id is not None for each in found)


def _sums(found: list[Overdue]) -> dict[str, dict[str, int]]:
    """`{"US": {"people": 3, "message": 12}}`."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for each in found:
        if each.person_id is not None:
            sums[each.jurisdiction]["people"] += 1
        for kind, count in each.counts.items():
            sums[each.jurisdiction][kind] += count
    return {place: dict(counts) for place, counts in sums.items()}


def overdue_on(on: date) -> Iterator[Overdue]:
    """Everybody of whom something is kept longer than its time on a day, and under no duty to keep it longer."""
    for person_id in sorted(_long_at_rest(on) | _with_old_sensitive_notes(on)):
        plan = due_plan(person_id, on)
        if plan.counts and plan.rule and plan.due_on:
            yield Overdue(person_id, plan.rule.jurisdiction, plan.rule.id, plan.due_on, plan.counts)


def _of_nobody(on: date) -> list[Overdue]:
    return [
        Overdue(None, kept.period.jurisdiction, kept.period.id, kept.due_on, kept.counts, kept.about)
        for kept in overdue_of_nobody(on)
    ]


def due_plan(person_id: int, on: date) -> Plan:
    """All of a person when their time is over; else their sensitive notes whose day of review has passed."""
    plan = plan_for(person_id, on=on)
    return overdue_sensitive(person_id, on=on) if plan.duties else plan


def _long_at_rest(on: date) -> set[int]:
    """People with closed accounts only, and no contact within the shortest period, of short months: the only
    ones worth a look."""
    owing = AccountParty.objects.filter(role__in=OWES)
    closed = owing.filter(account__state__in=CLOSED_STATES, party__erased_on=None)
    people = set(closed.values_list("party__person_id", flat=True))
    people -= set(owing.filter(account__state__in=OPEN_STATES).values_list("party__person_id", flat=True))
    since = on - timedelta(days=SHORTEST * 30)
    return people - set(Contact.objects.filter(local_on__gt=since).values_list("person_id", flat=True))


def _with_old_sensitive_notes(on: date) -> set[int]:
    late = SensitiveNote.objects.filter(erased_on=None, review_on__lt=on)
    return set(late.values_list("party__person_id", flat=True))


@retrying
def ask_release(*, report_id: int, actor: User, now: datetime) -> Approval:
    """Ask for somebody else's yes to blank what a report lists. Refuses other roles and reports that are over."""
    if actor.role != Role.COMPLIANCE:
        raise Refused("retention.not_yours")
    report = RetentionReport.objects.lock(report_id)
    if report.state != ReportState.REPORTED:
        raise Refused("retention.not_open")
    return request_approval(kind=KIND, subject=report, terms=_terms(report), account=None, actor=actor, now=now)


def _terms(report: RetentionReport) -> dict[str, Any]:
    totals: dict[str, int] = defaultdict(int)
    for counts in report.counts.values():
        for kind, count in counts.items():
            totals[kind] += count
    people = totals.pop("people", 0)
    return {"report": report.pk, "people": people, "blanked": dict(totals)}


def _terms_now(approval: Approval) -> dict[str, Any]:
    return _terms(RetentionReport.objects.get(pk=approval.subject_id))


def _release(approval: Approval, actor: User, now: datetime) -> None:
    report = RetentionReport.objects.lock(approval.subject_id)
    if report.state != ReportState.REPORTED:
        raise Refused("retention.not_open")
    move(report, "release", actor=actor, at=now, given={"approval": approval})


register(
    ApprovalKind(
        code=KIND,
        label=_("Release of a retention report"),
        executor=_release,
        consequence=_("A worker blanks what the report lists, person by person, unless a duty to keep it came since."),
        terms_now=_terms_now,
        deciders=frozenset({Role.COMPLIANCE, Role.ADMIN}),
    )
)


def lines_to_do(*, most: int = 200) -> list[int]:
    """The lines of released reports that nobody has carried out yet."""
    waiting = RetentionLine.objects.filter(report__state=ReportState.RELEASED, done_at=None)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:most])


@retrying
def carry_out_line(*, line_id: int, now: datetime) -> None:
    """Blank what is due of one line, judged again: of a person under their lock. A second call changes nothing."""
    look = RetentionLine.objects.get(pk=line_id)
    if look.person_id is not None:
        of = holdings_of(look.person_id)
        lock_person(of.parties, of.all_accounts)
    line = RetentionLine.objects.select_for_update(no_key=True, of=("self",)).get(pk=line_id)
    if line.done_at is not None or line.report.state != ReportState.RELEASED:
        return
    if line.person_id is not None:
        _blank_person(line, line.person_id, now)
    else:
        line.erasure = blank_of_nobody(line, now=now)
        line.left_because = "" if line.erasure else "erasure.nothing"
    line.done_at = now
    line.save(update_fields=["erasure", "left_because", "done_at"])


def _blank_person(line: RetentionLine, person_id: int, now: datetime) -> None:
    plan = due_plan(person_id, now.date())
    if plan.counts and plan.rule:
        yes = line.report.approval
        line.erasure = blank(plan, rule=plan.rule.id, approval=yes, maker=yes.maker, checker=yes.checker, now=now)
    else:
        line.left_because = plan_for(person_id, on=now.date()).first_duty


@retrying
def end_reports(*, now: datetime) -> None:
    """Released reports without a line to do are carried out."""
    for report in RetentionReport.objects.filter(state=ReportState.RELEASED).order_by("pk").locked():
        if not report.lines.filter(done_at=None).exists():
            move(report, "carry_out", actor=None, at=now, given={"at": now})
