"""The four queries behind every decision: accounts (with the policy in force), people, holds, earlier contacts.

They are written out in SQL: every contact and every account page asks them, and composing them each time costs more
than asking.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from operator import itemgetter
from typing import Any

from django.db import connection

from accounts.foundation.prepared_statements import ask
from accounts.models import IN_FORCE, MORATORIA, OWES
from communications.policy.pack import PackSet
from communications.selectors.live_policy import packs_of_keys

# Whoever writes asks for an answer, unless all they wrote was to be left alone; whoever calls was answered by the call,
# unless they wanted to be called back.
# No rule looks further back, except for how often somebody else was asked where the person is.
LOOK_BACK = timedelta(days=92)

ACCOUNTS = """
    SELECT a.id, a.limitation_on, a.state, a.opened_on, a.default_declared_on,
        CASE WHEN a.next_kind = 'callback' THEN a.next_at END AS callback_at,
        p.jurisdiction, p.capacity, p.regulated, product.kind AS product,
        CASE WHEN p.jurisdiction = 'US' AND product.kind = 'mca' THEN (
            SELECT sum(coalesce(other.purchased_amount, other.balance))
            FROM accounts_accountparty mine
            JOIN accounts_accountparty theirs ON theirs.party_id = mine.party_id AND theirs.role = 'primary'
            JOIN accounts_account other ON other.id = theirs.account_id
            WHERE mine.account_id = a.id AND mine.role = 'primary' AND other.portfolio_id = a.portfolio_id
        ) END AS owed_in_all,
        ARRAY(
            SELECT json_build_object(
                'party', ap.party_id, 'person', party.person_id, 'role', ap.role, 'kind', party.kind
            )
            FROM accounts_accountparty ap JOIN accounts_party party ON party.id = ap.party_id
            WHERE ap.account_id = a.id ORDER BY ap.id
        ) AS parts,
        ARRAY(
            SELECT json_build_object('kind', n.kind, 'on', n.sent_on)
            FROM communications_firstnotice n WHERE n.account_id = a.id ORDER BY n.id
        ) AS notices,
        (
            SELECT min(c.local_on) FROM communications_accountcontact ac
            JOIN communications_contact c ON c.id = ac.contact_id
            WHERE ac.account_id = a.id AND c.state IN ('connected', 'handed_over')
        ) AS first_contact_on,
        ARRAY(
            SELECT json_build_object(
                'id', stop.id, 'channel', stop.channel, 'cause', stop.cause, 'since', stop.stopped_at
            )
            FROM communications_contactstop stop
            WHERE stop.released_at IS NULL AND stop.jurisdiction IN ('', p.jurisdiction)
                AND (stop.portfolio_id IS NULL OR stop.portfolio_id = a.portfolio_id)
            ORDER BY stop.id
        ) AS stops,
        (
            SELECT json_agg(json_build_object('id', v.id, 'digest', v.digest))::text FROM communications_policyversion v
            WHERE v.state IN ('published', 'retired') AND v.effective_from <= %(now)s
                AND (v.effective_to IS NULL OR v.effective_to > %(now)s)
        ) AS versions
    FROM accounts_account a
    JOIN accounts_portfolio p ON p.id = a.portfolio_id
    JOIN accounts_product product ON product.id = p.product_id
    WHERE a.id = ANY(%(accounts)s)
"""
PEOPLE = """
    SELECT party.id, party.person_id, party.kind, party.language, party.birth_date, party.stated_zone,
        ARRAY(
            SELECT json_build_object(
                'id', point.id, 'kind', point.kind, 'value', point.value, 'line_type', point.line_type,
                'work', point.is_work, 'status', point.status, 'city', point.city, 'region', point.region,
                'postcode', point.postcode, 'country', point.country, 'zones', point.zones,
                'consents', ARRAY(
                    SELECT json_build_object(
                        'channel', c.channel, 'account_id', c.account_id, 'basis', c.basis,
                        'opted_out', c.opted_out, 'given_at', c.given_at, 'expires_at', c.expires_at,
                        'revoked_at', c.revoked_at
                    )
                    FROM accounts_consent c WHERE c.contact_point_id = point.id ORDER BY c.id
                )
            )
            FROM accounts_contactpoint point WHERE point.party_id = party.id ORDER BY point.id
        ) AS points,
        ARRAY(
            SELECT json_build_object(
                'id', w.id, 'channel', w.channel, 'point_id', w.contact_point_id, 'hours', w.hours, 'media', w.media,
                'not_at_work', w.not_at_work, 'from_on', w.from_on, 'until_on', w.until_on
            )
            FROM accounts_contactpreference w
            WHERE w.party_id = party.id AND NOT w.withdrawn
                AND NOT EXISTS (SELECT 1 FROM accounts_contactpreference later WHERE later.replaces_id = w.id)
            ORDER BY w.id
        ) AS preferences,
        (
            SELECT json_build_object('employer', k.employer, 'hours', k.hours)
            FROM accounts_workplace k WHERE k.party_id = party.id ORDER BY k.id DESC LIMIT 1
        ) AS workplace
    FROM accounts_party party
    WHERE party.person_id IN (SELECT person_id FROM accounts_party WHERE id = ANY(%(parties)s))
    ORDER BY party.id
"""
HOLDS = """
    SELECT id, kind, scope, person_id, account_id, contact_point_id, channel, permits, from_on, review_on, self_ending
    FROM accounts_hold
    WHERE (person_id = ANY(%(persons)s) OR account_id = ANY(%(accounts)s)
            OR (person_id = ANY(%(others)s) AND scope = 'person' AND kind = ANY(%(shared)s)))
        AND state = ANY(%(in_force)s)
    ORDER BY id
"""
HISTORY = """
    SELECT c.id, c.person_id, c.channel, c.direction, c.purpose, c.state, c.local_on, c.started_at, c.contact_point_id,
        c.counts_attempt, c.counts_conversation, c.misdirected, c.under_consent, o.reached,
        coalesce(point.is_work, false) AS at_work,
        c.direction = 'in' AND (coalesce(o.next_kind, '') = 'callback' OR c.channel <> 'call' AND NOT EXISTS (
            SELECT 1 FROM accounts_consent stop
            WHERE stop.contact_point_id = c.contact_point_id AND stop.opted_out AND stop.given_at = c.started_at
        )) AS asks,
        ARRAY(
            SELECT ac.account_id FROM communications_accountcontact ac WHERE ac.contact_id = c.id ORDER BY ac.account_id
        ) AS account_ids
    FROM communications_contact c LEFT JOIN communications_outcome o ON o.id = c.outcome_id
        LEFT JOIN accounts_contactpoint point ON point.id = c.contact_point_id
    WHERE c.person_id = ANY(%(persons)s) AND (c.local_on >= %(since)s OR c.purpose = 'trace')
        AND c.state <> 'not_attempted'
    ORDER BY c.id
"""


@dataclass(frozen=True)
class Ground:
    """Rows about a set of accounts and people, by id, and the packs that rule."""

    accounts: dict[int, dict[str, Any]]
    people: dict[int, dict[str, Any]]
    holds: list[dict[str, Any]]
    history: list[dict[str, Any]]
    packs: PackSet

    def person_of(self, party_id: int) -> int:
        return self.people[party_id]["person_id"]

    def parties_of(self, person_id: int) -> list[dict[str, Any]]:
        return self._by_person[person_id]

    def history_of(self, person_id: int, account_ids: Iterable[int]) -> list[dict[str, Any]]:
        """Earlier contacts with the person, and with whoever else is on the accounts, oldest first."""
        persons = {part["person"] for pk in account_ids for part in self.accounts[pk]["parts"]} | {person_id}
        return sorted((row for person in persons for row in self._contacts[person]), key=_id)

    def holds_on(self, person_id: int, account_ids: Iterable[int]) -> list[dict[str, Any]]:
        """A hold on an account binds whoever is contacted about it; any other binds the person it is on, but for the
        moratorium of somebody who owes on the accounts as well (`joint_accounts`)."""
        on_accounts = [row for pk in account_ids for row in self._account_holds[pk]]
        joint = self._held_with(person_id, account_ids)
        of_others = [
            {**row, "joint_accounts": accounts}
            for other, accounts in joint.items()
            for row in self._person_holds[other]
            if row["scope"] == "person" and row["kind"] in MORATORIA
        ]
        return sorted([*self._person_holds[person_id], *on_accounts, *of_others], key=_id)

    def _held_with(self, person_id: int, account_ids: Iterable[int]) -> dict[int, list[int]]:
        """The accounts on which each other person owes."""
        joint: dict[int, list[int]] = defaultdict(list)
        for pk in account_ids:
            for part in self.accounts[pk]["parts"]:
                if part["person"] != person_id and part["role"] in OWES:
                    joint[part["person"]].append(pk)
        return joint

    @cached_property
    def _by_person(self) -> Groups:
        return _grouped(self.people.values(), "person_id")

    @cached_property
    def _contacts(self) -> Groups:
        return _grouped(self.history, "person_id")

    @cached_property
    def _account_holds(self) -> Groups:
        return _grouped([row for row in self.holds if row["scope"] in OF_ACCOUNTS], "account_id")

    @cached_property
    def _person_holds(self) -> Groups:
        return _grouped([row for row in self.holds if row["scope"] not in OF_ACCOUNTS], "person_id")


Groups = dict[int, list[dict[str, Any]]]
OF_ACCOUNTS = ("account", "amount")
_id = itemgetter("id")


def _grouped(rows: Iterable[dict[str, Any]], by: str) -> Groups:
    groups: Groups = defaultdict(list)
    for row in rows:
        groups[row[by]].append(row)
    return groups


def load_ground(account_ids: Iterable[int], party_ids: Iterable[int], now: datetime) -> Ground:
    """Read all of it, in four queries however many accounts and people there are."""
    accounts = {row["id"]: row for row in _rows(ACCOUNTS, accounts=sorted(set(account_ids)), now=now)}
    people = {row["id"]: row for row in _rows(PEOPLE, parties=sorted(set(party_ids)))}
    persons = {row["person_id"] for row in people.values()}
    on_accounts = {part["person"] for row in accounts.values() for part in row["parts"]}
    return Ground(
        accounts=accounts,
        people=people,
        holds=_rows(
            HOLDS,
            persons=sorted(persons),
            accounts=sorted(accounts),
            others=sorted(on_accounts - persons),
            shared=[str(kind) for kind in MORATORIA],
            in_force=[str(state) for state in IN_FORCE],
        ),
        history=_rows(HISTORY, persons=sorted(persons | on_accounts), since=(now - LOOK_BACK).date()),
        packs=packs_of_keys(_versions(accounts)),
    )


def _versions(accounts: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """The policy in force, which every row repeats as text: only one of them is read."""
    told = next((row["versions"] for row in accounts.values()), None)
    return json.loads(told) if told else []


def _rows(statement: str, **given: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        ask(cursor, statement, given)
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
