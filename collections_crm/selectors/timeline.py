"""What happened on an account, newest first: contacts, messages, money, notes, files, and all that was recorded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_datetime

from accounts.foundation.prepared_statements import ask
from arrangements.services.hardship import HARDSHIP_LETTER
from collections_crm.ui.paging import mark, read_mark

SIZE = 30

# What stands on its own line below is not told a second time by its event.
_TOLD_ELSEWHERE = (
    "contact.%",
    "payment.%",
    "ledger.%",
    "message.%",
    "first_notice.%",
    "party.%",
    "note.%",
    "attachment.%",
    # What was told about health and life is no line of a history that everybody reads.
    "sensitive_note.%",
    # How far a worker came with the file of an export.
    "dataexport.%",
    "account.contacted",
    "contact_preference.%",
    "workplace.%",
    "account.limitation_moved",
)

# Nor, for who works no such cases, what was decided about somebody's hardship, and by which budget.
_OF_HARDSHIP = ("hardshipcase.%", "budget.%", "sign.%")

_BRANCHES = {
    "event": """
        SELECT e.at, 'event', e.id, u.username, jsonb_build_object('kind', e.kind, 'reason', e.reason, 'codes', e.codes,
            'given_to', g.username)
        FROM accounts_event AS e LEFT JOIN accounts_user AS u ON u.id = e.actor_id
        LEFT JOIN accounts_user AS g
            ON g.id = CASE WHEN e.kind = 'account.assigned' THEN (e.codes ->> 'to')::bigint END
        WHERE e.account_id = %(account)s AND NOT (e.kind LIKE ANY(%(elsewhere)s)) AND {seen}
    """,
    "contact": """
        SELECT c.started_at AS at, 'contact', c.id, u.username, jsonb_build_object('channel', c.channel,
            'direction', c.direction, 'state', c.state, 'en', o.label_en, 'es', o.label_es, 'language', c.language,
            'origin', c.origin, 'decision', c.decision_id, 'verdict', c.verdict, 'verified', c.verified_at IS NOT NULL,
            'open', c.wrapped_up_at IS NULL AND c.channel = 'call', 'from', c.connected_at, 'until', c.ended_at,
            'wrote', t.body, 'erased', t.erased_on, 'under', t.erased_under)
        FROM communications_accountcontact AS ac JOIN communications_contact AS c ON c.id = ac.contact_id
        LEFT JOIN communications_outcome AS o ON o.id = c.outcome_id
        LEFT JOIN accounts_user AS u ON u.id = c.agent_id
        LEFT JOIN communications_message AS m ON m.contact_id = c.id
        LEFT JOIN communications_receivedtext AS t ON t.contact_id = c.id
        WHERE ac.account_id = %(account)s AND m.id IS NULL AND {seen}
    """,
    "message": """
        SELECT m.queued_at AS at, 'message', m.id, u.username, jsonb_build_object('channel', m.channel,
            'purpose', m.purpose, 'state', m.state, 'language', m.language, 'subject', m.subject,
            'decision', m.decision_id)
        FROM communications_message AS m LEFT JOIN accounts_user AS u ON u.id = m.queued_by_id
        WHERE m.account_id = %(account)s AND {seen}
    """,
    "payment": """
        SELECT p.recorded_at AS at, 'payment', p.id, u.username, jsonb_build_object('amount', p.amount::text,
            'currency', p.currency, 'method', p.method, 'state', p.state, 'on', p.received_on,
            'reason', p.reversal_reason, 'reversed_on', p.reversed_on)
        FROM accounts_payment AS p LEFT JOIN accounts_ledgerentry AS l ON l.id = p.entry_id
        LEFT JOIN accounts_user AS u ON u.id = l.actor_id
        WHERE p.account_id = %(account)s AND {seen}
    """,
    "reversal": """
        SELECT e.at AS at, 'reversal', e.id, u.username, jsonb_build_object('amount', p.amount::text,
            'currency', p.currency, 'received_on', p.received_on, 'reason', p.reversal_reason, 'on', p.reversed_on)
        FROM accounts_event AS e JOIN accounts_payment AS p ON p.id = e.subject_id
        LEFT JOIN accounts_user AS u ON u.id = e.actor_id
        WHERE e.account_id = %(account)s AND e.kind = 'payment.reverse' AND e.subject_type = 'payment' AND {seen}
    """,
    "note": """
        SELECT n.written_at AS at, 'note', n.id, u.username, jsonb_build_object('text', n.text, 'erased', n.erased_on,
            'under', n.erased_under)
        FROM accounts_note AS n JOIN accounts_user AS u ON u.id = n.author_id
        WHERE n.account_id = %(account)s AND {seen} AND (%(tells_hardship)s OR NOT EXISTS (
            SELECT FROM arrangements_hardshipcase AS h WHERE h.reasons_id = n.id OR h.ending_said_id = n.id))
    """,
    "file": """
        SELECT f.uploaded_at AS at, 'file', f.id, u.username, jsonb_build_object('name', f.name, 'kind', f.kind,
            'size', f.size, 'erased', f.erased_on, 'under', f.erased_under)
        FROM accounts_attachment AS f JOIN accounts_user AS u ON u.id = f.uploaded_by_id
        WHERE f.account_id = %(account)s AND {seen} AND (%(tells_hardship)s OR f.kind <> %(letter)s)
    """,
    "preference": """
        SELECT w.noted_at AS at, 'preference', w.id, u.username, jsonb_build_object('hours', w.hours,
            'media', w.media, 'not_at_work', w.not_at_work, 'from_on', w.from_on, 'until_on', w.until_on,
            'told_by', w.told_by, 'withdrawn', w.withdrawn, 'replaces', w.replaces_id)
        FROM accounts_contactpreference AS w LEFT JOIN accounts_user AS u ON u.id = w.noted_by_id
        WHERE w.party_id IN (SELECT party_id FROM accounts_accountparty WHERE account_id = %(account)s) AND {seen}
    """,
    "workplace": """
        SELECT k.noted_at AS at, 'workplace', k.id, u.username, jsonb_build_object('employer', k.employer,
            'hours', k.hours)
        FROM accounts_workplace AS k LEFT JOIN accounts_user AS u ON u.id = k.noted_by_id
        WHERE k.party_id IN (SELECT party_id FROM accounts_accountparty WHERE account_id = %(account)s) AND {seen}
    """,
}
_INSTANTS = {
    "event": "e.at",
    "contact": "c.started_at",
    "message": "m.queued_at",
    "payment": "p.recorded_at",
    "reversal": "e.at",
    "note": "n.written_at",
    "file": "f.uploaded_at",
    "preference": "w.noted_at",
    "workplace": "k.noted_at",
}


@dataclass(frozen=True)
class Happening:
    """One line of the timeline: when, what sort of record, which, by whom, and its codes."""

    at: datetime
    source: str
    id: int
    by: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Timeline:
    rows: list[Happening]
    older: str


def timeline(account_id: int, *, before: str = "", size: int = SIZE, tells_hardship: bool = True) -> Timeline:
    """One page, in one statement. `older` is the mark of what comes after it, empty at the end. Without
    `tells_hardship` nothing is read of what was decided about hardship and why."""
    seen = _seen(before)
    untold = [*_TOLD_ELSEWHERE, *(() if tells_hardship else _OF_HARDSHIP)]
    given = {"account": account_id, "limit": size + 1, "elsewhere": untold, **seen}
    given |= {"tells_hardship": tells_hardship, "letter": HARDSHIP_LETTER}
    parts = [_branch(source, bool(seen)) for source in _BRANCHES]
    statement = " UNION ALL ".join(parts) + " ORDER BY 1 DESC, 2, 3 DESC LIMIT %(limit)s"
    with connection.cursor() as cursor:
        ask(cursor, statement, given)
        rows = [
            Happening(at, source, pk, by or "", json.loads(facts)) for at, source, pk, by, facts in cursor.fetchall()
        ]
    more, rows = len(rows) > size, rows[:size]
    last = rows[-1] if more else None
    return Timeline(rows, mark([last.at.isoformat(), last.source, last.id]) if last else "")


def _branch(source: str, seen: bool) -> str:
    """Of one instant the sources come in alphabetical order, and the newest of a source first."""
    at = _INSTANTS[source]
    alias = at.split(".")[0]
    beyond = "TRUE"
    if seen:
        beyond = (
            f"({at} < %(at)s OR {at} = %(at)s AND ('{source}' > %(source)s"
            f" OR '{source}' = %(source)s AND {alias}.id < %(id)s))"
        )
    return f"({_BRANCHES[source].format(seen=beyond)} ORDER BY {at} DESC, {alias}.id DESC LIMIT %(limit)s)"


def _seen(before: str) -> dict[str, Any]:
    values = read_mark(before) if before else []
    if len(values) != 3 or values[1] not in _BRANCHES or not str(values[2]).isdigit():
        return {}
    at = parse_datetime(str(values[0]))
    return {"at": at, "source": values[1], "id": int(values[2])} if at else {}
