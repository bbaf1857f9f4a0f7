"""Writing the planned book into the database, by the set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice

from django.db import transaction

from accounts.foundation import days
from accounts.foundation.domain_events import AccountsChanged, AccountsPlaced, publish
from accounts.models import (
    Account,
    AccountParty,
    AdvanceTerms,
    Consent,
    ContactPoint,
    DueItem,
    EntryKind,
    Event,
    FollowUp,
    InterestReason,
    InterestTerms,
    LedgerEntry,
    NextKind,
    Party,
    Portfolio,
    Team,
    TermsReason,
    User,
    calendar_of,
)
from accounts.models.contact_point import ContactPointStatus, LineType, Provenance
from accounts.remittance.schedule import remittances
from accounts.services.due import refresh_due_of_portfolio
from accounts.services.parties import search_form
from accounts.services.planner import tell_planner
from collections_crm.demo.plan import AccountPlan, PersonPlan

BATCH = 5_000


def write_book(
    plans: list[AccountPlan], *, portfolios: dict[str, Portfolio], team: Team, owners: list[User], now: datetime
) -> None:
    """Place every planned account that isn't in the book yet: parties, contact points, due items, opening ledger, next
    step. Half of the accounts belong to one of the owners, the rest to the team."""
    known = set(Account.objects.filter(reference__in=[p.reference for p in plans]).values_list("reference", flat=True))
    missing = [plan for plan in plans if plan.reference not in known]
    if not missing:
        return
    for batch in _batches(missing):
        with transaction.atomic():
            _write_batch(batch, portfolios, team, owners, now)
    tell_planner(added=len(missing))
    for portfolio in portfolios.values():
        with transaction.atomic():
            changed = refresh_due_of_portfolio(portfolio_id=portfolio.pk, on=days.civil_day(now, portfolio.zone))
            publish(AccountsChanged(ids=frozenset(changed), at=now))


def _batches(plans: list[AccountPlan]) -> Iterable[list[AccountPlan]]:
    left = iter(plans)
    while batch := list(islice(left, BATCH)):
        yield batch


def _write_batch(
    plans: list[AccountPlan], portfolios: dict[str, Portfolio], team: Team, owners: list[User], now: datetime
) -> None:
    holders = Party.objects.bulk_create([_party(plan.holder) for plan in plans])
    accounts = Account.objects.bulk_create(
        [_account(plan, portfolios, team, owners, number, now) for number, plan in enumerate(plans)]
    )
    AccountParty.objects.bulk_create(
        AccountParty(account=account, party=holder) for account, holder in zip(accounts, holders, strict=True)
    )
    _guarantors(plans, accounts, now)
    _reach(zip(plans, holders, strict=True), now)
    DueItem.objects.bulk_create(
        DueItem(account=account, due_on=day, amount=plan.instalment)
        for plan, account in zip(plans, accounts, strict=True)
        for day in plan.due_dates
    )
    _advances(plans, accounts, now)
    _interest(plans, accounts, now)
    LedgerEntry.objects.bulk_create(_opening(plan, account, now) for plan, account in zip(plans, accounts, strict=True))
    _remember(accounts, now)
    publish(AccountsPlaced(ids=frozenset(a.pk for a in accounts), at=now))


def _party(person: PersonPlan) -> Party:
    return Party(
        kind=person.kind,
        name=person.name,
        search_name=search_form(person.name),
        birth_date=person.birth_date,
        language=person.language,
    )


def _account(
    plan: AccountPlan, portfolios: dict[str, Portfolio], team: Team, owners: list[User], number: int, now: datetime
) -> Account:
    portfolio = portfolios[plan.portfolio.code]
    owner = owners[(number // 2) % len(owners)] if number % 2 == 0 and owners else None
    return Account(
        reference=plan.reference,
        external_reference=f"{plan.portfolio.code.upper()}-{plan.reference[2:]}",
        portfolio=portfolio,
        currency=portfolio.currency,
        owner=owner,
        opened_on=plan.opened_on,
        limitation_on=plan.due_dates[0] + timedelta(days=6 * 365),
        purchased_amount=plan.advance.purchased_amount if plan.advance else None,
        next_kind=NextKind.ACT if plan.reachable else NextKind.TRACE,
        next_on=days.civil_day(now, portfolio.zone),
        next_owner=owner,
        next_team=None if owner else team,
    )


def _advances(plans: list[AccountPlan], accounts: list[Account], now: datetime) -> None:
    """The terms of advances, and what they are expected to remit from the next open day on."""
    advances = [(plan.advance, plan, account) for plan, account in zip(plans, accounts, strict=True) if plan.advance]
    versions = AdvanceTerms.objects.bulk_create(
        AdvanceTerms(
            account=account,
            version=1,
            currency=account.currency,
            factor_rate=advance.factor_rate,
            from_on=_first_coming(plan, account, now),
            reason=TermsReason.PLACED,
            set_at=now,
            **asdict(advance),
        )
        for advance, plan, account in advances
    )
    DueItem.objects.bulk_create(
        DueItem(account=account, due_on=day, amount=amount, terms=terms)
        for (_advance, plan, account), terms in zip(advances, versions, strict=True)
        for day, amount in remittances(
            plan.principal - plan.instalment * len(plan.due_dates),
            terms.remittance,
            terms.from_on,
            terms.rhythm,
            calendar_of(account),
        )
    )


# What a year costs, by portfolio; each third loan of these goes on bearing it.
RATES = {"uk-loans": Decimal("0.199"), "mx-loans": Decimal("0.42"), "au-loans": Decimal("0.149")}


def _interest(plans: list[AccountPlan], accounts: list[Account], now: datetime) -> None:
    InterestTerms.objects.bulk_create(
        InterestTerms(
            account=account,
            yearly_rate=RATES[plan.portfolio.code],
            from_on=days.civil_day(now, account.portfolio.zone),
            reason=InterestReason.PLACED,
            set_at=now,
        )
        for number, (plan, account) in enumerate(zip(plans, accounts, strict=True))
        if number % 3 == 0 and plan.portfolio.code in RATES
    )


def _first_coming(plan: AccountPlan, account: Account, now: datetime) -> date:
    """An open day after today, and a remittance after the last one that is due already."""
    step = 7 if plan.advance and plan.advance.rhythm == "weekly" else 1
    today = days.civil_day(now, account.portfolio.zone)
    return calendar_of(account).open_from(max(plan.due_dates[-1] + timedelta(days=step), today + timedelta(days=1)))


def _guarantors(plans: list[AccountPlan], accounts: list[Account], now: datetime) -> None:
    backed = [(plan, account) for plan, account in zip(plans, accounts, strict=True) if plan.guarantor]
    parties = Party.objects.bulk_create([_party(plan.guarantor) for plan, _account in backed])
    AccountParty.objects.bulk_create(
        AccountParty(account=account, party=party, role="guarantor")
        for (_plan, account), party in zip(backed, parties, strict=True)
    )
    points = [
        point
        for (plan, _account), party in zip(backed, parties, strict=True)
        for point in _points(plan.guarantor, plan.portfolio.jurisdiction, party, now)
    ]
    ContactPoint.objects.bulk_create(points)


def _reach(plans_and_holders: Iterable[tuple[AccountPlan, Party]], now: datetime) -> None:
    points = ContactPoint.objects.bulk_create(
        point
        for plan, holder in plans_and_holders
        if plan.reachable
        for point in _points(plan.holder, plan.portfolio.jurisdiction, holder, now)
    )
    Consent.objects.bulk_create(
        Consent(contact_point=point, channel=channel, basis="creditor", given_at=now - timedelta(days=30))
        for point in points
        for channel in {"phone": ["text"], "email": ["email"]}.get(point.kind, [])
        if point.pk % 5
    )


def _points(person: PersonPlan, jurisdiction: str, party: Party, now: datetime) -> list[ContactPoint]:
    country = {"UK": "GB"}.get(jurisdiction, jurisdiction)
    common = {"party": party, "provenance": Provenance.CREDITOR, "added_at": now, "country": country}
    code = person.city.postcodes[len(person.name) % len(person.city.postcodes)]
    status = ContactPointStatus.UNVERIFIED
    return [
        ContactPoint(kind="phone", value=person.phone, line_type=LineType.GEOGRAPHIC, status=status, **common),
        ContactPoint(kind="email", value=person.email, status=status, **common),
        ContactPoint(
            kind="post",
            value=f"{person.street}, {person.city.name} {code}",
            city=person.city.name,
            region=person.city.region,
            postcode=code,
            status=status,
            **common,
        ),
    ]


def _opening(plan: AccountPlan, account: Account, now: datetime) -> LedgerEntry:
    return LedgerEntry(
        account=account,
        currency=account.currency,
        kind=EntryKind.OPENING,
        amount=plan.principal + plan.interest + plan.fees,
        principal=plan.principal,
        interest=plan.interest,
        fees=plan.fees,
        effective_on=plan.opened_on,
        recorded_at=now,
        source="demo",
        source_key=plan.reference,
    )


def _remember(accounts: list[Account], now: datetime) -> None:
    Event.objects.bulk_create(
        Event.about(
            "account.placed", actor=None, at=now, account_id=account.pk, subject_type="account", subject_id=account.pk
        )
        for account in accounts
    )
    FollowUp.objects.bulk_create(
        FollowUp(
            account=account,
            kind=account.next_kind,
            on=account.next_on,
            owner=account.next_owner,
            team=account.next_team,
            reason="placed",
            set_at=now,
        )
        for account in accounts
    )
