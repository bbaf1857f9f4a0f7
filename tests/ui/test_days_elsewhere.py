"""A day typed where it is another day than the account's: the echo says the one that is saved."""

from datetime import UTC, date, datetime

from django import forms
from django.http import QueryDict
from django.test import override_settings

from collections_crm.pages.echo import _understood
from collections_crm.ui import words
from collections_crm.ui.fields import CivilDateField

EVENING_IN_MEXICO = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)  # the 19th in Sydney, the 18th in Mexico City


class PaysOn(forms.Form):
    on = CivilDateField(zone="Australia/Sydney")


@override_settings(FROZEN_NOW=EVENING_IN_MEXICO)
def test_the_echo_says_the_day_that_the_field_saves():
    form = PaysOn({"on": "+7"})
    asked = QueryDict(mutable=True)
    asked.update({"kind": "day", "value": "+7", "zone": form["on"].field.widget.attrs["data-zone"]})

    assert form.is_valid()
    assert form.cleaned_data["on"] == date(2026, 11, 26)
    assert _understood(asked) == words.civil_in_words(date(2026, 11, 26), date(2026, 11, 19))


@override_settings(FROZEN_NOW=EVENING_IN_MEXICO)
def test_a_zone_that_does_not_exist_counts_as_none():
    asked = QueryDict("kind=day&value=2026-11-26&zone=../etc")

    assert _understood(asked) == words.civil_in_words(date(2026, 11, 26), date(2026, 11, 18))
