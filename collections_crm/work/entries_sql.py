"""The statement that works out queue entries, for any set of accounts at once.

Each step adds what the next one needs: the account with its people, what happened to it, where it stands in time, its
tab, why it is worth doing. Points never depend on the day, so that no entry goes stale by waiting: what time changes,
it changes at `turns_at`.
"""

from __future__ import annotations

from collections_crm.models import CHANNEL_BITS

COLUMNS = [
    "account_id",
    "person_id",
    "party_id",
    "portfolio_id",
    "owner_id",
    "team_id",
    "tab",
    "lane",
    "window_id",
    "priority",
    "parts",
    "blocked_until",
    "callback_at",
    "turns_at",
    "product_kind",
    "language",
    "bucket",
    "channels",
    "due_now",
    "last_contact_at",
    "last_outcome",
]

LOCK_ENTRIES = """
    SELECT account_id FROM collections_crm_queueentry WHERE account_id = ANY(%(ids)s) ORDER BY account_id FOR UPDATE
"""

DROP_CLOSED = """
    DELETE FROM collections_crm_queueentry AS e USING accounts_account AS a
    WHERE e.account_id = ANY(%(ids)s) AND a.id = e.account_id AND NOT (a.state = ANY(%(open)s))
"""

_ACCOUNTS = """
    picked AS (
        SELECT a.id, a.next_kind, a.next_owner_id, a.next_team_id, a.next_at, a.state, a.bucket, a.due_now,
               a.currency, a.portfolio_id, pt.id AS party_id, pt.person_id, pt.language, pr.kind AS product_kind,
               coalesce(a.next_at, a.next_on::timestamp AT TIME ZONE p.zone) AS begins_at, p.zone,
               (%(now)s::timestamptz AT TIME ZONE p.zone)::date AS today, w.window_id, w.blocked_until, r.rate
        FROM accounts_account AS a
        JOIN unnest(%(window_accounts)s::bigint[], %(window_ids)s::bigint[], %(blocked)s::timestamptz[])
             AS w (account_id, window_id, blocked_until) ON w.account_id = a.id
        JOIN unnest(%(currencies)s::text[], %(rates)s::numeric[]) AS r (currency, rate) ON r.currency = a.currency
        JOIN accounts_portfolio AS p ON p.id = a.portfolio_id
        JOIN accounts_product AS pr ON pr.id = p.product_id
        JOIN accounts_accountparty AS ap ON ap.account_id = a.id AND ap.role = 'primary'
        JOIN accounts_party AS pt ON pt.id = ap.party_id
        LEFT JOIN accounts_placement AS pl ON pl.id = a.placement_id
        WHERE a.state = ANY(%(open)s) AND (pl.id IS NULL OR pl.state = 'live')
    )
"""

# Materialized: its rows are few, and what follows repeats its columns so often that planning the statement in one
# piece would take fifteen times as long as carrying it out.
_HISTORY = f"""
    happened AS MATERIALIZED (
        SELECT k.*, reach.channels, last.started_at AS last_contact_at, coalesce(last.code, '') AS last_outcome,
               talk.at AS talked_at, broken.decided_on AS broken_on, returned.reversed_on AS returned_on,
               notice.sent_on AS noticed_on, holding.forbids
        FROM picked AS k
        CROSS JOIN LATERAL (
            SELECT coalesce(bit_or(CASE c.kind WHEN 'phone' THEN {CHANNEL_BITS["call"] | CHANNEL_BITS["text"]}
                WHEN 'email' THEN {CHANNEL_BITS["email"]} WHEN 'whatsapp' THEN {CHANNEL_BITS["whatsapp"]}
                ELSE {CHANNEL_BITS["post"]} END), 0) AS channels
            FROM accounts_accountparty AS ap JOIN accounts_contactpoint AS c ON c.party_id = ap.party_id
            WHERE ap.account_id = k.id AND ap.role = ANY(%(owes)s) AND c.status = ANY(%(usable)s)
        ) AS reach
        CROSS JOIN LATERAL (
            SELECT EXISTS (
                SELECT 1 FROM accounts_hold AS h WHERE h.account_id = k.id AND h.state = ANY(%(in_force)s)
                    AND h.scope = 'account' AND NOT ('demand' = ANY(h.permits))
            ) OR EXISTS (
                SELECT 1 FROM accounts_hold AS h WHERE h.person_id = k.person_id AND h.state = ANY(%(in_force)s)
                    AND h.scope = 'person' AND NOT ('demand' = ANY(h.permits))
            ) OR NOT (k.state = ANY(%(ours)s)) AS forbids
        ) AS holding
        LEFT JOIN LATERAL (
            SELECT c.started_at, o.code FROM communications_accountcontact AS ac
            JOIN communications_contact AS c ON c.id = ac.contact_id
            LEFT JOIN communications_outcome AS o ON o.id = c.outcome_id
            WHERE ac.account_id = k.id AND c.state <> 'not_attempted'
            ORDER BY ac.contact_id DESC LIMIT 1
        ) AS last ON true
        LEFT JOIN LATERAL (
            SELECT c.started_at AS at FROM communications_accountcontact AS ac
            JOIN communications_contact AS c ON c.id = ac.contact_id
            WHERE ac.account_id = k.id AND c.counts_conversation ORDER BY ac.contact_id DESC LIMIT 1
        ) AS talk ON true
        LEFT JOIN LATERAL (
            SELECT max(i.decided_on) AS decided_on FROM arrangements_instalment AS i
            JOIN arrangements_arrangement AS g ON g.id = i.arrangement_id
            WHERE i.account_id = k.id AND i.state IN ('broken', 'part_kept') AND g.state = 'broken'
        ) AS broken ON true
        LEFT JOIN LATERAL (
            SELECT max(m.reversed_on) AS reversed_on FROM accounts_payment AS m
            WHERE m.account_id = k.id AND m.state = 'reversed' AND m.reversal_reason <> 'error'
        ) AS returned ON true
        LEFT JOIN LATERAL (
            SELECT max(n.sent_on) AS sent_on FROM communications_firstnotice AS n WHERE n.account_id = k.id
        ) AS notice ON true
    )
"""  # noqa: S608 (the numbers are ours)

# By phone, text or e-mail: what `accounts.models.REACHING` are the kinds of.
REACHING_BITS = CHANNEL_BITS["call"] | CHANNEL_BITS["text"] | CHANNEL_BITS["email"]
# The tab, in the order in which the reasons outrank each other.
_PLACED = f"""
    placed AS (
        SELECT h.*,
            CASE
                WHEN h.next_kind = 'review_hold' THEN CASE WHEN h.begins_at <= %(now)s THEN 'now' ELSE 'hold' END
                WHEN h.next_kind = 'trace' THEN 'trace'
                WHEN h.channels & {REACHING_BITS} = 0 AND h.next_kind IN ('act', 'callback') THEN 'trace'
                WHEN h.forbids AND h.next_kind IN ('act', 'callback') THEN 'hold'
                WHEN h.waits_until <= %(now)s THEN 'now'
                WHEN (h.waits_until AT TIME ZONE h.zone)::date = h.today THEN 'later'
                ELSE 'waiting'
            END AS tab,
            h.next_kind IN ('act', 'callback') AS by_contact
        FROM (
            SELECT happened.*, CASE WHEN next_kind IN ('act', 'callback') THEN greatest(begins_at, blocked_until)
                ELSE begins_at END AS waits_until
            FROM happened
        ) AS h
    ),
    turning AS (
        SELECT placed.*,
            CASE WHEN tab = 'trace' OR tab = 'hold' AND next_kind <> 'review_hold' THEN NULL
                 WHEN waits_until <= %(now)s THEN NULL
                 WHEN (waits_until AT TIME ZONE zone)::date > today
                     THEN least(waits_until, (waits_until AT TIME ZONE zone)::date::timestamp AT TIME ZONE zone)
                 ELSE waits_until
            END AS turns_at
        FROM placed
    )
"""  # noqa: S608 (the number is ours)

_RANKED = """
    ranked AS (
        SELECT t.*, why.parts, why.priority
        FROM turning AS t
        CROSS JOIN LATERAL (
            SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('code', v.code, 'points', v.points,
                       'on', v.day, 'at', v.instant, 'amount', v.amount, 'currency', v.currency, 'bucket', v.bucket))
                       ORDER BY v.points DESC, v.code), '[]'::jsonb) AS parts,
                   coalesce(sum(v.points), 0)::int AS priority
            FROM (VALUES
                ('callback', CASE WHEN t.next_kind = 'callback' AND t.tab = 'now' THEN 1000
                    WHEN t.next_kind = 'callback' THEN 150 END,
                    NULL::date, t.next_at, NULL::numeric, NULL::text, NULL::int),
                ('promise_broken', CASE WHEN t.next_kind IN ('act', 'callback') AND t.broken_on IS NOT NULL
                    AND (t.talked_at IS NULL OR (t.talked_at AT TIME ZONE t.zone)::date <= t.broken_on) THEN 300 END,
                    t.broken_on, NULL, NULL, NULL, NULL),
                ('payment_returned', CASE WHEN t.next_kind IN ('act', 'callback') AND t.returned_on IS NOT NULL
                    AND (t.talked_at IS NULL OR (t.talked_at AT TIME ZONE t.zone)::date <= t.returned_on) THEN 250 END,
                    t.returned_on, NULL, NULL, NULL, NULL),
                ('review_hold', CASE WHEN t.next_kind = 'review_hold' THEN 200 END,
                    NULL, t.begins_at, NULL, NULL, NULL),
                ('check_promise', CASE WHEN t.next_kind = 'check_promise' THEN 160 END,
                    NULL, t.begins_at, NULL, NULL, NULL),
                ('await_approval', CASE WHEN t.next_kind = 'await_approval' THEN 120 END,
                    NULL, t.begins_at, NULL, NULL, NULL),
                ('await_vendor', CASE WHEN t.next_kind = 'await_vendor' THEN 110 END,
                    NULL, t.begins_at, NULL, NULL, NULL),
                ('trace', CASE WHEN t.tab = 'trace' THEN 40 END, NULL, NULL, NULL, NULL, NULL),
                ('first_call', CASE WHEN t.tab <> 'trace' AND t.last_contact_at IS NULL
                    AND t.next_kind IN ('act', 'callback') THEN 80 END, NULL, NULL, NULL, NULL, NULL),
                ('notice_served', CASE WHEN t.last_contact_at IS NULL AND t.noticed_on IS NOT NULL THEN 20 END,
                    t.noticed_on, NULL, NULL, NULL, NULL),
                ('never_reached', CASE WHEN t.last_contact_at IS NOT NULL AND t.talked_at IS NULL
                    AND t.next_kind IN ('act', 'callback') THEN 15 END, NULL, t.last_contact_at, NULL, NULL, NULL),
                ('amount', least(60, floor(12 * log(greatest(1, t.due_now * t.rate)))::int),
                    NULL, NULL, t.due_now, t.currency, NULL),
                ('age', least(40, t.bucket * 10)::int, NULL, NULL, NULL, NULL, t.bucket)
            ) AS v (code, points, day, instant, amount, currency, bucket)
            WHERE v.points > 0
        ) AS why
    )
"""

_VALUES = """
    SELECT id, person_id, party_id, portfolio_id, next_owner_id, next_team_id, tab,
           CASE WHEN tab = 'now' AND by_contact THEN window_id ELSE 0 END, window_id, priority, parts,
           blocked_until, CASE WHEN next_kind = 'callback' THEN next_at END, turns_at, product_kind, language, bucket,
           channels, due_now, last_contact_at, last_outcome
    FROM ranked ORDER BY id
"""

_names = ", ".join(COLUMNS)
_changed = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
_old = ", ".join(f"e.{name}" for name in COLUMNS[1:])
_new = ", ".join(f"excluded.{name}" for name in COLUMNS[1:])

WRITE_ENTRIES = f"""
    WITH {_ACCOUNTS}, {_HISTORY}, {_PLACED}, {_RANKED}
    INSERT INTO collections_crm_queueentry AS e ({_names}) {_VALUES}
    ON CONFLICT (account_id) DO UPDATE SET {_changed} WHERE ROW({_old}) IS DISTINCT FROM ROW({_new})
"""
