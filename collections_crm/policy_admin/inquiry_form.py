"""The form that asks the policy about a contact made up for the purpose: chosen words only, nobody's name or number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.foundation import clock
from collections_crm.policy_admin.inquiry_fields import (
    NOWHERE,
    ROWS_OF_EARLIER,
    contact_fields,
    draft_field,
    earlier_fields,
    more_fields,
    place_fields,
    who_fields,
)
from collections_crm.ui.forms import PageForm
from communications.models import PolicyVersion
from communications.policy.civil import instants_of
from communications.selectors.inquiry import Earlier, Inquiry, day_of, zones_asked

MUST_BE_SAID = ("jurisdiction", "channel", "purpose", "day", "time", "regulated")
MOST_CONTACTS = 300
FIRST_YEAR, LAST_YEAR = 2000, 2100


class InquiryForm(PageForm):
    """Sent by GET, so that its address can be handed on."""

    takes_key = False
    refused_heading = _("Not judged")

    @classmethod
    def asked(cls, query: Any) -> InquiryForm:
        """The form as an address fills it. What a short address leaves out is as in an ordinary contact."""
        sent = query.copy()
        for name, field in cls(None).fields.items():
            if name not in (*MUST_BE_SAID, *sent) and (usual := _usual(field)) not in (None, ""):
                sent[name] = str(usual)
        return cls(sent)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        language, now = get_language() or "en", clock.now()
        self.base_fields = {
            **place_fields(language),
            **who_fields(language),
            **contact_fields(language, now),
            **more_fields(language),
            **earlier_fields(language),
            **draft_field(),
        }
        super().__init__(*args, **kwargs)

    def groups(self) -> Iterator[tuple[Any, list[Any], bool]]:
        """(heading, fields, shown at once): what was filled in further down is open, too."""
        groups = [
            (_("Where"), list(place_fields("en")), True),
            (_("Who and what"), list(who_fields("en")), True),
            (_("The contact"), [*contact_fields("en", clock.now()), *draft_field()], True),
            (_("Holds, consent and what else is known"), list(more_fields("en")), False),
            (_("Earlier contacts"), list(earlier_fields("en")), False),
        ]
        for heading, names, at_once in groups:
            yield heading, [self[name] for name in names], at_once or any(self._is_filled(name) for name in names)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("zone_2") and not said.get("zone"):
            self.add_error("zone_2", _("Choose the first zone, too."))
        for row in ROWS_OF_EARLIER:
            self._check_row(row, said)
        if not self.errors:
            said["at"] = self._instant(said)
        return said

    def inquiry(self) -> Inquiry:
        """What a valid form asks."""
        said = self.cleaned_data
        names = set(Inquiry.__dataclass_fields__) & set(said)
        plain = {name: said[name] for name in names - {"holds", "consent_days_ago"}}
        counted = {"holds": tuple(said["holds"]), "consent_days_ago": said["consent_days_ago"] or 0}
        return Inquiry(**plain, **counted, **_where(said), earlier=_earlier(said))

    def draft(self) -> PolicyVersion | None:
        return self.cleaned_data["draft"]

    def address_query(self) -> str:
        """The question as an address hands it on: every word as chosen, days in full, nothing that is not set."""
        said = {**self.cleaned_data, "at": None}
        sent = {name: _plain(said.get(name)) for name in self.fields}
        return urlencode({name: value for name, value in sent.items() if value not in ("", [])}, doseq=True)

    def _is_filled(self, name: str) -> bool:
        usual = (_usual(self.fields[name]), None, "", [], False)
        return self.is_bound and bool(self[name].errors or self[name].value() not in usual)

    def _check_row(self, row: str, said: dict[str, Any]) -> None:
        days, sort = said.get(f"{row}_days"), said.get(f"{row}_sort")
        if sort and not days and f"{row}_days" not in self.errors:
            self.add_error(f"{row}_days", _("Say how many days before, such as 0 or 0-6."))
        if days and not sort:
            self.add_error(f"{row}_sort", _("Say what happened on those days."))
        if len(days or ()) * (said.get(f"{row}_times") or 1) > MOST_CONTACTS:
            self.add_error(f"{row}_times", _("No more than {most} contacts in a line.").format(most=MOST_CONTACTS))

    def _instant(self, said: dict[str, Any]) -> datetime | None:
        """The instant at which the chosen clock shows the chosen time; the first when it comes twice that day."""
        zone = said["clock"] or self._own_zone(said)
        day, minute = said["day"], said["time"].hour * 60 + said["time"].minute
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.add_error(
                "day", _("Choose a day between {first} and {last}.").format(first=FIRST_YEAR, last=LAST_YEAR)
            )
            return None
        at = instants_of(day, minute, zone)[0]
        if at.astimezone(ZoneInfo(zone)).strftime("%H:%M") != said["time"].strftime("%H:%M"):
            self.add_error("time", _("The clocks of {place} are set forward over that time.").format(place=zone))
        return at

    @staticmethod
    def _own_zone(said: dict[str, Any]) -> str:
        asked = Inquiry(at=clock.now(), **{n: said[n] for n in ("jurisdiction", *PLACED)}, **_where(said))
        zones = zones_asked(asked)
        return zones[0].zone if zones else "UTC"

    def today(self) -> date:
        """The civil day of the contact where the person is."""
        asked = self.inquiry()
        return day_of(asked.at, zones_asked(asked))


def _usual(field: forms.Field) -> Any:
    """What a field holds before anybody chooses: of a list the first, unless it says otherwise."""
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.MultipleChoiceField):
        return field.initial if field.initial is not None else next(iter(field.choices))[0]
    return field.initial


PLACED = ("region", "city", "postcode")


def _where(said: dict[str, Any]) -> dict[str, Any]:
    chosen = tuple(dict.fromkeys(zone for zone in (said["zone"], said["zone_2"]) if zone and zone != NOWHERE))
    return {"zones": chosen, "nowhere": said["zone"] == NOWHERE}


def _earlier(said: dict[str, Any]) -> tuple[Earlier, ...]:
    return tuple(
        Earlier(said[f"{row}_sort"], said[f"{row}_days"], said[f"{row}_times"] or 1, said[f"{row}_channel"])
        for row in ROWS_OF_EARLIER
        if said[f"{row}_sort"]
    )


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value.pk) if isinstance(value, PolicyVersion) else value if isinstance(value, list) else str(value or "")
