"""What is kept of people of whom there is no account: rows of files that were rejected, texts from unknown numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import phonenumbers
from django.db.models import Exists, OuterRef, QuerySet

from accounts.foundation.events import record
from accounts.models import NUMBERS, ContactPoint, Erasure, LineAbout, Placement, RetentionLine, RowResult, StagedRow
from accounts.models.portfolio import COUNTRY_OF
from accounts.retention.periods import OF_NOBODY, Period, period_of, periods
from collections_crm.privacy.blanking import blank_values
from collections_crm.privacy.kinds import ValueKind
from communications.models import ReceivedText

JURISDICTIONS = {country: jurisdiction for jurisdiction, country in COUNTRY_OF.items()}


@dataclass(frozen=True)
class KeptOfNobody:
    """Rows or texts of one country that are kept too long, the oldest of them since `due_on`."""

    about: LineAbout
    period: Period
    due_on: date
    ids: list[int]

    @property
    def counts(self) -> dict[str, int]:
        return {str(self.about): len(self.ids)}


def overdue_of_nobody(on: date) -> list[KeptOfNobody]:
    """What is kept longer than its time on a day, a line for each country and kind."""
    return [kept for find in OVERDUE.values() for kept in find(on)]


def _overdue_rows(on: date) -> list[KeptOfNobody]:
    """Rejected rows that still hold what stood in the file, counted from the day on which it came (UTC)."""
    whole = Exists(_whole_rows().filter(placement=OuterRef("pk")))
    found = Placement.objects.filter(whole).select_related("portfolio").order_by("pk")
    written = ((p.pk, p.portfolio.jurisdiction, p.uploaded_at.date()) for p in found)
    return [_of_rows(*late) for late in _late(written, on)]


def _of_rows(period: Period, due_on: date, placements: list[int]) -> KeptOfNobody:
    rows = _whole_rows().filter(placement__in=placements).order_by("pk")
    return KeptOfNobody(LineAbout.ROWS, period, due_on, list(rows.values_list("pk", flat=True)))


def _whole_rows() -> QuerySet[StagedRow]:
    return StagedRow.objects.filter(result=RowResult.REJECTED, cells__isnull=False)


def _overdue_texts(on: date) -> list[KeptOfNobody]:
    ours = ContactPoint.objects.filter(kind__in=NUMBERS).exclude(value="").values("value")
    found = ReceivedText.objects.filter(contact=None, erased_on=None).exclude(sender__in=ours).order_by("pk")
    written = (
        (pk, jurisdiction_of_number(sender), received_at.date())
        for pk, sender, received_at in found.values_list("pk", "sender", "received_at")
    )
    return [KeptOfNobody(LineAbout.TEXTS, *late) for late in _late(written, on)]


def jurisdiction_of_number(sender: str) -> str:
    """By the number's country. What tells of no country of ours is kept as long as anything is."""
    try:
        country = phonenumbers.region_code_for_number(phonenumbers.parse(sender, None))
    except phonenumbers.NumberParseException:
        country = None
    return JURISDICTIONS.get(country or "") or _kept_longest().jurisdiction


def _kept_longest() -> Period:
    return max((p for p in periods() if p.kind == OF_NOBODY), key=lambda period: (period.months, period.id))


def _late(written: Iterable[tuple[int, str, date]], on: date) -> list[tuple[Period, date, list[int]]]:
    """By country: the period, when the first of them came to its end, and the ids that are past theirs."""
    late: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for pk, jurisdiction, day in written:
        ends = period_of(jurisdiction, OF_NOBODY).ends(day)
        if ends < on:
            late[jurisdiction].append((ends, pk))
    found = sorted(late.items())
    return [(period_of(place, OF_NOBODY), min(ends)[0], [pk for _day, pk in ends]) for place, ends in found]


def blank_of_nobody(line: RetentionLine, *, now: datetime) -> Erasure | None:
    """Blank what a released line is about and is past its time now, nothing else. None when nothing is left to do."""
    overdue = OVERDUE[line.about](now.date())
    kept = next((one for one in overdue if one.period.jurisdiction == line.jurisdiction), None)
    return _blank(kept, line, now) if kept else None


def _blank(kept: KeptOfNobody, line: RetentionLine, now: datetime) -> Erasure:
    yes = line.report.approval
    erasure = Erasure.objects.create(
        on=now.date(),
        at=now,
        rule=kept.period.id,
        maker=yes.maker,
        checker=yes.checker,
        approval=yes,
        counts=kept.counts,
    )
    BLANKS[kept.about](kept.ids, erasure)
    codes = {"erasure": erasure.pk, "rule": erasure.rule, "counts": erasure.counts}
    record("erasure.of_nobody", subject=erasure, actor=yes.checker, at=now, codes=codes)
    return erasure


def _blank_rows(ids: list[int], _erasure: Erasure) -> None:
    """Number, reason and column of a rejected row stay: what became of it can still be told."""
    StagedRow.objects.filter(pk__in=ids).update(cells=None)


OVERDUE: dict[str, Callable[[date], list[KeptOfNobody]]] = {
    LineAbout.ROWS: _overdue_rows,
    LineAbout.TEXTS: _overdue_texts,
}
BLANKS: dict[str, Callable[[list[int], Erasure], None]] = {
    LineAbout.ROWS: _blank_rows,
    LineAbout.TEXTS: partial(blank_values, ValueKind.RECEIVED_TEXT),
}
