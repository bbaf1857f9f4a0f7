"""What the head of an account page tells besides the account's own columns, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection

from accounts.models import OWES

DISHONOURS_WITHIN = timedelta(days=60)

_SUMMARY = """
    SELECT
        coalesce((SELECT max(e.id) FROM accounts_event AS e WHERE e.account_id = %(account)s), 0),
        (SELECT count(*) FROM accounts_payment AS p WHERE p.account_id = %(account)s AND p.state = 'reversed'
            AND p.reversal_reason <> 'error' AND p.reversed_on > %(since)s),
        paid.amount, paid.received_on,
        ARRAY(SELECT DISTINCT theirs.account_id FROM accounts_accountparty AS own
            JOIN accounts_party AS me ON me.id = own.party_id
            JOIN accounts_party AS same ON same.person_id = me.person_id
            JOIN accounts_accountparty AS theirs ON theirs.party_id = same.id AND theirs.role = ANY(%(owes)s)
            WHERE own.account_id = %(account)s AND own.role = 'primary' AND theirs.account_id <> %(account)s)
    FROM (SELECT 1) AS one LEFT JOIN LATERAL (
        SELECT p.amount, p.received_on FROM accounts_payment AS p
        WHERE p.account_id = %(account)s AND p.state IN ('posted', 'cleared') ORDER BY p.id DESC LIMIT 1
    ) AS paid ON true
"""


@dataclass(frozen=True)
class Summary:
    """`version` is the id of the latest event; `others` the person's other accounts."""

    version: int
    dishonours: int
    last_paid: Decimal | None
    last_paid_on: date | None
    others: list[int]


def summary_of(account_id: int, *, now: datetime) -> Summary:
    given = {
        "account": account_id,
        "since": (now - DISHONOURS_WITHIN).date(),
        "owes": [str(role) for role in OWES],
    }
    with connection.cursor() as cursor:
        cursor.execute(_SUMMARY, given)
        return Summary(*cursor.fetchone())
