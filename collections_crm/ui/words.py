"""How amounts, days and instants are written on screen, in the active language. Plain text: no markup here."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from babel.dates import get_timezone_location
from babel.numbers import get_currency_name
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext, ngettext

from accounts.foundation.days import zone_named
from accounts.foundation.money import EXPONENTS

# Written out here because every row of a list shows days, and Django's own formatting costs ten times as much.
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
# As they are written in Mexico: small, with their accents, without a point.
DIAS = ["lun", "mar", "mié", "jue", "vie", "sáb", "dom"]
MESES = ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"]


def in_spanish() -> bool:
    return (get_language() or "en").startswith("es")


def figure(amount: Decimal, currency: str = "") -> str:
    """`1,240.50`; a minus in front of a negative amount. Both our languages write numbers the same way."""
    return f"{amount:,.{EXPONENTS.get(currency, 2)}f}"


def money(amount: Decimal | None, currency: str) -> str:
    """`1,240.50 MXN`. Nothing known is a dash, never a zero."""
    return "-" if amount is None else f"{figure(amount, currency)} {currency}"


def money_in_words(amount: Decimal, currency: str) -> str:
    """`1,240.50 Mexican pesos`, `1,240.50 pesos mexicanos`."""
    name = get_currency_name(currency, count=amount, locale="es_MX" if in_spanish() else "en")
    return f"{figure(amount, currency)} {name}"


def civil(day: date | None, *, weekday: bool = True) -> str:
    """`Fri 27 Nov 2026`, `vie 27 nov 2026`: the month always in letters."""
    if day is None:
        return "-"
    weekdays, months = (DIAS, MESES) if in_spanish() else (WEEKDAYS, MONTHS)
    written = f"{day.day} {months[day.month - 1]} {day.year}"
    return f"{weekdays[day.weekday()]} {written}" if weekday else written


def civil_in_words(day: date, today: date) -> str:
    """`Friday 27 November 2026, in 5 days`, to be read before something is saved."""
    long = r"l j \d\e F \d\e Y" if in_spanish() else "l j F Y"
    text = date_format(day, long)
    text = text.lower() if in_spanish() else text
    return f"{text}, {days_away(day, today)}"


def days_away(day: date, today: date) -> str:
    days = (day - today).days
    if days == 0:
        return gettext("today")
    if abs(days) == 1:
        return gettext("tomorrow") if days > 0 else gettext("yesterday")
    said = {"count": f"{abs(days):,}"}
    if days > 0:
        return ngettext("in %(count)s day", "in %(count)s days", days) % said
    return ngettext("%(count)s day ago", "%(count)s days ago", -days) % said


def moment(instant: datetime, zone: str = "") -> str:
    """`Fri 27 Nov 2026 09:12` in the given zone, else in that of the person who looks."""
    local = instant.astimezone(zone_named(zone) if zone else timezone.get_current_timezone())
    return f"{civil(local.date())} {local:%H:%M}"


def moment_in(instant: datetime, zone: str) -> str:
    """`Fri 27 Nov 2026 09:12 (London)`: by the clock of a zone that is named with it."""
    return f"{moment(instant, zone)} ({place(zone)})"


def ago(instant: datetime, now: datetime) -> str:
    """`just now`, `3 min ago`, `in 2 h`, `yesterday`, `5 days ago`."""
    apart = abs(now - instant)
    if apart < timedelta(minutes=1):
        return gettext("just now")
    if apart < timedelta(days=1):
        return _within_a_day(apart, future=instant > now)
    zone = timezone.get_current_timezone()
    return days_away(instant.astimezone(zone).date(), now.astimezone(zone).date())


def _within_a_day(apart: timedelta, *, future: bool) -> str:
    minutes = int(apart.total_seconds() // 60)
    span = gettext("%(count)d min") % {"count": minutes}
    if minutes >= 60:
        span = gettext("%(count)d h") % {"count": minutes // 60}
    return (gettext("in %(span)s") if future else gettext("%(span)s ago")) % {"span": span}


def place(zone: str) -> str:
    """The city of a zone in the active language: `London` or `Londres` of `Europe/London`."""
    return _city(zone, "es_MX" if in_spanish() else "en")


@lru_cache(maxsize=1024)
def _city(zone: str, locale: str) -> str:
    return get_timezone_location(zone, locale=locale, return_city=True).rsplit("/", 1)[-1]


def local_time(zones: list[str], now: datetime) -> str:
    """`09:12 Monterrey`, and `09:12 Monterrey / 08:12 Tijuana` when the zones' clocks differ."""
    clocks: dict[str, str] = {}
    for zone in zones:
        clocks.setdefault(f"{now.astimezone(zone_named(zone)):%H:%M}", place(zone))
    return " / ".join(f"{clock} {city}" for clock, city in clocks.items())


def shortened(text: str, most: int = 120) -> str:
    """The beginning of what somebody wrote, on one line."""
    return Truncator(" ".join(text.split())).chars(most)


def first_count(count: int, limit: int = 10_000) -> str:
    """Counts are exact up to the limit, then `10,000+`."""
    return f"{limit:,}+" if count > limit else f"{count:,}"
