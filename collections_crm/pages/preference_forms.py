"""Forms for what a person asks for about being contacted, and for what is known of their work and place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.purposes import Channel
from accounts.foundation.week_hours import ALL_DAY
from accounts.models import ContactPreference, EmployerStance, ToldBy, Workplace
from collections_crm.pages.account_forms import ActForm
from collections_crm.ui import words
from collections_crm.ui.fields import CivilDateField
from collections_crm.ui.week_fields import week_fields, week_from, week_typed
from communications.policy.zones import COUNTRIES, zones_in

NOT_SAID = pgettext_lazy("choice", "any")


class PersonForm(ActForm):
    """About one of the account's people."""

    party = forms.TypedChoiceField(label=_("whose"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [
            (role.party_id, f"{role.party.name or '-'} ({role.get_role_display()})") for role in self.page.parties
        ]


class PreferenceForm(PersonForm):
    """One wish: hours by weekday, channels, not at work; for everything, a channel, or one number or address."""

    not_at_work = forms.BooleanField(label=_("never at work"), required=False)
    media = forms.MultipleChoiceField(
        label=_("only by"), choices=Channel.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    channel = forms.ChoiceField(label=_("for this channel"), required=False)
    point = forms.TypedChoiceField(label=_("for this number or address"), coerce=int, empty_value=None, required=False)
    from_on = CivilDateField(label=_("from"), required=False)
    until_on = CivilDateField(label=_("until"), required=False)
    told_by = forms.ChoiceField(label=_("how it was said"), choices=ToldBy.choices)
    replaces = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= week_fields(
            _("At the customer's place. 17:00-20:00, 17- (until midnight), 22-6, or no. Empty: at any time.")
        )
        self.order_fields(["party", "weekdays", "mon", "tue", "wed", "thu", "fri", "sat", "sun"])
        self.fields["channel"].choices = [("", NOT_SAID), *Channel.choices]
        self.fields["point"].choices = [("", NOT_SAID), *((way.point.pk, way.masked) for way in self.page.reach.ways)]
        standing = {wish.pk: wish for wish in current_preferences(self.page)}
        # An earlier wish is checked when it is replaced: what changed meanwhile is told there, in words.
        replaced = self.data.get("replaces") or self.initial.get("replaces")
        self.fields["replaces"].choices = [("", ""), (replaced, replaced)]
        if not self.is_bound and str(replaced).isdigit() and int(replaced) in standing:
            self.initial = self.initial | as_typed(standing[int(replaced)])

    @property
    def given(self) -> dict[str, Any]:
        """The arguments of the service."""
        said = self.cleaned_data
        named = ("channel", "media", "not_at_work", "from_on", "until_on", "told_by")
        return {name: said[name] for name in named} | {
            "party_id": said["party"],
            "contact_point_id": said["point"],
            "hours": week_from(said, unsaid=ALL_DAY),
            "replaces_id": said["replaces"],
        }


def current_preferences(page: Any) -> list[ContactPreference]:
    """The wishes of the account's people that stand."""
    people = [role.party_id for role in page.parties]
    return list(ContactPreference.objects.current().filter(party__in=people))


def as_typed(wish: ContactPreference) -> dict[str, Any]:
    return {
        "party": wish.party_id,
        "not_at_work": wish.not_at_work,
        "media": wish.media,
        "channel": wish.channel,
        "point": wish.contact_point_id,
        "from_on": wish.from_on,
        "until_on": wish.until_on,
        **week_typed(wish.hours, unsaid=ALL_DAY),
    }


class EndPreferenceForm(ActForm):
    """One wish of this account's people ends."""

    preference = forms.TypedChoiceField(label=_("preference"), coerce=int)
    told_by = forms.ChoiceField(label=_("how it was said"), choices=ToldBy.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["preference"].choices = [(wish.pk, wish.words) for wish in self.page.wishes]


class WorkplaceForm(PersonForm):
    """What is known of contact at work. The latest that was noted stands."""

    employer = forms.ChoiceField(label=_("the employer"), choices=EmployerStance.choices, required=False)
    told_by = forms.ChoiceField(label=_("how it was said"), choices=ToldBy.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= week_fields(
            _("Working hours at the customer's place, 09:00-17:00. Empty: a day off, or unknown.")
        )
        self.order_fields(["party", "employer", "weekdays", "mon", "tue", "wed", "thu", "fri", "sat", "sun"])
        known = Workplace.objects.filter(party__in=[role.party_id for role in self.page.parties]).last()
        if known and not self.is_bound:
            told = {"party": known.party_id, "employer": known.employer, **week_typed(known.hours, unsaid="")}
            self.initial = told | self.initial

    @property
    def given(self) -> dict[str, Any]:
        said = self.cleaned_data
        hours = week_from(said, unsaid="")
        return {
            "party_id": said["party"],
            "employer": said["employer"],
            "hours": hours if any(hours) else [],
            "told_by": said["told_by"],
        }


class ZoneForm(PersonForm):
    """The time zone that the person states, for themselves or for one number or address."""

    point = forms.TypedChoiceField(label=_("for this number or address"), coerce=int, empty_value=None, required=False)
    zone = forms.ChoiceField(label=_("time zone"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["point"].choices = [("", NOT_SAID), *((way.point.pk, way.masked) for way in self.page.reach.ways)]
        self.initial = {"zone": self.page.primary.party.stated_zone} | self.initial
        none = ("", pgettext_lazy("time zone", "none stated"))
        self.fields["zone"].choices = [none, *((name, _places(code)) for code, name in COUNTRY_NAMES.items())]


def _places(country: str) -> list[tuple[str, str]]:
    return [(zone, words.place(zone)) for zone in zones_in(country)]


COUNTRY_NAMES = dict(
    zip(COUNTRIES, (_("United Kingdom"), _("United States"), _("Mexico"), _("Australia")), strict=True)
)
