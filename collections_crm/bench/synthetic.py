"""Invented accounts in any number, the same for the same number. Only the bench ever sees them."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

from accounts.models import Portfolio, Product, Team

AS_OF = date(2026, 11, 17)
HEADER = [
    "reference", "name", "birth_date", "phone", "email", "address", "city", "region", "postcode", "country",
    "originated_on", "lent", "principal", "interest", "fees", "due_now", "past_due_on",
]  # fmt: skip
FIRST = ["Ana", "José", "María", "Luis", "Juana", "Pedro", "Rosa", "John", "Mary", "James", "Linda", "Robert"]
LAST = ["García", "Hernández", "López", "Smith", "Johnson", "Brown", "Davis", "Miller", "Pérez", "Torres", "Wilson"]
PLACES = [("New York", "NY", "10001", "212"), ("Austin", "TX", "78701", "512"), ("Miami", "FL", "33101", "305")]


def write_file(path: Path, rows: int) -> None:
    """A file in our own format with a phone, an e-mail and an address for each account."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        writer.writerows(_row(number) for number in range(rows))


def _row(number: int) -> list[str]:
    first, last = FIRST[number % len(FIRST)], LAST[number // 7 % len(LAST)]
    city, region, postcode, area = PLACES[number % len(PLACES)]
    days_late = number * 7 % 400 + 1
    owed = 500 + number * 37 % 20_000
    return [
        f"L-{number:07}", f"{first} {last} {number}", f"{1950 + number % 50}-0{number % 9 + 1}-1{number % 9}",
        f"{area}{200 + number // 10_000 % 800}{number % 10_000:04}", f"customer{number}@example.com",
        f"{number % 900 + 1} Main Street", city, region, postcode, "US", "2024-03-01", f"{owed + 1000}.00",
        f"{owed}.{number % 100:02}", f"{number % 90}.50", "25.00", f"{owed // 10 + 1}.00",
        (AS_OF - timedelta(days=days_late)).isoformat(),
    ]  # fmt: skip


def make_portfolio(code: str = "bench") -> Portfolio:
    """A portfolio of US loans, and the team that works it."""
    product = Product.objects.create(
        code=f"{code}-loan", kind="loan", name_en="Loan", name_es="Préstamo", bucket_bounds=[1, 31, 61, 91, 121]
    )
    portfolio = Portfolio.objects.create(
        code=code, name="Bench", creditor="Bench Lending", product=product, currency="USD", jurisdiction="US",
        capacity="servicer", zone="America/New_York",
    )  # fmt: skip
    team = Team.objects.create(name=f"Team {code}")
    team.portfolios.add(portfolio)
    return portfolio
