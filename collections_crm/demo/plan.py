"""What the demo book holds, decided before anything is written: the same number and seed always give the same plan."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from collections_crm.demo import names, places

PLANTED = 50
SHARED = ("phone", "email", "address", "name_and_birth")


@dataclass(frozen=True)
class PortfolioPlan:
    """One portfolio of the demo: what its accounts look like, and its share of the book."""

    code: str
    name: str
    creditor: str
    jurisdiction: str
    product: str
    capacity: str
    currency: str
    zone: str
    share: int
    low: int
    high: int
    regulated: bool = True


def _portfolio(code: str, names: str, where: str, share: int, least: int, most: int) -> PortfolioPlan:
    name, creditor = names.split(" / ")
    product, capacity, currency, zone = where.split()
    place = code[:2].upper()
    return PortfolioPlan(
        code, name, creditor, place, product, capacity, currency, zone, share, least, most, regulated=product != "mca"
    )


PORTFOLIOS = (
    _portfolio("uk-loans", "UK personal loans / Harbour Lending", "loan servicer GBP Europe/London", 22, 300, 6000),
    _portfolio("uk-payday", "UK short-term loans / Swift Pound", "payday debt_buyer GBP Europe/London", 10, 80, 600),
    _portfolio(
        "us-loans",
        "US consumer loans / Prairie Credit",
        "loan third_party_collector USD America/New_York",
        20,
        500,
        12000,
    ),
    _portfolio(
        "us-mca",
        "US merchant advances / Keystone Advance",
        "mca original_creditor USD America/New_York",
        10,
        8000,
        90000,
    ),
    _portfolio(
        "mx-loans", "Préstamos personales MX / Crédito Sierra", "loan servicer MXN America/Mexico_City", 18, 4000, 60000
    ),
    _portfolio(
        "mx-payday",
        "Préstamos de nómina MX / Quincena Ya",
        "payday original_creditor MXN America/Mexico_City",
        6,
        800,
        6000,
    ),
    _portfolio(
        "au-loans",
        "AU personal loans / Southern Cross Finance",
        "loan original_creditor AUD Australia/Sydney",
        14,
        400,
        9000,
    ),
)


@dataclass
class PersonPlan:
    """An invented party: how it is called, where it lives, how it may be reached."""

    name: str
    kind: str
    language: str
    birth_date: date | None
    city: places.City
    street: str
    phone: str
    email: str


@dataclass(frozen=True)
class AdvancePlan:
    """The terms of an advance, of which a part was delivered before we had it."""

    purchase_price: Decimal
    purchased_amount: Decimal
    share: Decimal
    rhythm: str
    remittance: Decimal

    @property
    def factor_rate(self) -> Decimal:
        return (self.purchased_amount / self.purchase_price).quantize(Decimal("0.0001"))


@dataclass
class AccountPlan:
    """One account: its money and dates, its holder, and whom it secretly shares that holder with."""

    reference: str
    portfolio: PortfolioPlan
    holder: PersonPlan
    principal: Decimal
    interest: Decimal
    fees: Decimal
    instalment: Decimal
    days_late: int
    opened_on: date
    guarantor: PersonPlan | None = None
    twin_of: str = ""
    shares: str = ""
    reachable: bool = True
    due_dates: list[date] = field(default_factory=list)
    advance: AdvancePlan | None = None


def plan_book(*, accounts: int, seed: int, today: date) -> list[AccountPlan]:
    """The whole book in order of reference. The last accounts are planted duplicates of earlier ones: fifty, or a
    fortieth of a smaller book."""
    random = Random(seed)
    planted = min(PLANTED, accounts // 40)
    book, counters = [], Counter()
    for number in range(accounts - planted):
        portfolio = random.choices(PORTFOLIOS, weights=[p.share for p in PORTFOLIOS])[0]
        book.append(_account(random, number, portfolio, counters, today))
    originals = random.sample([a for a in book if a.reachable and not a.guarantor], planted)
    for number, original in enumerate(originals, start=len(book)):
        book.append(_twin(random, number, original, _shared(number, original), counters, today))
    return book


def _shared(number: int, original: AccountPlan) -> str:
    """What a twin shares. A business has no birth date: its name alone, which others bear too, would prove nothing."""
    ways = SHARED if original.holder.birth_date else [way for way in SHARED if way != "name_and_birth"]
    return ways[number % len(ways)]


def _account(random: Random, number: int, portfolio: PortfolioPlan, counters: Counter, today: date) -> AccountPlan:
    is_advance = portfolio.product == "mca"
    holder = _person(random, portfolio, counters, is_business=is_advance)
    principal = Decimal(random.randint(portfolio.low, portfolio.high)).quantize(Decimal("0.01"))
    late = random.choices((3, 20, 45, 75, 150, 400), weights=(14, 26, 24, 16, 14, 6))[0] + random.randint(0, 14)
    every = 7 if is_advance else 14 if portfolio.product == "payday" else 30
    instalment = (principal / (40 if is_advance else 4 if portfolio.product == "payday" else 18)).quantize(
        Decimal("0.01")
    )
    missed = max(1, min(late // every + 1, 12))
    instalment = max(instalment, Decimal("10.00"))
    return AccountPlan(
        reference=f"A-{10001 + number}",
        portfolio=portfolio,
        holder=holder,
        principal=principal,
        interest=Decimal(0) if is_advance else (principal * random.randint(0, 9) / 100).quantize(Decimal("0.01")),
        fees=Decimal(random.choice((0, 0, 0, 12, 25))),
        instalment=instalment,
        days_late=late,
        opened_on=today - timedelta(days=min(late, 90) + 2),
        guarantor=_person(random, portfolio, counters, is_business=False)
        if is_advance and random.random() < 0.5
        else None,
        reachable=random.random() > 0.04,
        due_dates=[today - timedelta(days=late - every * step) for step in range(missed)],
        advance=_advance(number, principal, instalment) if is_advance else None,
    )


def _advance(number: int, principal: Decimal, weekly: Decimal) -> AdvancePlan:
    """A quarter was delivered before. One in five remits every business day: a fifth of what others do in a week."""
    cent = Decimal("0.01")
    purchased = (principal * 4 / 3).quantize(cent)
    is_daily = number % 5 == 0
    return AdvancePlan(
        purchase_price=(purchased / (Decimal("1.22") + Decimal(number % 24) / 100)).quantize(cent),
        purchased_amount=purchased,
        share=Decimal(8 + number % 9) / 100,
        rhythm="daily" if is_daily else "weekly",
        remittance=(weekly / 5).quantize(cent) if is_daily else weekly,
    )


def _person(random: Random, portfolio: PortfolioPlan, counters: Counter, *, is_business: bool) -> PersonPlan:
    place = portfolio.jurisdiction
    city = random.choice(places.CITIES[place])
    spanish = place == "MX" or (place == "US" and random.random() < 0.25)
    language = "es-mx" if spanish else "en"
    name = names.business(random) if is_business else names.person(random, language)
    number = counters[city.dial]
    counters[city.dial] += 1
    counters["person"] += 1
    mailbox = ".".join(name.lower().split()[:2]).encode("ascii", "ignore").decode()
    return PersonPlan(
        name=name,
        kind="entity" if is_business else "consumer",
        language=language,
        birth_date=None
        if is_business
        else date(random.randint(1955, 2004), random.randint(1, 12), random.randint(1, 28)),
        city=city,
        street=f"{counters['person']} {random.choice(places.STREETS[place])}",
        phone=places.phone(place, city, number),
        email=f"{mailbox}.{counters['person']}@example.com",
    )


def _twin(
    random: Random, number: int, original: AccountPlan, shares: str, counters: Counter, today: date
) -> AccountPlan:
    """Another account of the same person, as another creditor's clerk wrote them down. Exactly one thing agrees besides
    a similar name."""
    same_country = [p for p in PORTFOLIOS if p.jurisdiction == original.portfolio.jurisdiction and p.product != "mca"]
    twin = _account(random, number, random.choice(same_country), counters, today)
    was, fresh = original.holder, twin.holder
    twin.holder = replace(
        fresh,
        name=names.misspelt(random, was.name) if shares != "name_and_birth" else was.name,
        kind=was.kind,
        language=was.language,
        birth_date=was.birth_date if shares == "name_and_birth" else None,
        city=was.city if shares == "address" else fresh.city,
        street=was.street if shares == "address" else fresh.street,
        phone=was.phone if shares == "phone" else fresh.phone,
        email=was.email if shares == "email" else fresh.email,
    )
    twin.twin_of, twin.shares, twin.reachable, twin.guarantor = original.reference, shares, True, None
    return twin
