"""The form that stops contact."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Jurisdiction, Portfolio
from collections_crm.ui.forms import PageForm
from communications.policy.facts import CHANNELS, STOP_CAUSES
from communications.policy.wording import word

EVERY = "all"


class StopForm(PageForm):
    """What is stopped, where, and why."""

    channel = forms.ChoiceField(label=_("What stops"))
    where = forms.ChoiceField(label=_("Where"))
    cause = forms.ChoiceField(label=_("Cause"))
    note = forms.CharField(
        label=_("What happened"), max_length=200, help_text=_("Everybody concerned reads it. Name no customer.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        stopped = [(code, capfirst(word("stopped", code, language))) for code in (EVERY, *CHANNELS)]
        self._choose("channel", stopped)
        self._choose("where", _places())
        self._choose("cause", [(code, capfirst(word("stop_cause", code, language))) for code in STOP_CAUSES])

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices

    def said(self) -> dict[str, Any]:
        """As `stop_contact` takes it."""
        kind, _colon, value = self.cleaned_data["where"].partition(":")
        channel = self.cleaned_data["channel"]
        return {
            "channel": "" if channel == EVERY else channel,
            "jurisdiction": value if kind == "country" else "",
            "portfolio_id": int(value) if kind == "portfolio" else None,
            "cause": self.cleaned_data["cause"],
            "note": self.cleaned_data["note"],
        }


def _places() -> list[Any]:
    countries = [(f"country:{code}", label) for code, label in Jurisdiction.choices]
    named = Portfolio.objects.order_by("name").values_list("pk", "name")
    portfolios = [(f"portfolio:{pk}", name) for pk, name in named]
    everywhere = (EVERY, capfirst(str(_("everywhere"))))
    return [everywhere, (_("One country"), countries), (_("One portfolio"), portfolios)]
