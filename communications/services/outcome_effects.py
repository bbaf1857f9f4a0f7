"""What an outcome does beyond the contact itself: holds, consent, the number and its earlier calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from accounts.foundation.domain_events import HardshipTold, publish
from accounts.foundation.events import record
from accounts.foundation.users import User
from accounts.models import (
    HOLD_TERMS,
    IN_FORCE,
    Account,
    ComplaintCategory,
    ConsentBasis,
    DisputeKind,
    Hold,
    HoldKind,
    HoldScope,
)
from accounts.services.accounts import today_of
from accounts.services.complaints import raise_complaint
from accounts.services.contact_points import opt_out, record_consent, set_status
from accounts.services.dispute_raising import raise_dispute
from accounts.services.holds import place_hold
from communications.models import Contact, Outcome


def place_holds(contact: Contact, outcome: Outcome, accounts: list[Account], actor: User, now: datetime) -> None:
    """Place the outcome's hold, on the person or on each account spoken of as its kind says, with its review date.

    One that is in force already isn't doubled. Disputes and complaints are opened with their own hold and clocks; so
    are hardship cases, by the floor above, told again or not. Who asks us to stop isn't called at that number any more,
    on any debt.
    """
    if not outcome.hold_kind:
        return
    if outcome.hold_kind == HoldKind.HARDSHIP:
        publish(HardshipTold(ids=frozenset([contact.pk]), at=now, actor_id=actor.pk))
        return
    of_person = HOLD_TERMS[HoldKind(outcome.hold_kind)].scope == "person"
    for account in accounts[:1] if of_person else [a for a in accounts if a.is_open]:
        if _in_force(contact, outcome.hold_kind, None if of_person else account):
            continue
        if open_case := OPENS_A_CASE.get(outcome.hold_kind):
            open_case(account, contact, actor, now)
            continue
        place_hold(
            kind=outcome.hold_kind,
            account_id=account.pk,
            party_id=contact.party_id,
            review_on=today_of(account, now) + timedelta(days=outcome.review_days),
            reason=outcome.code,
            actor=actor,
            now=now,
        )
    if outcome.hold_kind == HoldKind.CEASE and contact.contact_point_id:
        opt_out(contact_point_id=contact.contact_point_id, channel=contact.channel, actor=actor, now=now)


def _open_dispute(account: Account, contact: Contact, actor: User, now: datetime) -> None:
    """What it is about the note of the call says; whoever acknowledges it says it in a word."""
    if account.balance > 0:
        raise_dispute(
            account_id=account.pk, party_id=contact.party_id, kind=DisputeKind.UNSAID, said="", actor=actor, now=now
        )


def _open_complaint(account: Account, contact: Contact, actor: User, now: datetime) -> None:
    """The same of a complaint: the note of the call says what it is about."""
    raise_complaint(
        account_id=account.pk,
        party_id=contact.party_id,
        category=ComplaintCategory.OTHER,
        said="",
        actor=actor,
        now=now,
    )


OpenCase = Callable[[Account, Contact, User, datetime], None]
OPENS_A_CASE: dict[str, OpenCase] = {
    HoldKind.DISPUTE: _open_dispute,
    HoldKind.COMPLAINT: _open_complaint,
}


def _in_force(contact: Contact, kind: str, account: Account | None) -> bool:
    if account is not None and kind == HoldKind.DISPUTE:
        # A part in dispute leaves the rest to be disputed; all of it is in dispute whoever said so.
        return account.holds.filter(kind=kind, state__in=IN_FORCE, scope=HoldScope.ACCOUNT).exists()
    holds = Hold.objects.filter(kind=kind, person_id=contact.person_id, state__in=IN_FORCE)
    return holds.filter(account=account).exists() if account else holds.exists()


def keep_wish(contact: Contact, callback_at: datetime | None, actor: User, now: datetime) -> None:
    """Who asks to be called back at a time agrees to that call: limits on calls made unasked don't stand in its way."""
    if callback_at is None or contact.contact_point_id is None:
        return
    record_consent(
        contact_point_id=contact.contact_point_id,
        channel=contact.channel,
        basis=ConsentBasis.GIVEN,
        expires_at=callback_at + timedelta(days=1),
        actor=actor,
        now=now,
    )


def spoil_number(contact: Contact, outcome: Outcome, actor: User, now: datetime) -> list[int]:
    """Say what the number turned out to be; answers the earlier contacts that don't count any more.

    Somebody else's number takes out the earlier calls to it, back to the last one in which the person was verified.
    """
    point_id = contact.contact_point_id
    if not outcome.point_status or point_id is None:
        return []
    uncounted = _uncount(contact, point_id, actor, now) if outcome.uncounts else []
    set_status(contact_point_id=point_id, status=outcome.point_status, reason=outcome.code, actor=actor, now=now)
    return uncounted


def _uncount(contact: Contact, point_id: int, actor: User, now: datetime) -> list[int]:
    earlier = Contact.objects.filter(contact_point_id=point_id, direction="out", misdirected=False)
    proved = earlier.filter(verified_at__isnull=False).order_by("-started_at").first()
    if proved is not None:
        earlier = earlier.filter(started_at__gt=proved.started_at)
    wrong = list(earlier.exclude(pk=contact.pk).order_by("pk").locked())
    for call in wrong:
        record("contact.uncounted", subject=call, actor=actor, at=now, reason="misdirected")
    ids = [call.pk for call in wrong]
    Contact.objects.filter(pk__in=ids).update(misdirected=True, counts_attempt=False, counts_conversation=False)
    return ids
