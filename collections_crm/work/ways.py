"""The ways of reaching one person, where what they asked for or their work makes a difference to the hours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import lru_cache

from accounts.models import USABLE
from communications.policy import decoding
from communications.policy.facts import ContactFacts, PointFact, PreferenceFact
from communications.policy.rules.preference import covers
from communications.selectors.contact_facts import Gathered

CHANNELS = {"phone": ("call", "text"), "email": ("email",), "whatsapp": ("whatsapp",)}


@dataclass(frozen=True, slots=True)
class Way:
    """One channel at one number or address, by what its hours depend on. Ids are left out: equal ways are equal."""

    channel: str
    work: bool = False
    work_hours: tuple[str, ...] = ()
    wishes: tuple[PreferenceFact, ...] = ()

    @property
    def point(self) -> PointFact | None:
        return PointFact(0, work=True, work_hours=self.work_hours) if self.work else None

    def as_text(self) -> str:
        return json.dumps(asdict(self), default=str, sort_keys=True, separators=(",", ":"))


PLAIN = Way("call")


@lru_cache(maxsize=5000)
def way_from(text: str) -> Way:
    """The way that `as_text` wrote."""
    return decoding.decode(Way, json.loads(text))


def ways_of(found: Gathered) -> tuple[str, ...]:
    """Each different way of reaching the person, as text; none where the ordinary hours of a call are all there is.

    They are the usable phones, or all that can be written to where there is no phone or a wish speaks of media.
    """
    if not found.facts.preferences and not any(point.work for point in found.points):
        return ()
    ways = {way for point in _chosen(found) for way in _at(point, found.facts)}
    return () if PLAIN in ways else tuple(sorted(way.as_text() for way in ways))


def media_wanted(facts: ContactFacts) -> frozenset[str]:
    """Every channel that a wish about media names, whether or not it lasts just now; empty without such a wish."""
    return frozenset(channel for wish in facts.preferences for channel in wish.media)


def is_choosy(facts: ContactFacts) -> bool:
    """True when a wish rules some ways out altogether, so that which one is free must not be guessed."""
    return any(wish.media or wish.not_at_work for wish in facts.preferences)


def _chosen(found: Gathered) -> list[PointFact]:
    usable = [point for point in found.points if point.status in USABLE and point.kind in CHANNELS]
    phones = [point for point in usable if point.kind == "phone"]
    return usable if media_wanted(found.facts) or not phones else phones


def _at(point: PointFact, facts: ContactFacts) -> Iterator[Way]:
    wanted = media_wanted(facts)
    for channel in CHANNELS[point.kind]:
        if channel == "text" and channel not in wanted:
            continue
        here = replace(facts, channel=channel, point=point)
        wishes = [replace(wish, id=0, point_id=None, channel="") for wish in facts.preferences if covers(wish, here)]
        hours = point.work_hours if point.work else ()
        yield Way(channel, point.work, hours, tuple(sorted(set(wishes), key=str)))
