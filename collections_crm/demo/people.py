"""The demo's staff: one team in Mexico City, a second pair of eyes for every act that needs one."""

from __future__ import annotations

from accounts.foundation.money import Currency
from accounts.models import AuthorityLimit, Portfolio, Product, Role, Team, User
from collections_crm.demo.plan import PORTFOLIOS

STAFF = (
    ("agent", Role.AGENT, "Ana", "Torres", "en"),
    ("agent2", Role.AGENT, "Bruno", "Salas", "es-mx"),
    ("manager", Role.MANAGER, "Marta", "Quiroga", "en"),
    ("manager2", Role.MANAGER, "Raúl", "Ibarra", "es-mx"),
    ("finance", Role.FINANCE, "Fiona", "Marsh", "en"),
    ("compliance", Role.COMPLIANCE, "Carla", "Prieto", "en"),
    ("compliance2", Role.COMPLIANCE, "Hugo", "Lara", "es-mx"),
    ("admin", Role.ADMIN, "Alan", "Brook", "en"),
)
PRODUCTS = (
    ("loan", "loan", "Personal loan", "Préstamo personal", [1, 31, 61, 91, 121]),
    ("payday", "payday", "Payday loan", "Préstamo de nómina", [1, 15, 31, 61]),
    ("mca", "mca", "Merchant cash advance", "Adelanto de efectivo a comercios", [1, 8, 22, 46]),
)
LIMITS = (
    (Role.AGENT, 21, "0.100", 3, "0.000", "0.00", 180),
    (Role.MANAGER, 60, "0.050", 6, "0.500", "5000.00", 730),
)


def password_of(role: str) -> str:
    """Demo only: shown by `bin/up` beside the user names."""
    return f"demo{role}"


def hire_staff(portfolios: list[Portfolio]) -> dict[str, User]:
    """The demo's users by name, in one team that works every portfolio. Running it again changes nothing."""
    team, _made = Team.objects.get_or_create(name="Ciudad de México")
    team.portfolios.add(*portfolios)
    staff = {}
    for username, role, given, family, language in STAFF:
        user = User.objects.filter(username=username).first()
        if user is None:
            works_here = role in (Role.AGENT, Role.MANAGER)
            user = User(username=username, role=role, first_name=given, last_name=family, language=language)
            user.team, user.is_staff = team if works_here else None, role in (Role.ADMIN, Role.COMPLIANCE)
            user.set_password(password_of(role))
            user.save()
        staff[username] = user
    return staff


def open_portfolios() -> list[Portfolio]:
    """The demo's portfolios with their products and the limits of authority."""
    products = {}
    for code, kind, name_en, name_es, bounds in PRODUCTS:
        fields = {"kind": kind, "name_en": name_en, "name_es": name_es, "bucket_bounds": bounds}
        products[code], _made = Product.objects.get_or_create(code=code, defaults=fields)
    for role, days, share, breaks, discount, write_off, longest in LIMITS:
        fields = {"promise_max_days": days, "promise_min_share": share, "promise_max_open_breaks": breaks}
        fields |= {"settlement_max_discount": discount, "write_off_max": write_off, "plan_max_days": longest}
        for currency in Currency.values:
            AuthorityLimit.objects.get_or_create(role=role, portfolio=None, currency=currency, defaults=fields)
    return [_portfolio(plan, products[plan.product]) for plan in PORTFOLIOS]


def _portfolio(plan, product: Product) -> Portfolio:
    fields = {
        name: getattr(plan, name) for name in ("name", "creditor", "jurisdiction", "capacity", "currency", "zone")
    }
    fields |= {"regulated": plan.regulated, "product": product}
    return Portfolio.objects.get_or_create(code=plan.code, defaults=fields)[0]
