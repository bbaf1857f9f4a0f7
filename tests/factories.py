"""The ordinary case of each thing; a test names only what differs. Everything is made through the services."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from accounts.foundation.locks import retrying
from accounts.foundation.money import Currency
from accounts.models import (
    Account,
    AccountParty,
    AuthorityLimit,
    EntryKind,
    NextKind,
    Party,
    PartyRole,
    Payment,
    Portfolio,
    Product,
    Provenance,
    Team,
    User,
)
from accounts.services.contact_points import add_contact_point
from accounts.services.due import refresh_due
from accounts.services.ledger import post_entry
from accounts.services.next_step import set_next
from accounts.services.parties import search_form
from accounts.services.payments import record_payment

numbers = count(1)

# A Wednesday, 15:00 in London, 09:00 in Mexico City, 10:00 in New York; nobody's holiday.
NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
TODAY = date(2026, 11, 18)

PLACES = {
    "UK": {"currency": "GBP", "zone": "Europe/London", "city": "London", "region": "", "postcode": "N1 9GU"},
    "US": {"currency": "USD", "zone": "America/New_York", "city": "New York", "region": "NY", "postcode": "10001"},
    "MX": {"currency": "MXN", "zone": "America/Monterrey", "city": "Monterrey", "region": "NLE", "postcode": "64000"},
    "AU": {"currency": "AUD", "zone": "Australia/Sydney", "city": "Sydney", "region": "NSW", "postcode": "2000"},
}
PHONES = {"UK": "020 7946 0{:03}", "US": "(212) 555-01{:02}", "MX": "81 8345 {:04}", "AU": "(02) 5550 {:04}"}


def make_team(*portfolios: Portfolio, name: str | None = None) -> Team:
    team, _made = Team.objects.get_or_create(name=name or "Recoveries")
    team.portfolios.add(*portfolios)
    return team


def make_user(role: str = "agent", team: Team | None = None, **fields: Any) -> User:
    username = fields.pop("username", f"{role}{next(numbers)}")
    user = User(username=username, role=role, team=team, is_staff=role in ("admin", "compliance"), **fields)
    user.set_unusable_password()
    user.save()
    return user


def make_product(kind: str = "loan") -> Product:
    names = {"loan": ("Loan", "Préstamo"), "payday": ("Payday loan", "Préstamo de nómina")}
    name_en, name_es = names.get(kind, ("Merchant cash advance", "Adelanto de efectivo a comercios"))
    fields = {"kind": kind, "name_en": name_en, "name_es": name_es, "bucket_bounds": [1, 31, 61, 91]}
    return Product.objects.get_or_create(code=kind, defaults=fields)[0]


def make_portfolio(jurisdiction: str = "UK", product: str = "loan", **fields: Any) -> Portfolio:
    place = PLACES[jurisdiction]
    code = fields.pop("code", f"{jurisdiction.lower()}-{product}")
    defaults = {
        "name": f"{jurisdiction} {product}",
        "creditor": "Harbour Lending",
        "product": make_product(product),
        "currency": place["currency"],
        "jurisdiction": jurisdiction,
        "capacity": "servicer",
        "zone": place["zone"],
        "closed_through": TODAY - timedelta(days=1),
        "cash_posted_through": TODAY - timedelta(days=1),
    } | fields
    portfolio, made = Portfolio.objects.get_or_create(code=code, defaults=defaults)
    if made:
        make_team(portfolio)
    elif fields:
        Portfolio.objects.filter(pk=portfolio.pk).update(**fields)
        portfolio.refresh_from_db()
    return portfolio


def make_limit(role: str = "agent", **fields: Any) -> AuthorityLimit:
    """The same figures in every currency; answers the row of pounds."""
    everywhere = {"role": role, "portfolio": None, "product": None, "jurisdiction": ""}
    rows = [
        AuthorityLimit.objects.update_or_create(**everywhere, currency=currency, defaults=fields)[0]
        for currency in Currency.values
    ]
    return rows[Currency.values.index("GBP")]


def make_party(name: str = "Juana Ramírez Ortega", **fields: Any) -> Party:
    fields = {"birth_date": date(1985, 4, 12), "language": "en"} | fields
    return Party.objects.create(name=name, search_name=search_form(name), **fields)


def phone_of(jurisdiction: str) -> str:
    pattern = PHONES[jurisdiction]
    width = 1000 if ":03" in pattern else 100 if ":02" in pattern else 10000
    return pattern.format(next(numbers) % width)


@retrying
def place_account(
    owed: str = "1200.00",
    due: str = "400.00",
    days_late: int = 34,
    *,
    jurisdiction: str = "UK",
    portfolio: Portfolio | None = None,
    party: Party | None = None,
    owner: User | None = None,
    phone: str | None = "",
    email: str | None = None,
    address: bool = True,
    now: datetime = NOW,
    **fields: Any,
) -> Account:
    """An open account with one overdue due item, one phone, one address. `phone=None` leaves nobody to reach."""
    portfolio = portfolio or make_portfolio(jurisdiction)
    jurisdiction = portfolio.jurisdiction
    team = portfolio.teams.order_by("pk").first() or make_team(portfolio)
    party = party or make_party()
    today = now.date()
    account = Account.objects.create(
        reference=fields.pop("reference", f"A-{10000 + next(numbers)}"),
        portfolio=portfolio,
        currency=portfolio.currency,
        owner=owner,
        opened_on=today - timedelta(days=days_late + 5),
        next_kind=NextKind.ACT,
        next_on=today,
        next_owner=owner,
        next_team=None if owner else team,
        **fields,
    )
    AccountParty.objects.create(account=account, party=party, role=PartyRole.PRIMARY)
    if Decimal(due):
        account.due_items.create(due_on=today - timedelta(days=days_late), amount=Decimal(due))
    post_entry(
        account=account,
        kind=EntryKind.OPENING,
        principal=Decimal(owed),
        effective_on=account.opened_on,
        source="opening",
        source_key=account.reference,
        actor=None,
        now=now,
    )
    refresh_due(account_ids=[account.pk], on=today)
    reach(account, party, jurisdiction, phone, email, address, now)
    return Account.objects.get(pk=account.pk)


def reach(
    account: Account,
    party: Party,
    jurisdiction: str,
    phone: str | None,
    email: str | None,
    address: bool,
    now: datetime,
) -> None:
    given = {"party_id": party.pk, "provenance": Provenance.CREDITOR, "actor": None, "now": now}
    place = PLACES[jurisdiction]
    if phone is not None:
        country = account.portfolio.country
        add_contact_point(kind="phone", value=phone or phone_of(jurisdiction), country=country, **given)
    if email:
        add_contact_point(kind="email", value=email, **given)
    if address:
        parts = {"city": place["city"], "region": place["region"], "postcode": place["postcode"]}
        value = f"1 High Street, {place['city']} {place['postcode']}"
        add_contact_point(kind="post", value=value, country=account.portfolio.country, **parts, **given)
    if phone is None and not email and not address:
        set_next(account=account, kind=NextKind.TRACE, on=now.date(), reason="placed", actor=None, now=now)


def pay(
    account: Account, amount: str, on: date | None = None, *, method: str = "transfer", now: datetime = NOW
) -> Payment:
    return record_payment(
        account_id=account.pk,
        amount=Decimal(amount),
        method=method,
        received_on=on or now.date(),
        source="test",
        source_key=str(next(numbers)),
        actor=None,
        now=now,
    )


def again(row: Any) -> Any:
    """The row as the database has it now."""
    return type(row).objects.get(pk=row.pk)
