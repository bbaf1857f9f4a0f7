"""The kinds of rule, one file each: a kind reads its parameters once (`prepare`) and judges facts (`judge`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.decoding import decode
from communications.policy.facts import AccountFact, ContactFacts
from communications.policy.rules import (
    consent,
    contact_point,
    cooldown,
    disclosure,
    frequency,
    hold,
    holidays,
    hours,
    language,
    limitation,
    notice,
    opt_out,
    place,
    preference,
    reply,
    representation,
    request,
    spacing,
    standing,
    stop,
    third_party,
    verification,
    zone,
)

Judge = Callable[[Any, ContactFacts, tuple[AccountFact, ...], Moment], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of rule reads its parameters and judges. Unknown parameters are refused, never ignored."""

    prepare: Callable[[Mapping[str, Any]], Any]
    judge: Judge
    params: type


def _kind(module: Any) -> Kind:
    return Kind(partial(decode, module.Params), module.judge, module.Params)


KINDS: dict[str, Kind] = {
    "consent": _kind(consent),
    "contact_point": _kind(contact_point),
    "cool_down": _kind(cooldown),
    "disclosure": _kind(disclosure),
    "frequency": _kind(frequency),
    "hold": _kind(hold),
    "holidays": _kind(holidays),
    "hours": _kind(hours),
    "language": _kind(language),
    "limitation": _kind(limitation),
    "notice": _kind(notice),
    "opt_out": _kind(opt_out),
    "place": _kind(place),
    "preference": _kind(preference),
    "reply": _kind(reply),
    "representation": _kind(representation),
    "request": _kind(request),
    "spacing": _kind(spacing),
    "standing": _kind(standing),
    "stop": _kind(stop),
    "third_party": _kind(third_party),
    "verification": _kind(verification),
    "zone": _kind(zone),
}
