"""What a person did today: the line under their queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.foundation.prepared_statements import ask

_FIGURES = """
    SELECT
        (SELECT count(DISTINCT ac.account_id) FROM communications_contact AS c
            JOIN communications_accountcontact AS ac ON ac.contact_id = c.id
            WHERE c.agent_id = %(agent)s AND c.wrapped_up_at >= %(morning)s),
        (SELECT count(*) FROM communications_contact AS c
            WHERE c.agent_id = %(agent)s AND c.wrapped_up_at >= %(morning)s AND c.counts_conversation
                AND c.verified_at IS NOT NULL),
        (SELECT count(*) FROM arrangements_arrangement AS a
            WHERE a.made_by_id = %(agent)s AND a.kind = 'promise' AND a.made_at >= %(morning)s),
        count(*) FILTER (WHERE i.state IN ('kept', 'kept_provisionally')), count(*)
    FROM arrangements_instalment AS i JOIN arrangements_arrangement AS a ON a.id = i.arrangement_id
    WHERE a.made_by_id = %(agent)s AND i.decided_on >= %(month)s
        AND i.state IN ('kept', 'kept_provisionally', 'part_kept', 'broken')
"""


@dataclass(frozen=True)
class DayFigures:
    """Accounts worked, right parties reached, promises taken since midnight; promises judged and kept this month."""

    worked: int
    right_party: int
    promises: int
    kept: int
    judged: int

    @property
    def kept_share(self) -> int | None:
        """In per cent; None while nothing was judged."""
        return round(100 * self.kept / self.judged) if self.judged else None


def day_figures(agent: Any, *, now: datetime) -> DayFigures:
    """One query. The day is the civil day of whoever looks."""
    local = now.astimezone(timezone.get_current_timezone())
    morning = datetime.combine(local.date(), time.min, tzinfo=local.tzinfo)
    given = {"agent": agent.pk, "morning": morning, "month": date(local.year, local.month, 1)}
    with connection.cursor() as cursor:
        ask(cursor, _FIGURES, given)
        return DayFigures(*cursor.fetchone())
