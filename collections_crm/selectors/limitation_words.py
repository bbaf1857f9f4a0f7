"""How a limitation date came about, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.limitation.clock import Clock
from accounts.models import LimitationActKind
from accounts.selectors.limitation import LimitationFacts
from collections_crm.ui import words


@dataclass(frozen=True)
class LimitationTold:
    """The date, how it came about, by which law, and whether the period has passed."""

    on: date | None
    how: str
    source: str
    has_passed: bool
    is_extinguished: bool


FROM = {
    "default": gettext_lazy("%(years)s from the default on %(day)s"),
    "payment": gettext_lazy("%(years)s from the last payment on %(day)s"),
    "acknowledgment": gettext_lazy("%(years)s from the acknowledgment of %(day)s"),
}


def limitation_told(facts: LimitationFacts, today: date) -> LimitationTold:
    """What the account page says of the date that the account carries."""
    clock, period = facts.clock(), facts.period
    passed = facts.known is not None and today >= facts.known
    return LimitationTold(
        on=facts.known,
        how=_how(clock, facts.known),
        source=period.citation if period and clock and clock.years and clock.ends_on == facts.known else "",
        has_passed=passed,
        is_extinguished=passed and bool(period and period.extinguishes),
    )


def _how(clock: Clock | None, known: date | None) -> str:
    if known is None:
        return _("not known: note the day of default")
    if clock is None or clock.ends_on != known or clock.because == "given":
        return _("as it came with the account")
    if clock.because == "stated" or clock.began_on is None or clock.years is None:
        return _("set by a person")
    years = ngettext("%(count)d year", "%(count)d years", clock.years) % {"count": clock.years}
    how = str(FROM[clock.because]) % {"years": years, "day": words.civil(clock.began_on)}
    return f"{how}, {_('prolonged by breathing space')}" if clock.prolonged else how


def act_in_words(kind: str, on: str) -> str:
    """`written acknowledgment, Mon 2 Nov 2026`."""
    return f"{LimitationActKind(kind).label}, {words.civil(date.fromisoformat(on))}"
