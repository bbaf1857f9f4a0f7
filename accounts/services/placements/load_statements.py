# ruff: noqa: S608 - every statement is put together from the constants of this file
"""The statements that turn one batch of staged rows into accounts, in order.

Ids were taken when the rows were staged, so each statement stands alone, and a batch written twice breaks on a key.
Rows `after < number <= upto` are written; `on` is the portfolio's civil day of loading, `review_on` and `permits` are
those of a limitation hold.
"""

from __future__ import annotations

BATCH = "s.placement_id = %(placement)s AND s.result = 'placed' AND s.number > %(after)s AND s.number <= %(upto)s"
ROWS = f"FROM accounts_stagedrow AS s WHERE {BATCH}"
OWED = "s.principal + s.interest + s.fees + s.costs"
REACHABLE = "(s.phone <> '' OR s.email <> '')"
OUT_OF_TIME = "coalesce(s.limitation_on <= %(on)s, false)"
NEXT_KIND = f"CASE WHEN NOT {REACHABLE} THEN 'trace' WHEN {OUT_OF_TIME} THEN 'review_hold' ELSE 'act' END"
NEXT_ON = f"CASE WHEN {REACHABLE} AND {OUT_OF_TIME} THEN %(review_on)s::date ELSE %(on)s::date END"

PARTIES = f"""
    INSERT INTO accounts_party
        (id, kind, name, name_supplied, search_name, birth_date, tax_id, language, stated_zone, root_id)
    SELECT s.party_number, s.party_kind, s.name, s.name <> '', s.search_name, s.birth_date, s.tax_id,
           coalesce(nullif(s.language, ''), %(language)s), '', NULL
    {ROWS}
"""
ACCOUNTS = f"""
    INSERT INTO accounts_account
        (id, reference, external_reference, portfolio_id, placement_id, placement_row, currency, state, owner_id,
         balance, principal, interest, fees, costs, credited, due_now, oldest_due_on, due_is_estimated, bucket,
         opened_on, accelerated_on, charged_off_on, limitation_on, default_declared_on, purchased_amount,
         next_kind, next_on, next_at, next_owner_id, next_team_id, next_subject_type, next_subject_id)
    SELECT s.account_number, 'P' || s.placement_id || '-' || s.number, s.reference, %(portfolio)s, s.placement_id,
           s.number, %(currency)s, 'new', NULL, 0, 0, 0, 0, 0, 0,
           (SELECT sum(amount) FROM unnest(s.due_amounts) AS amount), s.due_on[1], s.due_basis <> '',
           (SELECT count(*) FROM unnest(%(bounds)s::int[]) AS bound WHERE bound <= greatest(%(on)s - s.due_on[1], 0)),
           %(on)s, NULL, s.charged_off_on, s.limitation_on, NULL, s.purchased_amount,
           {NEXT_KIND}, {NEXT_ON}, NULL, NULL, %(team)s, '', NULL
    {ROWS} ORDER BY s.number
"""
ROLES = f"""
    INSERT INTO accounts_accountparty (account_id, party_id, role)
    SELECT s.account_number, s.party_number, 'primary' {ROWS}
"""
CONTACT_POINTS = f"""
    INSERT INTO accounts_contactpoint
        (party_id, kind, value, line_type, is_work, city, region, postcode, country, zones, status, provenance,
         added_at)
    SELECT s.party_number, p.kind, p.value, p.line, false,
           CASE p.kind WHEN 'post' THEN s.city ELSE '' END, CASE p.kind WHEN 'post' THEN s.region ELSE '' END,
           CASE p.kind WHEN 'post' THEN s.postcode ELSE '' END, CASE p.kind WHEN 'post' THEN s.country ELSE '' END,
           '{{}}', 'unverified', 'creditor', %(now)s
    FROM accounts_stagedrow AS s
    CROSS JOIN LATERAL (VALUES
        ('phone', s.phone, s.phone_line), ('phone', s.phone_2, s.phone_2_line), ('email', s.email, 'unknown'),
        ('post', CASE WHEN s.address = '' THEN '' ELSE concat_ws(
            ', ', s.address, nullif(s.city, ''), nullif(trim(s.region || ' ' || s.postcode), '')) END, 'unknown')
    ) AS p (kind, value, line)
    WHERE {BATCH} AND p.value <> ''
"""
DUE_ITEMS = f"""
    INSERT INTO accounts_dueitem (account_id, due_on, amount)
    SELECT s.account_number, d.due_on, d.amount
    FROM accounts_stagedrow AS s CROSS JOIN LATERAL unnest(s.due_on, s.due_amounts) AS d (due_on, amount)
    WHERE {BATCH}
"""
LEDGER = f"""
    INSERT INTO accounts_ledgerentry
        (account_id, currency, kind, amount, principal, interest, fees, costs, meets_due, effective_on, recorded_at,
         source, source_key, reverses_id, actor_id)
    SELECT s.account_number, %(currency)s, 'opening', {OWED}, s.principal, s.interest, s.fees, s.costs, false,
           %(as_of)s, %(now)s, 'placement', %(digest)s || ':' || %(portfolio)s || ':' || s.number, NULL, %(actor)s
    {ROWS}
"""
HOLDS = f"""
    INSERT INTO accounts_hold
        (kind, scope, person_id, account_id, contact_point_id, channel, amount, permits, state, from_on, review_on,
         self_ending, placed_by_id, placed_at, reason, placed_for_type, placed_for_id, released_at, release_reason,
         displaced_step)
    SELECT 'limitation', 'account', s.party_number, s.account_number, NULL, '', NULL, %(permits)s, 'active', %(on)s,
           %(review_on)s, false, %(actor)s, %(now)s, 'period_passed', 'placement', s.placement_id, NULL, '',
           CASE WHEN {REACHABLE} THEN jsonb_build_object(s.account_number::text, jsonb_build_object(
               'kind', 'act', 'on', %(on)s::date, 'at', NULL, 'owner', NULL, 'team', %(team)s)) END
    {ROWS} AND {OUT_OF_TIME}
"""
REVIEWS = f"""
    UPDATE accounts_account AS a SET next_subject_type = 'hold', next_subject_id = h.id
    FROM accounts_hold AS h, accounts_stagedrow AS s
    WHERE {BATCH} AND a.id = s.account_number AND a.next_kind = 'review_hold' AND h.account_id = a.id
"""
FOLLOW_UPS = f"""
    INSERT INTO accounts_followup
        (account_id, kind, "on", at, owner_id, team_id, subject_type, subject_id, reason, set_by_id, set_at, ended_at)
    SELECT s.account_number, {NEXT_KIND}, {NEXT_ON}, NULL, NULL, %(team)s, '', NULL, 'placed', %(actor)s, %(now)s, NULL
    {ROWS}
"""
ORIGINS = f"""
    INSERT INTO accounts_origin
        (account_id, creditor, status, originated_on, lent, last_paid_on, due_basis, city, region, postcode, country,
         warnings)
    SELECT s.account_number, s.creditor, s.status, s.originated_on, s.lent, s.last_paid_on, s.due_basis, s.city,
           s.region, s.postcode, s.country,
           ARRAY(SELECT s.warnings[place][1] FROM generate_subscripts(s.warnings, 1) AS place)
    {ROWS}
"""
EVENTS = f"""
    INSERT INTO accounts_event (at, kind, actor_id, account_id, subject_type, subject_id, reason, codes)
    SELECT %(now)s, 'account.placed', %(actor)s, s.account_number, 'account', s.account_number, '',
           jsonb_build_object('placement', s.placement_id, 'row', s.number, 'amount', ({OWED})::text)
    {ROWS}
"""
TERMS = f"""
    INSERT INTO accounts_advanceterms
        (account_id, version, currency, purchase_price, factor_rate, purchased_amount, share, rhythm, remittance,
         from_on, reason, set_by_id, set_at, txid)
    SELECT s.account_number, 1, %(currency)s, s.purchase_price, round(s.purchased_amount / s.purchase_price, 4),
           s.purchased_amount, s.share, s.rhythm, s.remittance, (%(daily)s::date[])[1], 'placed', %(actor)s, %(now)s, 0
    {ROWS} AND s.remittance IS NOT NULL AND %(is_advance)s
"""
# What isn't overdue yet is expected from the next open day on, as accounts/services/advances.py lays it out.
REMITTANCES = f"""
    INSERT INTO accounts_dueitem (account_id, due_on, amount, terms_id)
    SELECT s.account_number, d.day, least(s.remittance, coming.amount - s.remittance * (d.place - 1)), t.id
    FROM accounts_stagedrow AS s
    JOIN accounts_advanceterms AS t ON t.account_id = s.account_number AND t.version = 1
    CROSS JOIN LATERAL (
        SELECT s.principal - coalesce((SELECT sum(amount) FROM unnest(s.due_amounts) AS amount), 0) AS amount
    ) AS coming
    CROSS JOIN LATERAL unnest(CASE s.rhythm WHEN 'daily' THEN %(daily)s::date[] ELSE %(weekly)s::date[] END)
        WITH ORDINALITY AS d (day, place)
    WHERE {BATCH} AND s.remittance > 0 AND s.remittance * (d.place - 1) < coming.amount
"""
# Interest runs from the day on which the account is with us: until then it is what the file says.
INTEREST = f"""
    INSERT INTO accounts_interestterms (account_id, yearly_rate, from_on, reason, set_by_id, set_at, carry)
    SELECT s.account_number, s.yearly_rate, %(on)s, 'placed', %(actor)s, %(now)s, 0
    {ROWS} AND s.yearly_rate IS NOT NULL AND NOT %(is_advance)s
"""
MAKE_ACCOUNTS = (PARTIES, ACCOUNTS)
COMPLETE_ACCOUNTS = (
    ROLES,
    CONTACT_POINTS,
    DUE_ITEMS,
    TERMS,
    REMITTANCES,
    INTEREST,
    LEDGER,
    HOLDS,
    REVIEWS,
    FOLLOW_UPS,
    ORIGINS,
    EVENTS,
)
