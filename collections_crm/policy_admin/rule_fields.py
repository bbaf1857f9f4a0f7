"""The form fields of a rule's parameters, made from what its kind accepts: nobody writes JSON."""

from __future__ import annotations

import typing
from dataclasses import MISSING, fields
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.foundation.week_hours import DAYS
from communications.policy.facts import CHANNELS, OUTBOUND_PURPOSES
from communications.policy.pack import Scope
from communications.policy.rules import KINDS
from communications.policy.wording import WEEKDAYS, word
from communications.policy.wording import words as words_of
from communications.selectors.rule_words import WORDS_OF

ORDERED = {"channel": CHANNELS, "purpose": OUTBOUND_PURPOSES}


class TimeText(forms.CharField):
    """A time of day as 08:00; 24:00 is the end of the day."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"size": 5, "maxlength": 5, "inputmode": "numeric"})
        super().__init__(max_length=5, required=False, widget=widget, **options)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        hour, colon, minute = text.partition(":")
        if not (colon and hour.isdigit() and minute.isdigit() and len(minute) == 2):
            raise forms.ValidationError(_("Write a time such as 08:00."))
        if int(minute) > 59 or int(hour) * 60 + int(minute) > 24 * 60:
            raise forms.ValidationError(_("There is no such time of day."))
        return f"{int(hour):02}:{minute}"


class WordList(forms.CharField):
    """Several words in one line, with commas between them."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> list[str]:
        return [part.strip() for part in super().clean(value).split(",") if part.strip()]


def param_fields(kind: str, params: dict[str, Any], language: str) -> dict[str, forms.Field]:
    """Fields for every parameter of a kind, by name, filled with the present values."""
    made: dict[str, forms.Field] = {}
    for name, hint, default in _accepted(KINDS[kind].params):
        value = params.get(name, default)
        if kind == "hours" and name in DAYS:
            made |= _day_fields(name, value, language)
        else:
            made[f"param_{name}"] = field_for(name, hint, value, language)
    return made


def scope_fields(scope: dict[str, Any], language: str) -> dict[str, forms.Field]:
    """Fields for whom and what a rule covers."""
    accepted = _accepted(Scope)
    return {
        f"scope_{name}": field_for(name, hint, scope.get(name, default), language) for name, hint, default in accepted
    }


def field_for(name: str, hint: Any, value: Any, language: str) -> forms.Field:
    """One field by the type of a parameter: a number, a tick, one or several of known words, or free words."""
    label = capfirst(word("param", name, language))
    if hint is bool:
        return forms.BooleanField(label=label, initial=bool(value), required=False)
    if hint is int:
        return forms.IntegerField(label=label, initial=value, min_value=0)
    several = typing.get_origin(hint) is tuple
    choices = _choices(WORDS_OF.get(name), language)
    if several and choices:
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(
            label=label, initial=list(value), choices=choices, required=False, widget=widget
        )
    if several:
        return WordList(label=label, initial=list(value), required=False)
    if choices:
        empty = [] if value else [("", "-")]
        return forms.ChoiceField(label=label, initial=value, choices=empty + choices, required=False)
    return forms.CharField(label=label, initial=value, required=False, max_length=60)


def params_from(kind: str, cleaned: dict[str, Any]) -> dict[str, Any]:
    """The parameters that a filled form says. Days without an opening are closed."""
    params: dict[str, Any] = {}
    for name, _hint, default in _accepted(KINDS[kind].params):
        if kind == "hours" and name in DAYS:
            opens, closes = cleaned.get(f"{name}_opens", ""), cleaned.get(f"{name}_closes", "")
            params[name] = f"{opens}-{closes}" if opens or closes else ""
        else:
            _keep(params, name, cleaned.get(f"param_{name}"), default)
    return params


def scope_from(cleaned: dict[str, Any]) -> dict[str, Any]:
    """The scope that a filled form says; what covers everything is left out."""
    scope: dict[str, Any] = {}
    for name, _hint, default in _accepted(Scope):
        _keep(scope, name, cleaned.get(f"scope_{name}"), default)
    return scope


def _keep(into: dict[str, Any], name: str, value: Any, default: Any) -> None:
    """What a rule does not say stands at its default: only what differs is written."""
    plain = list(value) if isinstance(value, (list, tuple)) else value
    if plain != (list(default) if isinstance(default, tuple) else default):
        into[name] = plain


def _day_fields(day: str, window: str, language: str) -> dict[str, forms.Field]:
    name = WEEKDAYS["es" if language.startswith("es") else "en"][DAYS.index(day)]
    opens, _dash, closes = window.partition("-")
    return {
        f"{day}_opens": TimeText(label=_("{day} from").format(day=name), initial=opens),
        f"{day}_closes": TimeText(label=_("{day} to").format(day=name), initial=closes),
    }


def _accepted(record: type) -> list[tuple[str, Any, Any]]:
    hints = typing.get_type_hints(record)
    known = [(field.name, hints[field.name], field.default) for field in fields(record)]
    return [(name, hint, None if default is MISSING else default) for name, hint, default in known]


def _choices(group: str | None, language: str) -> list[tuple[str, str]]:
    if group is None:
        return []
    codes = ORDERED.get(group) or [code for code in words_of(group) if code not in ("none", "inbound")]
    return [(code, word(group, code, language)) for code in codes]
