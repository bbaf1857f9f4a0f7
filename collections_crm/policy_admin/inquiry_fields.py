"""The fields of a question to the policy, by subject: every word is chosen from what the gate knows."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import HoldKind
from collections_crm.ui.fields import CivilDateField, ClockField
from communications.models import PolicyVersion
from communications.policy.facts import CHANNELS, OUTBOUND_PURPOSES
from communications.policy.schema import WORDS
from communications.policy.wording import place, word
from communications.policy.wording import words as words_of
from communications.policy.zones import known_zones

NOWHERE = "nowhere"
ROWS_OF_EARLIER = ("earlier1", "earlier2", "earlier3")
MOST_DAYS_AGO = 400
EARLIER_SORTS = [
    ("", _("none")),
    ("attempt", _("we tried, nobody answered")),
    ("unconnected", _("we tried: busy or not in service")),
    ("connected", _("somebody was reached, or it was delivered")),
    ("conversation", _("we talked about the debt")),
    ("they_called", _("they called, and we talked about the debt")),
    ("they_asked", _("they asked something that waits for an answer")),
]


class DaysAgo(forms.CharField):
    """Days counted back from the contact's own: `0` is that day, `0-6` the week up to it, `0-6, 9` both."""

    def clean(self, value: Any) -> tuple[int, ...]:
        text = super().clean(value)
        found: set[int] = set()
        for part in filter(None, (piece.strip() for piece in text.split(","))):
            found |= set(self._span(part))
        return tuple(sorted(found))

    @staticmethod
    def _span(part: str) -> range:
        if not (meant := re.fullmatch(r"(\d{1,3})(?:\s*-\s*(\d{1,3}))?", part, re.ASCII)):
            raise forms.ValidationError(_("Write days such as 0, 3 or 0-6."))
        first, last = int(meant[1]), int(meant[2] or meant[1])
        if last < first or last > MOST_DAYS_AGO:
            raise forms.ValidationError(_("Days go from fewer to more, up to {most}.").format(most=MOST_DAYS_AGO))
        return range(first, last + 1)


def _choice(label: Any, group: str, codes: Any, language: str, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[(code, word(group, code, language)) for code in codes], **options)


def place_fields(language: str) -> dict[str, forms.Field]:
    zones = [(zone, f"{place(zone, language)} ({zone})") for zone in known_zones()]
    anywhere = [("", _("by the address, else anywhere in the country"))]
    return {
        "jurisdiction": _choice(_("Country"), "country", WORDS["AccountFact", "jurisdiction"], language),
        "region": forms.CharField(label=_("State"), max_length=40, required=False, help_text=_("Such as MA or SCT.")),
        "city": forms.CharField(label=_("City"), max_length=60, required=False),
        "postcode": forms.CharField(label=_("Post code"), max_length=10, required=False),
        "zone": forms.ChoiceField(
            label=_("Time zone"), required=False, choices=[*anywhere, (NOWHERE, _("nobody knows")), *zones]
        ),
        "zone_2": forms.ChoiceField(
            label=_("Another zone in which the person may be"), required=False, choices=[("", "-"), *zones]
        ),
    }


def who_fields(language: str) -> dict[str, forms.Field]:
    standings = ["", *words_of("standing")]
    return {
        "party_kind": _choice(_("Kind of person"), "party_kind", WORDS["PartyFact", "kind"], language),
        "role": _choice(_("Role on the account"), "role", [c for c in words_of("role") if c != "none"], language),
        "debt_purpose": _choice(_("Debt"), "debt_purpose", WORDS["AccountFact", "debt_purpose"], language),
        "product": _choice(_("Product"), "product", words_of("product"), language),
        "regulated": forms.BooleanField(label=_("Regulated credit"), required=False, initial=True),
        "capacity": _choice(_("We collect as"), "capacity", WORDS["AccountFact", "capacity"], language),
        "standing": forms.ChoiceField(
            label=_("The account is"),
            required=False,
            choices=[(code, word("standing", code, language) if code else _("ours to collect")) for code in standings],
        ),
    }


def contact_fields(language: str, now: datetime) -> dict[str, forms.Field]:
    zones = [(zone, f"{place(zone, language)} ({zone})") for zone in known_zones()]
    return {
        "channel": _choice(_("Channel"), "channel", CHANNELS, language),
        "purpose": _choice(_("Purpose"), "purpose", OUTBOUND_PURPOSES, language),
        "day": CivilDateField(label=_("Day"), initial=now.date()),
        "time": ClockField(label=_("Time"), initial="12:00"),
        "clock": forms.ChoiceField(
            label=_("By the clock of"), required=False, choices=[("", _("the person")), ("UTC", "UTC"), *zones]
        ),
    }


def more_fields(language: str) -> dict[str, forms.Field]:
    refused = [("", _("none")), ("channel", _("of this channel")), ("point", _("of this number or address")),
               ("other_point", _("of another number or address"))]  # fmt: skip
    tongues = [("", _("not known")), *[(code, word("language", code, language)) for code in ("en", "es")]]
    return {
        "holds": forms.MultipleChoiceField(
            label=_("Holds"),
            required=False,
            choices=[(kind, word("hold", kind, language)) for kind in HoldKind.values],
            widget=forms.CheckboxSelectMultiple,
        ),
        "hold_lifts_on": CivilDateField(
            label=_("The hold ends on"),
            required=False,
            help_text=_("Only an agreed pause and an arrangement end by a day."),
        ),
        "opted_out": forms.ChoiceField(label=_("Opt-out"), required=False, choices=refused),
        "consent": forms.ChoiceField(
            label=_("Consent for this channel"),
            required=False,
            choices=[("", _("none")), *[(code, word("basis", code, language)) for code in words_of("basis")]],
        ),
        "consent_days_ago": forms.IntegerField(
            label=_("Consent given so many days before"), required=False, min_value=0, max_value=9999, initial=0
        ),
        "disclosing": forms.BooleanField(label=_("The debt is named"), required=False),
        "verified": forms.BooleanField(label=_("The person has been verified"), required=False),
        "point_status": _choice(_("The number or address is"), "status", words_of("status"), language),
        "at_work": forms.BooleanField(label=_("It is at work"), required=False),
        "employer_forbids": forms.BooleanField(label=_("The employer forbids it"), required=False),
        "minor": forms.BooleanField(label=_("The person is a minor"), required=False),
        "party_language": forms.ChoiceField(label=_("The person's language"), required=False, choices=tongues),
        "language": forms.ChoiceField(label=_("The contact is in"), required=False, choices=tongues),
        "limitation_on": CivilDateField(label=_("First day on which the debt is out of time"), required=False),
        "first_contact_on": CivilDateField(label=_("First contact"), required=False, past=True),
        "validation_on": CivilDateField(label=_("Validation notice sent"), required=False, past=True),
    }


def earlier_fields(language: str) -> dict[str, forms.Field]:
    made: dict[str, forms.Field] = {}
    for number, row in enumerate(ROWS_OF_EARLIER, 1):
        made[f"{row}_sort"] = forms.ChoiceField(
            label=_("Earlier contacts {number}").format(number=number), required=False, choices=EARLIER_SORTS
        )
        made[f"{row}_days"] = DaysAgo(
            label=_("So many days before"), required=False, max_length=60, help_text=_("0 is the same day. 0-6, 9.")
        )
        made[f"{row}_times"] = forms.IntegerField(
            label=_("Times on each day"), required=False, min_value=1, max_value=99, initial=1
        )
        made[f"{row}_channel"] = _choice(
            _("Their channel"), "channel", CHANNELS, language, required=False, initial="call"
        )
    return made


def draft_field() -> dict[str, forms.Field]:
    prepared = PolicyVersion.objects.filter(state__in=["draft", "submitted"]).select_related("pack")
    return {
        "draft": forms.ModelChoiceField(
            label=_("Under the draft, too"), queryset=prepared, required=False, empty_label=_("only what is in force")
        )
    }
