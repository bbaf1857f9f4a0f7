"""What the limitation clock of an account is wound by, read as one value of one statement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from accounts.foundation.prepared_statements import ask_about
from accounts.foundation.regions import region_of
from accounts.limitation.clock import Clock, FixedDate, Moratorium, Restart, wind
from accounts.limitation.periods import Period, limitation_period
from accounts.models.portfolio import COUNTRY_OF

# For the account whose id is `a.id`, in any statement. A payment that was taken back is none.
FACTS = """
    jsonb_build_object(
        'date', a.limitation_on, 'opened_on', a.opened_on,
        'jurisdiction', (SELECT p.jurisdiction FROM accounts_portfolio AS p WHERE p.id = a.portfolio_id),
        'places', jsonb_build_array(
            (SELECT jsonb_build_array(o.region, o.postcode) FROM accounts_origin AS o WHERE o.account_id = a.id),
            (SELECT jsonb_build_array(c.region, c.postcode)
                FROM accounts_accountparty AS r JOIN accounts_contactpoint AS c ON c.party_id = r.party_id
                WHERE r.account_id = a.id AND r.role = 'primary' AND c.kind = 'post' AND c.status <> 'wrong_party'
                ORDER BY c.id LIMIT 1)),
        'entity', (SELECT bool_or(t.kind = 'entity') FROM accounts_accountparty AS r
            JOIN accounts_party AS t ON t.id = r.party_id WHERE r.account_id = a.id AND r.role = 'primary'),
        'due_on', (SELECT min(d.due_on) FROM accounts_dueitem AS d WHERE d.account_id = a.id),
        'paid_before', (SELECT o.last_paid_on FROM accounts_origin AS o WHERE o.account_id = a.id),
        'payments', (SELECT coalesce(jsonb_agg(jsonb_build_array(m.id, m.received_on)), '[]')
            FROM accounts_payment AS m WHERE m.account_id = a.id AND m.state IN ('posted', 'cleared')),
        'acts', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'kind', l.kind, 'on', l.on,
                'reason', l.reason, 'noted_on', l.noted_on) ORDER BY l.id), '[]')
            FROM accounts_limitationact AS l WHERE l.account_id = a.id AND l.kind <> 'cancelled'
                AND NOT EXISTS (SELECT 1 FROM accounts_limitationact AS c WHERE c.cancels_id = l.id)),
        'moratoria', (SELECT coalesce(jsonb_agg(jsonb_build_array(h.from_on,
                coalesce((h.released_at AT TIME ZONE 'UTC')::date, h.review_on))), '[]')
            FROM accounts_hold AS h WHERE h.kind = 'breathing_space' AND (h.account_id = a.id OR h.person_id IN (
                SELECT t.person_id FROM accounts_accountparty AS r JOIN accounts_party AS t ON t.id = r.party_id
                WHERE r.account_id = a.id AND r.role = 'primary')))
    )
"""


@dataclass(frozen=True)
class LimitationFacts:
    """What is known of one account's period, and the date that the account carries (`known`)."""

    known: date | None
    opened_on: date
    place: tuple[str, str, str]
    consumer: bool
    defaulted_on: date | None
    restarts: tuple[tuple[str, Restart], ...]
    moratoria: tuple[Moratorium, ...]
    fixed: FixedDate | None
    acts: tuple[Mapping[str, Any], ...]

    @property
    def period(self) -> Period | None:
        return limitation_period(*self.place)

    def clock(self, *, without: str = "", moratoria: bool = True) -> Clock | None:
        """Where the clock stands; `without` leaves one payment out, by its mark, as if it hadn't been made."""
        return wind(
            self.period,
            consumer=self.consumer,
            defaulted_on=self.defaulted_on,
            restarts=[restart for mark, restart in self.restarts if mark != without],
            moratoria=self.moratoria if moratoria else (),
            fixed=self.fixed,
        )


def limitation_facts(account_ids: Iterable[int]) -> dict[int, LimitationFacts]:
    """The facts of a set of accounts, in one statement."""
    ids = sorted(set(account_ids))
    with connection.cursor() as cursor:
        statement = f"SELECT a.id, {FACTS} FROM accounts_account AS a WHERE a.id = ANY(%(ids)s)"  # noqa: S608
        ask_about(ids, cursor, statement, {"ids": ids})
        return {pk: facts_from(json.loads(told)) for pk, told in cursor.fetchall()}


def facts_from(told: Mapping[str, Any]) -> LimitationFacts:
    """The facts as `FACTS` tells them."""
    acts = tuple(told["acts"])
    # Of a day of default and a date that was given or stated, whichever was noted last decides.
    beginnings = [act for act in acts if act["kind"] != "acknowledgment"]
    defaults = [act for act in beginnings[-1:] if act["kind"] == "default"]
    fixed = [act for act in beginnings[-1:] if act["kind"] != "default"]
    paid = [(f"payment-{pk}", Restart(_day(on), "payment")) for pk, on in told["payments"]]
    before = [("before", Restart(_day(told["paid_before"]), "payment"))] if told["paid_before"] else []
    admitted = [(f"act-{a['id']}", Restart(_day(a["on"]), a["kind"])) for a in acts if a["kind"] == "acknowledgment"]
    instrument = defaults[-1]["reason"] if defaults else ""
    country = COUNTRY_OF[told["jurisdiction"]]
    regions = (region_of(country, region, postcode) for region, postcode in filter(None, told["places"]))
    started = defaults[-1]["on"] if defaults else told["due_on"]
    return LimitationFacts(
        known=_day(told["date"]) if told["date"] else None,
        opened_on=_day(told["opened_on"]),
        place=(country, next(filter(None, regions), ""), instrument),
        consumer=not told["entity"],
        defaulted_on=_day(started) if started else None,
        restarts=(*before, *paid, *admitted),
        moratoria=tuple(Moratorium(_day(begins), _day(ends)) for begins, ends in told["moratoria"]),
        fixed=_fixed(fixed[-1]) if fixed else None,
        acts=acts,
    )


def _fixed(act: Mapping[str, Any]) -> FixedDate:
    """Whoever states a date knows what was paid until then: only later days count against it."""
    later = timedelta(days=1 if act["kind"] == "stated" else 0)
    return FixedDate(_day(act["on"]), act["kind"], _day(act["noted_on"]) + later)


def _day(text: str) -> date:
    return date.fromisoformat(text)
