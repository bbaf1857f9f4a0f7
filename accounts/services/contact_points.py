"""Ways to reach a party: adding them, what becomes of them, and what was agreed about them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q

from accounts.foundation.domain_events import AccountsChanged, ContactPointChanged, publish
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import User
from accounts.models import (
    NUMBERS,
    OWES,
    REACHING,
    USABLE,
    Account,
    AccountParty,
    Consent,
    ContactPoint,
    ContactPointKind,
    ContactPointStatus,
    LineType,
    NextKind,
    Party,
)
from accounts.selectors.limitation import LimitationFacts, limitation_facts
from accounts.services.accounts import today_of
from accounts.services.holds import give_way_to_holds
from accounts.services.limitation import rewind_after_place
from accounts.services.next_step import set_next

LINE_TYPES = {
    phonenumbers.PhoneNumberType.FIXED_LINE: LineType.GEOGRAPHIC,
    phonenumbers.PhoneNumberType.MOBILE: LineType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE: LineType.GEOGRAPHIC,
    phonenumbers.PhoneNumberType.TOLL_FREE: LineType.TOLL_FREE,
    phonenumbers.PhoneNumberType.VOIP: LineType.VOIP,
}


def normal_phone(typed: str, country: str) -> tuple[str, LineType]:
    """(E.164, kind of line) of a number typed in any format, read as a number of `country` unless it says otherwise.

    Refuses what can't be a number there.
    """
    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        raise Refused("phone_not_readable") from None
    if not phonenumbers.is_valid_number(number):
        raise Refused("phone_not_valid", country=country)
    line = LINE_TYPES.get(phonenumbers.number_type(number), LineType.UNKNOWN)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), line


def normal_email(typed: str) -> str:
    """Lower case, without surrounding space. Refuses what isn't an address."""
    address = typed.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Refused("email_not_valid") from None
    return address


def _normal(kind: str, value: str, country: str) -> tuple[str, LineType]:
    if kind in NUMBERS:
        return normal_phone(value, country)
    if kind == ContactPointKind.EMAIL:
        return normal_email(value), LineType.UNKNOWN
    return re.sub(r"\s+", " ", value).strip(), LineType.UNKNOWN


@retrying
def add_contact_point(
    *,
    party_id: int,
    kind: str,
    value: str,
    provenance: str,
    actor: User | None,
    now: datetime,
    country: str = "",
    city: str = "",
    region: str = "",
    postcode: str = "",
    is_work: bool = False,
    status: str = ContactPointStatus.UNVERIFIED,
) -> ContactPoint:
    """Add a way to reach a party; one that is already there is answered as it is, and lives again if it was dead.

    An account that waited to be traced for want of a phone or e-mail can be worked again with one, unless a hold
    forbids it. Refuses what can't be a phone or e-mail.
    """
    party = Party.objects.lock(party_id)
    accounts = list(Account.objects.open().filter(parties=party).order_by("pk").locked())
    country = country or (accounts[0].portfolio.country if accounts else "")
    normal, line_type = _normal(kind, value, country)
    places = _places(accounts, kind)
    point, made = ContactPoint.objects.get_or_create(
        party=party,
        kind=kind,
        value=normal,
        defaults={
            "line_type": line_type,
            "is_work": is_work,
            "city": city,
            "region": region,
            "postcode": postcode,
            "country": country,
            "status": status,
            "provenance": provenance,
            "added_at": now,
        },
    )
    if not made and point.status == ContactPointStatus.DEAD:
        _change_status(point, status, "added_again", actor, now)
    if made:
        codes = {"kind": kind, "provenance": provenance}
        record("contact_point.added", subject=point, actor=actor, at=now, codes=codes)
    if kind in REACHING:
        _make_workable(accounts, actor, now)
    if places:
        rewind_after_place(accounts=accounts, before=places, actor=actor, now=now)
    _tell([point.pk], [a.pk for a in accounts], actor, now)
    return point


def _places(accounts: list[Account], kind: str) -> dict[int, LimitationFacts]:
    """What an address may change of an account: by whose law its debt runs out of time."""
    return limitation_facts(account.pk for account in accounts) if kind == ContactPointKind.POST else {}


def _make_workable(accounts: list[Account], actor: User | None, now: datetime) -> None:
    for account in accounts:
        if account.next_kind == NextKind.TRACE:
            set_next(
                account=account,
                kind=NextKind.ACT,
                on=today_of(account, now),
                reason="contact_point_found",
                actor=actor,
                now=now,
            )
            give_way_to_holds(account=account, actor=actor, now=now)


def _change_status(point: ContactPoint, status: str, reason: str, actor: User | None, now: datetime) -> None:
    was, point.status, point.status_at = point.status, status, now
    point.save(update_fields=["status", "status_at"])
    codes = {"from": was, "to": status}
    record("contact_point.status_set", subject=point, actor=actor, at=now, reason=reason, codes=codes)


@retrying
def set_status(*, contact_point_id: int, status: str, reason: str, actor: User | None, now: datetime) -> ContactPoint:
    """Say that a contact point is verified, somebody else's, or dead. Saying it twice changes nothing.

    An account on which nobody who owes has a usable phone or e-mail left goes to be traced.
    """
    party_id = ContactPoint.objects.values_list("party_id", flat=True).get(pk=contact_point_id)
    party = Party.objects.lock(party_id)
    accounts = list(Account.objects.open().filter(parties=party).order_by("pk").locked())
    point = ContactPoint.objects.lock(contact_point_id)
    if point.status == status:
        return point
    places = _places(accounts, point.kind)
    _change_status(point, status, reason, actor, now)
    _trace_the_unreachable(accounts, actor, now)
    if places:
        rewind_after_place(accounts=accounts, before=places, actor=actor, now=now)
    _tell([point.pk], [a.pk for a in accounts], actor, now)
    return point


def _trace_the_unreachable(accounts: list[Account], actor: User | None, now: datetime) -> None:
    for account in accounts:
        owing = AccountParty.objects.filter(account=account, role__in=OWES).values("party_id")
        reachable = ContactPoint.objects.filter(party__in=owing, kind__in=REACHING, status__in=USABLE).exists()
        if not reachable and account.next_kind in (NextKind.ACT, NextKind.CALLBACK):
            set_next(
                account=account,
                kind=NextKind.TRACE,
                on=today_of(account, now),
                reason="nobody_to_reach",
                actor=actor,
                now=now,
            )


@retrying
def opt_out(*, contact_point_id: int, channel: str, actor: User | None, now: datetime) -> Consent:
    """The customer asked not to be reached this way: honoured from this instant, on every debt."""
    point = _point_of_locked(contact_point_id)
    point.consents.filter(channel=channel, revoked_at__isnull=True).update(revoked_at=now)
    return _keep_consent(point, channel, actor, now, opted_out=True)


@retrying
def record_consent(
    *,
    contact_point_id: int,
    channel: str,
    basis: str,
    actor: User | None,
    now: datetime,
    expires_at: datetime | None = None,
    account_id: int | None = None,
) -> Consent:
    """The customer agreed to be reached this way, about one account or (None) all of theirs.

    Ends an opt-out of the channel there, and earlier consent of the same reach that would not outlast it. Refuses
    agreement about one account where they opted out for all, and an account that isn't this person's.
    """
    point = _point_of_locked(contact_point_id)
    earlier = point.consents.filter(channel=channel, revoked_at__isnull=True)
    if account_id is not None:
        if earlier.filter(opted_out=True).exists():
            raise Refused("consent_opted_out_of_all")
        if not Account.objects.filter(pk=account_id, parties__contact_points=point).exists():
            raise Refused("consent_other_account")
    outlasted = Q() if expires_at is None else Q(expires_at__lte=expires_at)
    earlier.filter(Q(opted_out=True) | (outlasted & Q(account=account_id))).update(revoked_at=now)
    given = {"basis": basis, "expires_at": expires_at, "account_id": account_id}
    return _keep_consent(point, channel, actor, now, **given)


def _point_of_locked(contact_point_id: int) -> ContactPoint:
    point = ContactPoint.objects.get(pk=contact_point_id)
    Party.objects.lock(point.party_id)
    return point


def _keep_consent(point: ContactPoint, channel: str, actor: User | None, now: datetime, **given: Any) -> Consent:
    consent = point.consents.create(channel=channel, given_at=now, **given)
    kind = "contact_point.opted_out" if consent.opted_out else "contact_point.consent_recorded"
    codes = {"channel": channel, "basis": consent.basis, "account": consent.account_id}
    record(kind, subject=point, actor=actor, at=now, codes=codes)
    ids = list(Account.objects.open().filter(parties=point.party_id).values_list("pk", flat=True))
    _tell([point.pk], ids, actor, now)
    return consent


def _tell(point_ids: list[int], account_ids: list[int], actor: User | None, now: datetime) -> None:
    actor_id = getattr(actor, "pk", None)
    publish(ContactPointChanged(ids=frozenset(point_ids), at=now, actor_id=actor_id))
    publish(AccountsChanged(ids=frozenset(account_ids), at=now, actor_id=actor_id))
