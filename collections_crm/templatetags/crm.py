"""Template tags of our pages: `{% load crm %}`. How things are written is decided in `collections_crm.ui.words`."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from accounts.foundation import clock
from collections_crm.ui import masks, prepared, words
from collections_crm.ui.fields import today_in
from collections_crm.ui.frame import NavItem, address, nav_items
from collections_crm.ui.keys import KEY_GROUPS, KeyGroup

register = template.Library()

register.filter("masked_phone", masks.masked_phone)
register.filter("masked_email", masks.masked_email)
register.filter("masked_post", masks.masked_post)
register.filter("place", words.place)
register.filter("moment_in", words.moment_in)


@register.simple_tag
def money(amount: Decimal | None, currency: str) -> SafeString | str:
    """`{% money account.balance account.currency %}`: `1,240.50 MXN`, kept on one line."""
    if amount is None:
        return "-"
    return format_html(
        '<span class="nowrap">{} <span class="code">{}</span></span>', words.figure(amount, currency), currency
    )


@register.filter("money")
def money_text(amount: Decimal | None, currency: str) -> str:
    """`{{ amount|money:"MXN" }}`: the same as plain text, for titles and sentences."""
    return words.money(amount, currency)


@register.filter
def figure(amount: Decimal) -> str:
    """`{{ amount|figure }}`: `1,240.50`, where the column's heading says the currency."""
    return words.figure(amount)


@register.filter
def sum_figure(written: str) -> str:
    """`{{ "110149661.00"|sum_figure }}`: a sum kept as text, grouped; what is no number stands as it is."""
    try:
        return f"{Decimal(written):,}"
    except InvalidOperation:
        return written


@register.filter
def count(number: int) -> str:
    """`{{ rows|count }}`: exact to 10,000, then `10,000+`."""
    return words.first_count(number)


@register.filter
def figure_of_count(number: int | None) -> str:
    """`{{ rows|figure_of_count }}`: `12,345`, exact however large."""
    return f"{number or 0:,}"


@register.filter
def civil(day: date | datetime | None) -> str:
    """`{{ day|civil }}`: `Fri 27 Nov 2026`, `vie 27 nov 2026`."""
    return words.civil(day)


@register.filter
def civil_short(day: date | None) -> str:
    """`{{ day|civil_short }}`: `27 Nov 2026`, without the weekday."""
    return words.civil(day, weekday=False)


@register.filter
def away(day: date, zone: str = "") -> str:
    """`{{ day|away:portfolio.zone }}`: `in 5 days`, seen from today in that zone, else in the reader's."""
    there = ZoneInfo(zone) if zone else timezone.get_current_timezone()
    return words.days_away(day, clock.now().astimezone(there).date())


@register.simple_tag
def ago(instant: datetime | None) -> SafeString | str:
    """`{% ago event.at %}`: relative time, with the exact one in its detail."""
    if instant is None:
        return "-"
    apart = escape(words.ago(instant, clock.now()))
    # Twenty of them stand on an account page: put together here, they cost half as much.
    return SafeString(f'<time datetime="{instant.isoformat()}" title="{escape(words.moment(instant))}">{apart}</time>')


@register.simple_tag
def moment(instant: datetime | None, zone: str = "") -> SafeString | str:
    """`{% moment event.at %}`: `Fri 27 Nov 2026 09:12`; with a zone, there, and the place is said."""
    if instant is None:
        return "-"
    text = f"{words.moment(instant, zone)} {words.place(zone)}" if zone else words.moment(instant)
    return format_html('<time datetime="{}">{}</time>', instant.isoformat(), text)


@register.simple_tag
def local_time(*zones: str) -> str:
    """`{% local_time "America/Monterrey" "America/Tijuana" %}` or one list: `09:12 Monterrey / 08:12 Tijuana`.

    It goes on while the page stays open (`static/js/clock.js`).
    """
    named: list[str] = []
    for zone in zones:
        named.extend([zone] if isinstance(zone, str) else zone)
    if not named:
        return ""
    ticking = json.dumps([[zone, words.place(zone)] for zone in named])
    return format_html('<span data-clocks="{}">{}</span>', ticking, words.local_time(named, clock.now()))


VERDICT_CLASSES = {"allow": "ok", "warn": "warn", "override": "accent", "needs_override": "accent", "refuse": "stop"}


def verdict_words(verdict: str, written: bool = False) -> str:
    if written and verdict in ("allow", "warn", "refuse"):
        return {
            "allow": pgettext("verdict", "MAY WRITE"),
            "warn": pgettext("verdict", "MAY WRITE, CARE"),
            "refuse": pgettext("verdict", "DO NOT WRITE"),
        }[verdict]
    return {
        "allow": pgettext("verdict", "MAY CALL"),
        "warn": pgettext("verdict", "MAY CALL, CARE"),
        "needs_override": pgettext("verdict", "NEEDS APPROVAL"),
        "override": pgettext("verdict", "APPROVED EXCEPTION"),
        "refuse": pgettext("verdict", "DO NOT CALL"),
    }[verdict]


@register.simple_tag
def verdict_badge(verdict: str, until: str = "", written: bool = False) -> SafeString:
    """`{% verdict_badge decision.verdict "until 22:00 Monterrey (law)" %}`: icon and words of the gate's answer, of a
    call unless it was asked about writing."""
    return format_html(
        '<span class="badge verdict wrap {}" data-verdict="{}">{} <span class="until">{}</span></span>',
        VERDICT_CLASSES[verdict],
        verdict,
        verdict_words(verdict, written),
        until,
    )


@register.simple_tag(takes_context=True)
def nav(context: template.Context) -> list[NavItem]:
    """`{% nav as items %}`: the header's links that exist, with how much waits behind each."""
    return nav_items(context["request"])


@register.simple_tag
def drawn_once(name: str) -> SafeString:
    """`{% drawn_once "ui/_keys.html" %}`: a part that says the same on every page of one language."""
    return prepared.drawn_once(name)


@register.simple_tag
def key_groups() -> tuple[KeyGroup, ...]:
    """`{% key_groups as groups %}`: the keys of the product, by where they work."""
    return KEY_GROUPS


@register.simple_tag
def url_if_any(url_name: str, *args: Any) -> str:
    """`{% url_if_any "reports" as url %}{% if url %}...`: the address, or nothing when there is no such page."""
    return address(url_name, *args)


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """`?{% query_with tab="now" after=None %}`: this page's query with some parts changed, or taken out when None."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = value
    return query.urlencode()


@register.simple_tag(takes_context=True)
def remove_from_query(context: template.Context, name: str) -> str:
    """`?{% remove_from_query chip.name %}`: this page's query without one part, from its first page."""
    query = context["request"].GET.copy()
    query.pop(name, None)
    query.pop("after", None)
    return query.urlencode()


@register.filter
def currency_of(attrs: dict[str, Any]) -> str:
    """The currency in which this control's amount is meant; nothing where it isn't of one currency."""
    return str(attrs.get("data-currency", ""))


@register.filter
def has_echo(attrs: dict[str, Any]) -> bool:
    """Whether what is typed into this control is said back in words."""
    return "data-echo" in attrs


@register.filter
def understood(field: BoundField) -> str:
    """A day that stands in its field from the beginning, in words: what is typed is said back by the page."""
    day = field.value()
    return words.civil_in_words(day, today_in(getattr(field.field, "zone", ""))) if isinstance(day, date) else ""
