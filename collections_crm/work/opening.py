"""When the hours of the rules let an account of one kind be called: the window that is open, or the next one."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from accounts.foundation.digests import digest

FROM, UNTIL = time(8), time(20)
RULES = digest(["hours", FROM.isoformat(), UNTIL.isoformat()])


class KindOfAccount(NamedTuple):
    """What hours and holidays depend on: whose debt, of which sort, and in which zones the person may be."""

    jurisdiction: str
    capacity: str
    product: str
    regulated: bool
    party_kind: str
    region: str
    zones: tuple[str, ...]


class Opening(NamedTuple):
    """The window that is open at an instant or the next one after it; both None when none will open."""

    opens_at: datetime | None
    closes_at: datetime | None


def rules_of(kind: KindOfAccount) -> str:
    """A digest of the rules that decide about the hours of accounts of this kind."""
    return RULES


def opening(kind: KindOfAccount, now: datetime) -> Opening:
    """The common window of all zones."""
    for ahead in range(-1, 9):
        spans = [_span(now + timedelta(days=ahead), ZoneInfo(zone)) for zone in kind.zones]
        opens_at, closes_at = max(span[0] for span in spans), min(span[1] for span in spans)
        if opens_at < closes_at and closes_at > now:
            return Opening(opens_at, closes_at)
    return Opening(None, None)


def _span(instant: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    day = instant.astimezone(zone).date()
    return datetime.combine(day, FROM, tzinfo=zone), datetime.combine(day, UNTIL, tzinfo=zone)
