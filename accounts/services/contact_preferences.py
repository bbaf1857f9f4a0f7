"""What a person asks for about when, where and how they are contacted; what is known of their work and their place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from accounts.foundation.days import zones_known
from accounts.foundation.domain_events import PartiesChanged, publish
from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import User
from accounts.foundation.week_hours import read_week
from accounts.models import CHANNELS_OF, ContactPoint, ContactPointKind, ContactPreference, Party, Workplace

register_sentences(
    {
        "preference.nothing_asked": _("Say what they asked for: hours, channels, or not at work."),
        "preference.hours_not_readable": _("Write the hours as 17:00-20:00."),
        "preference.no_day_left": _("These hours leave no day at all. That is an opt-out: record it as one."),
        "preference.ends_before_it_begins": _("It ends before it begins: choose a later day."),
        "preference.not_theirs": _("That number or address is not this person's."),
        "preference.not_by_that": _("That channel can't be used there."),
        "preference.replaced": _("Somebody changed this preference meanwhile. Look at it again."),
        "zone.unknown": _("There is no such time zone."),
    }
)


@retrying
def note_preference(
    *,
    party_id: int,
    told_by: str,
    actor: User | None,
    now: datetime,
    account_id: int | None = None,
    contact_point_id: int | None = None,
    channel: str = "",
    hours: Sequence[str] = (),
    media: Sequence[str] = (),
    not_at_work: bool = False,
    from_on: date | None = None,
    until_on: date | None = None,
    replaces_id: int | None = None,
) -> ContactPreference:
    """Keep what a person asked for, binding from this instant on every debt of theirs.

    `hours` are seven windows, Monday first; `channel` and `contact_point_id` narrow what it speaks of. With
    `replaces_id` it takes the place of an earlier wish, which stays as it was written. Refuses a wish that says
    nothing or leaves no day, days out of order, a point of somebody else, and a wish that was replaced meanwhile.
    """
    party = Party.objects.lock(party_id)
    replaced = _still_standing(replaces_id, party)
    _refuse_senseless(hours, media, not_at_work, from_on, until_on)
    _refuse_strange_point(party, contact_point_id, channel)
    kept = ContactPreference.objects.create(
        party=party,
        account_id=account_id,
        contact_point_id=contact_point_id,
        channel=channel,
        hours=list(hours),
        media=list(media),
        not_at_work=not_at_work,
        from_on=from_on,
        until_on=until_on,
        told_by=told_by,
        noted_by=actor,
        noted_at=now,
        replaces=replaced,
    )
    codes = {"told_by": told_by, "replaces": replaces_id}
    record("contact_preference.noted", subject=kept, actor=actor, at=now, codes=codes)
    _tell(party, actor, now)
    return kept


@retrying
def withdraw_preference(
    *, preference_id: int, told_by: str, actor: User | None, now: datetime, account_id: int | None = None
) -> ContactPreference:
    """The person no longer asks for it: from this instant nothing of it binds. Refuses one that was replaced."""
    party_id = ContactPreference.objects.values_list("party_id", flat=True).get(pk=preference_id)
    party = Party.objects.lock(party_id)
    ended = ContactPreference.objects.create(
        party=party,
        account_id=account_id,
        told_by=told_by,
        noted_by=actor,
        noted_at=now,
        replaces=_still_standing(preference_id, party),
        withdrawn=True,
    )
    codes = {"told_by": told_by, "replaces": preference_id}
    record("contact_preference.withdrawn", subject=ended, actor=actor, at=now, codes=codes)
    _tell(party, actor, now)
    return ended


def _still_standing(preference_id: int | None, party: Party) -> ContactPreference | None:
    if preference_id is None:
        return None
    standing = ContactPreference.objects.current().filter(pk=preference_id, party=party).first()
    if standing is None:
        raise Refused("preference.replaced")
    return standing


def _refuse_senseless(
    hours: Sequence[str], media: Sequence[str], not_at_work: bool, from_on: date | None, until_on: date | None
) -> None:
    if not hours and not media and not not_at_work:
        raise Refused("preference.nothing_asked")
    _refuse_unreadable(hours)
    if hours and not any(hours):
        raise Refused("preference.no_day_left")
    if from_on and until_on and until_on < from_on:
        raise Refused("preference.ends_before_it_begins")


def _refuse_unreadable(hours: Sequence[str]) -> None:
    try:
        read_week(hours)
    except ValueError:
        raise Refused("preference.hours_not_readable") from None


def _refuse_strange_point(party: Party, contact_point_id: int | None, channel: str) -> None:
    if contact_point_id is None:
        return
    point = ContactPoint.objects.filter(pk=contact_point_id, party__person_id=party.person_id).first()
    if point is None:
        raise Refused("preference.not_theirs")
    if channel and channel not in CHANNELS_OF[ContactPointKind(point.kind)]:
        raise Refused("preference.not_by_that")


@retrying
def note_workplace(
    *,
    party_id: int,
    employer: str,
    hours: Sequence[str],
    told_by: str,
    actor: User | None,
    now: datetime,
    account_id: int | None = None,
) -> Workplace:
    """Keep whether the employer wants contact at work, and the person's working hours (empty: not known). What was
    known before stays as it was written. Refuses hours that can't be read."""
    party = Party.objects.lock(party_id)
    _refuse_unreadable(hours)
    kept = Workplace.objects.create(
        party=party,
        account_id=account_id,
        employer=employer,
        hours=list(hours) if any(hours) else [],
        told_by=told_by,
        noted_by=actor,
        noted_at=now,
    )
    codes = {"told_by": told_by, "employer": employer}
    record("workplace.noted", subject=kept, actor=actor, at=now, codes=codes)
    _tell(party, actor, now)
    return kept


@retrying
def state_zone(*, party_id: int, zone: str, actor: User | None, now: datetime) -> Party:
    """Keep the time zone in which a person says to be, beside those that their addresses and numbers suggest; empty
    takes it back. Saying it twice changes nothing. Refuses a zone that does not exist."""
    party = Party.objects.lock(party_id)
    _refuse_unknown_zone(zone)
    if party.stated_zone == zone:
        return party
    was, party.stated_zone = party.stated_zone, zone
    party.save(update_fields=["stated_zone"])
    record("person.zone_stated", subject=party, actor=actor, at=now, codes={"from": was, "to": zone})
    _tell(party, actor, now)
    return party


@retrying
def set_point_zone(*, contact_point_id: int, zone: str, actor: User | None, now: datetime) -> ContactPoint:
    """Keep the zone in which one number or address is used, beside what it suggests itself; empty takes it back."""
    party_id = ContactPoint.objects.values_list("party_id", flat=True).get(pk=contact_point_id)
    party = Party.objects.lock(party_id)
    _refuse_unknown_zone(zone)
    point = ContactPoint.objects.lock(contact_point_id)
    zones = [zone] if zone else []
    if point.zones == zones:
        return point
    was, point.zones = point.zones, zones
    point.save(update_fields=["zones"])
    record("contact_point.zone_stated", subject=point, actor=actor, at=now, codes={"from": was, "to": zones})
    _tell(party, actor, now)
    return point


def _refuse_unknown_zone(zone: str) -> None:
    if zone and zone not in zones_known():
        raise Refused("zone.unknown")


def _tell(party: Party, actor: User | None, now: datetime) -> None:
    publish(PartiesChanged(ids=frozenset([party.pk]), at=now, actor_id=getattr(actor, "pk", None)))
