"""What the head of an account page tells besides the account's own columns, in one query."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.foundation.prepared_statements import ask
from accounts.models import OWES
from accounts.selectors.limitation import FACTS as LIMITATION
from accounts.selectors.limitation import LimitationFacts, facts_from
from arrangements.models import OPEN_ESCALATION

DISHONOURS_WITHIN = timedelta(days=60)

_SUMMARY = f"""
    SELECT
        coalesce((SELECT max(e.id) FROM accounts_event AS e WHERE e.account_id = %(account)s), 0),
        (SELECT count(*) FROM accounts_payment AS p WHERE p.account_id = %(account)s AND p.state = 'reversed'
            AND p.reversal_reason <> 'error' AND p.reversed_on > %(since)s),
        (SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'kind', c.kind, 'state', c.state) ORDER BY c.id),
            '[]') FROM arrangements_escalation AS c WHERE c.account_id = %(account)s AND c.state = ANY(%(open)s)),
        paid.amount, paid.received_on,
        ARRAY(SELECT DISTINCT theirs.account_id FROM accounts_accountparty AS own
            JOIN accounts_party AS me ON me.id = own.party_id
            JOIN accounts_party AS same ON same.person_id = me.person_id
            JOIN accounts_accountparty AS theirs ON theirs.party_id = same.id AND theirs.role = ANY(%(owes)s)
            WHERE own.account_id = %(account)s AND own.role = 'primary' AND theirs.account_id <> %(account)s),
        (SELECT coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'channel', w.channel, 'point_id', w.contact_point_id,
                'hours', w.hours, 'media', w.media, 'not_at_work', w.not_at_work, 'from_on', w.from_on,
                'until_on', w.until_on, 'told_by', w.told_by, 'noted_at', w.noted_at, 'by', u.username) ORDER BY w.id),
            '[]') FROM accounts_contactpreference AS w LEFT JOIN accounts_user AS u ON u.id = w.noted_by_id
            WHERE w.party_id IN (SELECT party_id FROM accounts_accountparty WHERE account_id = %(account)s)
                AND NOT w.withdrawn
                AND NOT EXISTS (SELECT 1 FROM accounts_contactpreference AS later WHERE later.replaces_id = w.id)),
        (SELECT coalesce(jsonb_agg(jsonb_build_object('employer', k.employer, 'hours', k.hours) ORDER BY k.id), '[]')
            FROM accounts_workplace AS k
            WHERE k.party_id IN (SELECT party_id FROM accounts_accountparty WHERE account_id = %(account)s)
                AND NOT EXISTS (SELECT 1 FROM accounts_workplace AS later
                    WHERE later.party_id = k.party_id AND later.id > k.id)),
        (SELECT {LIMITATION} FROM accounts_account AS a WHERE a.id = %(account)s),
        lease.agent_id, lease.username,
        (SELECT coalesce(jsonb_agg(jsonb_build_object('category', n.category, 'need', n.support_need) ORDER BY n.id),
            '[]') FROM accounts_accountparty AS own
            JOIN accounts_party AS me ON me.id = own.party_id
            JOIN accounts_party AS same ON same.person_id = me.person_id
            JOIN accounts_sensitivenote AS n ON n.party_id = same.id AND n.erased_on IS NULL
            WHERE own.account_id = %(account)s),
        (SELECT coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'category', q.category, 'state', q.state)
            ORDER BY q.id), '[]') FROM accounts_complaint AS q WHERE q.account_id = %(account)s),
        (SELECT jsonb_build_object('rate', t.yearly_rate::text, 'from_on', t.from_on, 'through_on', t.through_on)
            FROM accounts_interestterms AS t WHERE t.account_id = %(account)s AND t.until_on IS NULL)
    FROM (SELECT 1) AS one LEFT JOIN LATERAL (
        SELECT p.amount, p.received_on FROM accounts_payment AS p
        WHERE p.account_id = %(account)s AND p.state IN ('posted', 'cleared') ORDER BY p.id DESC LIMIT 1
    ) AS paid ON true LEFT JOIN LATERAL (
        SELECT l.agent_id, u.username FROM accounts_accountparty AS own
        JOIN accounts_party AS me ON me.id = own.party_id
        JOIN collections_crm_lease AS l ON l.person_id = me.person_id
        JOIN accounts_user AS u ON u.id = l.agent_id
        WHERE own.account_id = %(account)s AND own.role = 'primary' AND (l.expires_at > %(now)s OR EXISTS (
            SELECT 1 FROM communications_contact AS c WHERE c.agent_id = l.agent_id AND c.person_id = l.person_id
                AND c.channel = 'call' AND c.wrapped_up_at IS NULL))
    ) AS lease ON true
"""  # noqa: S608 (what is put in is a statement of ours)


@dataclass(frozen=True)
class Summary:
    """`version` is the id of the latest event; `cases` the open escalations; `others` the person's other accounts;
    `preferences` and `workplaces` are those of its people that stand; `limitation` is what the limitation date is
    worked out from; `held_by` and `holder` say who has the person just now; `support` is what its people need,
    without why; `complaints` are all that came about the account, answered ones too; `interest` are the terms on which
    it bears any."""

    version: int
    dishonours: int
    cases: list[dict[str, Any]]
    last_paid: Decimal | None
    last_paid_on: date | None
    others: list[int]
    preferences: list[dict[str, Any]]
    workplaces: list[dict[str, Any]]
    limitation: LimitationFacts
    held_by: int | None
    holder: str | None
    support: list[dict[str, str]]
    complaints: list[dict[str, Any]]
    interest: dict[str, Any] | None


def summary_of(account_id: int, *, now: datetime) -> Summary:
    given: dict[str, Any] = {
        "account": account_id,
        "since": (now - DISHONOURS_WITHIN).date(),
        "open": [str(state) for state in OPEN_ESCALATION],
        "now": now,
        "owes": [str(role) for role in OWES],
    }
    with connection.cursor() as cursor:
        ask(cursor, _SUMMARY, given)
        row = cursor.fetchone()
    version, dishonours, cases, paid, paid_on, others, *told, agent_id, username, support, came, interest = row
    wishes, works, limitation = (json.loads(rows) for rows in told)
    return Summary(
        version=version,
        dishonours=dishonours,
        cases=json.loads(cases),
        last_paid=paid,
        last_paid_on=paid_on,
        others=others,
        preferences=wishes,
        workplaces=works,
        limitation=facts_from(limitation),
        held_by=agent_id,
        holder=username,
        support=json.loads(support),
        complaints=json.loads(came),
        interest=json.loads(interest) if interest else None,
    )
