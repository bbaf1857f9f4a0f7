"""The one money field, the one date field and the one time field of the product."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.foundation import clock
from accounts.foundation.days import civil_day, zones_known
from collections_crm.ui.reading import read_amount, read_day

CENT = Decimal("0.01")
# `4 p.m.`, `4 PM`: however it is spaced and dotted.
HALF_OF_DAY = re.compile(r"\s*([ap])\.?\s*m\.?$")


def today_here() -> date:
    """The civil day where the person at the screen is."""
    return clock.now().astimezone(timezone.get_current_timezone()).date()


def today_in(zone: str) -> date:
    """The civil day in a zone; without one, or in one that doesn't exist, where the person at the screen is."""
    return civil_day(clock.now(), zone) if zone in zones_known() else today_here()


class MoneyInput(forms.TextInput):
    def __init__(self, currency: str = "", currency_field: str = "") -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "data-money": "", "data-echo": "money"}
        if currency:
            attrs["data-currency"] = currency
        if currency_field:
            attrs["data-currency-field"] = currency_field
        super().__init__(attrs)

    def format_value(self, value: Any) -> str | None:
        return f"{value:,.2f}" if isinstance(value, Decimal) else value


class MoneyField(forms.Field):
    """An amount typed as `1,240.50`; `cleaned_data` holds a Decimal with at most two places, never a float.

    `currency` is what the echo names; `currency_field` is the id of a select on the page that names it instead.
    Anything with points for groups is refused with what to write.
    """

    def __init__(
        self,
        *,
        currency: str = "",
        currency_field: str = "",
        min_value: Decimal | None = CENT,
        max_value: Decimal | None = Decimal("999999999.99"),
        **options: Any,
    ) -> None:
        options.setdefault("widget", MoneyInput(currency, currency_field))
        super().__init__(**options)
        if min_value is not None:
            said = _("Write an amount above zero.") if min_value == CENT else None
            self.validators.append(MinValueValidator(min_value, said))
        if max_value is not None:
            self.validators.append(MaxValueValidator(max_value))

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, Decimal):
            return value
        return read_amount(str(value)) if value and str(value).strip() else None


class ClockField(forms.TimeField):
    """A time of day typed as `16:30`, `16.30`, `1630`, `4pm`, `4:30 p.m.`; else the answer is what to write."""

    default_error_messages: ClassVar = {"invalid": _("Write a time such as 16:30, or 4:30 pm.")}

    def __init__(self, **options: Any) -> None:
        attrs = {"placeholder": "16:30", "inputmode": "text", "autocomplete": "off"}
        options.setdefault("widget", forms.TimeInput(attrs, format="%H:%M"))
        super().__init__(input_formats=["%H:%M", "%H.%M", "%H%M", "%I%p", "%I:%M%p", "%I.%M%p"], **options)

    def to_python(self, value: Any) -> time | None:
        if isinstance(value, str):
            value = HALF_OF_DAY.sub(r"\1m", value.strip().lower())
        return super().to_python(value)


class DayInput(forms.TextInput):
    def __init__(self, past: bool = False) -> None:
        super().__init__(
            {
                "autocomplete": "off",
                "data-echo": "day",
                "data-direction": "past" if past else "",
                "placeholder": _("18 nov, fri, -2") if past else _("28 nov, fri, +7"),
            }
        )

    def format_value(self, value: Any) -> str | None:
        return value.isoformat() if isinstance(value, date) else value


class CivilDateField(forms.Field):
    """A civil day typed as `2026-11-28`, `28 nov`, `+7`, `fri` or `vie`; `03/04` is answered with both readings.

    Without a year it is the nearest such day from today on, or up to today with `past=True`. `zone` names whose days
    count where they aren't those of the person at the screen; the echo under the field counts by it too.
    """

    def __init__(self, *, past: bool = False, zone: str = "", **options: Any) -> None:
        self.past, self.zone = past, zone
        options.setdefault("widget", DayInput(past))
        super().__init__(**options)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        if self.zone:
            self.widget.attrs["data-zone"] = self.zone
        return super().get_bound_field(form, field_name)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date) or not value:
            return value or None
        return read_day(str(value), today_in(self.zone), past=self.past) if str(value).strip() else None
