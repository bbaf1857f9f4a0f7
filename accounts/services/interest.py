# ruff: noqa: S608 - every statement is put together from the constants of this file
"""Interest by the day: what is added when a day is closed, when it stands still, and taking back what leaked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.foundation.days import ONE_DAY
from accounts.foundation.domain_events import AccountsChanged, HoldPlaced, publish
from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import Role, User
from accounts.models import (
    DAYS_OF_YEAR,
    FREEZES_INTEREST,
    OPEN_STATES,
    OWES,
    Account,
    Hold,
    HoldScope,
    InterestReason,
    InterestTerms,
    Portfolio,
)
from accounts.services.accounts import today_of
from accounts.services.door import lock_account_with_people
from accounts.services.notes import write_note

SOURCE, LEAK = "accrual", "frozen"
WHO_LOWERS = frozenset({Role.FINANCE, Role.COMPLIANCE, Role.MANAGER})
register_sentences(
    {
        "interest_none": _("This account bears no interest."),
        "interest_only_lower": _("The rate can only be lowered: it is {rate} now. A higher one comes with the loan."),
        "interest_reason_needed": _("Say why, for whoever reads it later."),
        "interest_not_your_role": _("Finance, compliance and managers lower interest."),
    }
)

# Which days of which accounts stand still because of a hold: from its first day to the day on which it ended, whole.
FROZEN = """
    SELECT a.id AS account_id, h.from_on, (h.released_at AT TIME ZONE f.zone)::date AS until_on, h.placed_at
    FROM accounts_hold AS h JOIN accounts_account AS a ON a.id = h.account_id
    JOIN accounts_portfolio AS f ON f.id = a.portfolio_id
    WHERE h.kind = ANY(%(freezing)s) AND h.scope = 'account' AND a.id = ANY(%(ids)s)
    UNION ALL
    SELECT a.id, h.from_on, (h.released_at AT TIME ZONE f.zone)::date, h.placed_at
    FROM accounts_hold AS h JOIN accounts_party AS p ON p.person_id = h.person_id
    JOIN accounts_accountparty AS r ON r.party_id = p.id AND r.role = ANY(%(owes)s)
    JOIN accounts_account AS a ON a.id = r.account_id
    JOIN accounts_portfolio AS f ON f.id = a.portfolio_id
    WHERE h.kind = ANY(%(freezing)s) AND h.scope = 'person' AND a.id = ANY(%(ids)s)
"""

# What a day adds is the principal as it stood at its end, as far as it was known when the day was closed: a day closed
# late adds the same as one closed in time.
ACCRUE = f"""
    WITH frozen AS MATERIALIZED ({FROZEN}), due AS (
        SELECT t.id, t.account_id, t.carry, t.yearly_rate, a.currency,
               a.state = ANY(%(open)s) AND a.charged_off_on IS NULL AND NOT (a.id = ANY(%(agreed)s)) AND NOT EXISTS (
                   SELECT 1 FROM frozen AS z WHERE z.account_id = a.id AND z.from_on <= %(on)s
                   AND coalesce(z.until_on, 'infinity') >= %(on)s AND z.placed_at <= %(at)s
               ) AS bears
        FROM accounts_interestterms AS t JOIN accounts_account AS a ON a.id = t.account_id
        WHERE t.account_id = ANY(%(ids)s) AND t.from_on <= %(on)s AND coalesce(t.until_on, 'infinity') >= %(on)s
          AND coalesce(t.through_on, '-infinity') < %(on)s
    ), added AS (
        SELECT d.id, d.account_id, d.currency, d.carry + CASE WHEN d.bears THEN (
            SELECT greatest(0, coalesce(sum(l.principal), 0)) FROM accounts_ledgerentry AS l
            WHERE l.account_id = d.account_id AND l.effective_on <= %(on)s AND l.recorded_at <= %(at)s
        ) * d.yearly_rate / %(year)s ELSE 0 END AS exact, d.bears
        FROM due AS d
    ), carried AS (
        UPDATE accounts_interestterms AS t SET through_on = %(on)s, carry = n.exact - round(n.exact, 2)
        FROM added AS n WHERE n.id = t.id
    )
    INSERT INTO accounts_ledgerentry
        (account_id, currency, kind, amount, principal, interest, fees, costs, meets_due, effective_on, recorded_at,
         source, source_key, reverses_id, actor_id)
    SELECT account_id, currency, 'interest', round(exact, 2), 0, round(exact, 2), 0, 0, false, %(on)s, %(at)s,
           %(source)s, account_id || ':' || %(on)s::date, NULL, NULL
    FROM added WHERE bears AND round(exact, 2) > 0
    RETURNING account_id
"""

# Interest, fees and costs that were charged for days that stood still, and not taken back yet. What the creditor's file
# opened with is not ours to judge.
LEAKED = f"""
    SELECT e.id FROM accounts_ledgerentry AS e
    WHERE e.account_id = ANY(%(ids)s) AND e.kind IN ('interest', 'fee', 'cost') AND e.amount > 0
      AND e.reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM accounts_ledgerentry AS r WHERE r.reverses_id = e.id)
      AND EXISTS (
          SELECT 1 FROM ({FROZEN}) AS z WHERE z.account_id = e.account_id AND z.from_on <= e.effective_on
          AND coalesce(z.until_on, 'infinity') >= e.effective_on)
"""
TAKE_BACK = f"""
    INSERT INTO accounts_ledgerentry
        (account_id, currency, kind, amount, principal, interest, fees, costs, meets_due, effective_on, recorded_at,
         source, source_key, reverses_id, actor_id)
    SELECT e.account_id, e.currency, 'correction', -e.amount, -e.principal, -e.interest, -e.fees, -e.costs,
           e.meets_due, e.effective_on, %(at)s, %(source)s, e.id::text, e.id, %(actor)s
    FROM accounts_ledgerentry AS e WHERE e.id IN ({LEAKED}) ORDER BY e.id
    RETURNING account_id, amount
"""


def bearing_accounts(portfolio: Portfolio, *, on: date, after: int, most: int) -> list[int]:
    """Accounts of the portfolio whose terms have not been carried through this civil day, in the order of their ids."""
    terms = InterestTerms.objects.filter(account__portfolio=portfolio, from_on__lte=on, account_id__gt=after)
    waiting = terms.exclude(until_on__lt=on).exclude(through_on__gte=on).order_by("account_id")
    return list(waiting.values_list("account_id", flat=True).distinct()[:most])


@retrying
def accrue_day(*, account_ids: Iterable[int], on: date, agreed: Iterable[int], at: datetime) -> list[int]:
    """Add a civil day's interest to these accounts, and answer those that something was added to.

    `agreed` bear none because of what was agreed on them; nor do accounts that are closed or charged off, or that a
    hold freezes (the kinds of `FREEZES_INTEREST`). One entry an account and day, whatever happens: a second run of the
    day adds nothing. `at` is the instant that the day counts as closed at.
    """
    ids = Account.objects.lock_ids(account_ids)
    with connection.cursor() as cursor:
        cursor.execute(ACCRUE, _given(ids) | {
            "on": on, "at": at, "agreed": list(agreed), "open": [str(state) for state in OPEN_STATES],
            "source": SOURCE, "year": DAYS_OF_YEAR,
        })  # fmt: skip
        changed = sorted(row[0] for row in cursor.fetchall())
    publish(AccountsChanged(ids=frozenset(changed), at=at))
    return changed


def take_back_leaks(account_ids: Iterable[int], *, actor: User | None, at: datetime) -> Counter[int]:
    """Reverse what was charged for days that a hold froze, once; answer how many entries by account.

    In a moratorium nothing may be added, and what was can never be collected (Debt Respite Scheme Regulations 2020,
    reg 7), also when the hold turns out wrong. The caller holds the accounts.
    """
    ids = list(account_ids)
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK, _given(ids) | {"at": at, "source": LEAK, "actor": getattr(actor, "pk", None)})
        rows = cursor.fetchall()
    taken = Counter(account_id for account_id, _amount in rows)
    for account in Account.objects.filter(pk__any=list(taken)).order_by("pk"):
        amount = -sum((amount for account_id, amount in rows if account_id == account.pk), Decimal(0))
        codes = {"amount": str(amount), "entries": taken[account.pk]}
        record("account.frozen_interest_taken_back", subject=account, actor=actor, at=at, codes=codes)
    publish(AccountsChanged(ids=frozenset(taken), at=at, actor_id=getattr(actor, "pk", None)))
    return taken


def freeze_held(event: HoldPlaced) -> None:
    """A hold that freezes interest came, perhaps later than its first day: what was charged since is taken back."""
    holds = Hold.objects.filter(pk__any=event.ids, kind__in=FREEZES_INTEREST)
    actor = User.objects.filter(pk=event.actor_id).first() if event.actor_id else None
    for hold in holds.order_by("pk"):
        ids = Account.objects.lock_ids(_touched(hold))
        take_back_leaks(ids, actor=actor, at=event.at)


def _touched(hold: Hold) -> list[int]:
    if hold.scope == HoldScope.ACCOUNT:
        return [hold.account_id] if hold.account_id else []
    owed = Account.objects.filter(account_parties__party__person_id=hold.person_id, account_parties__role__in=OWES)
    return list(owed.values_list("pk", flat=True).distinct())


def _given(ids: list[int]) -> dict:
    return {
        "ids": ids,
        "owes": [str(role) for role in OWES],
        "freezing": [str(kind) for kind in FREEZES_INTEREST],
    }


@retrying
def lower_interest(
    *, account_id: int, yearly_rate: Decimal, why: str, actor: User, now: datetime
) -> InterestTerms | None:
    """From today on a lower rate (a share of one), or none at all (0). Refuses another role, an account that bears
    none, a rate that isn't lower, and no reason. The reason is kept as a note."""
    if actor.role not in WHO_LOWERS:
        raise Refused("interest_not_your_role")
    account = lock_account_with_people(account_id)
    today = today_of(account, now)
    present = InterestTerms.objects.filter(account=account, until_on__isnull=True).first()
    if present is None:
        raise Refused("interest_none")
    if not 0 <= yearly_rate < present.yearly_rate:
        raise Refused("interest_only_lower", rate=present.percentage)
    if not why.strip():
        raise Refused("interest_reason_needed")
    note = write_note(account_id=account.pk, text=why, actor=actor, now=now)
    present.until_on = max(today, present.from_on) - ONE_DAY
    present.save(update_fields=["until_on"])
    codes = {"from": str(present.yearly_rate), "to": str(yearly_rate)}
    record("account.interest_lowered", subject=account, actor=actor, at=now, codes=codes)
    if not yearly_rate:
        return None
    return InterestTerms.objects.create(
        account=account,
        yearly_rate=yearly_rate,
        from_on=max(today, present.from_on + ONE_DAY),
        reason=InterestReason.LOWERED,
        note=note,
        set_by=actor,
        set_at=now,
        carry=present.carry,
    )
