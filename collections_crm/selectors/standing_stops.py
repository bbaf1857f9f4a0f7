"""The emergency stops that concern one person, as a part of the header's query: no page asks once more for them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.foundation.users import User
from accounts.models import Jurisdiction
from communications.policy.wording import word
from communications.services.stops import STOPPERS

# Agents and managers are told of what their team collects, the others of all.
STANDING = """
    SELECT coalesce(json_agg(json_build_object(
        'number', s.id, 'channel', s.channel, 'jurisdiction', s.jurisdiction, 'portfolio', coalesce(p.name, ''),
        'cause', s.cause, 'note', s.note, 'stopped_at', s.stopped_at, 'first_yes_by', s.first_yes_by_id
    ) ORDER BY s.id), '[]')::text
    FROM communications_contactstop s LEFT JOIN accounts_portfolio p ON p.id = s.portfolio_id
    WHERE s.released_at IS NULL AND (%(sees_all)s OR s.portfolio_id IS NULL AND s.jurisdiction = '' OR EXISTS (
        SELECT 1 FROM accounts_team_portfolios mine JOIN accounts_portfolio q ON q.id = mine.portfolio_id
        WHERE mine.team_id = %(team)s AND (q.id = s.portfolio_id OR q.jurisdiction = s.jurisdiction)
    ))
"""


@dataclass(frozen=True)
class StandingStop:
    """One stop as the banner and the inbox tell it."""

    number: int
    channel: str
    jurisdiction: str
    portfolio: str
    cause: str
    note: str
    stopped_at: datetime
    first_yes_by: int | None

    @property
    def covers(self) -> str:
        return covers_in_words(self.channel, self.jurisdiction, self.portfolio)

    @property
    def why(self) -> str:
        return cause_in_words(self.cause)


def read_standing(text: str) -> list[StandingStop]:
    """What the query answered."""
    rows = json.loads(text)
    return [StandingStop(**row | {"stopped_at": datetime.fromisoformat(row["stopped_at"])}) for row in rows]


def stops_to_release(stops: list[StandingStop], user: User) -> list[StandingStop]:
    """Those that wait for this person's yes."""
    return [stop for stop in stops if user.role in STOPPERS and stop.first_yes_by != user.pk]


def covers_in_words(channel: str, jurisdiction: str, portfolio: str) -> str:
    """`calls, United Kingdom`, `every channel, everywhere`."""
    where = portfolio or (str(Jurisdiction(jurisdiction).label) if jurisdiction else _("everywhere"))
    return f"{word('stopped', channel or 'all', get_language() or 'en')}, {where}"


def cause_in_words(cause: str) -> str:
    return word("stop_cause", cause, get_language() or "en")
