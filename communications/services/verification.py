"""Asking a person to prove who they are. Answers are compared and forgotten: they are never stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from accounts.foundation.days import civil_day
from accounts.foundation.domain_events import ContactRecorded, publish
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import ContactPointStatus, Party
from accounts.services.contact_points import set_status
from communications.models import Contact, ContactState, Message, UnlockReason, VerificationTry, VerificationUnlock
from communications.selectors.verification import TRIES_A_DAY, failures_on, questions_for
from communications.verification.questions import Questionnaire


@retrying
def try_verification(*, contact_id: int, answers: Mapping[str, str], actor: User, now: datetime) -> VerificationTry:
    """Compare all answers together; when every one matches, the contact is verified from now on.

    `answers` are by question code, a birth date as ISO text. Which of them failed isn't said or kept. Refuses somebody
    else's or a concluded contact, a party that can't be verified, and the fourth try after three failures in a day.
    """
    contact = _locked_contact(contact_id, actor)
    attempt = _compare(contact, questions_for(contact), answers, contact.local_on, now)
    _remember(contact, attempt, actor, now)
    return attempt


def _compare(
    contact: Contact, form: Questionnaire, answers: Mapping[str, str], on: date, now: datetime
) -> VerificationTry:
    """Keep one try of a contact's party, whose row is locked, on a civil day; wherever it is made, three failures of a
    day lock the next one."""
    if not form.can_pass:
        raise Refused("verification_not_possible")
    if failures_on(contact.party_id, on) >= TRIES_A_DAY:
        raise Refused("verification_locked")
    return VerificationTry.objects.create(
        contact=contact,
        party_id=contact.party_id,
        asked=form.codes,
        matched=form.all_match(answers),
        at=now,
        local_on=on,
    )


def _locked_contact(contact_id: int, actor: User) -> Contact:
    look = Contact.objects.get(pk=contact_id)
    Party.objects.lock_all([look.person_id, look.party_id])
    contact = Contact.objects.lock(contact_id)
    if contact.agent_id != actor.pk:
        raise Refused("contact_of_somebody_else")
    if not contact.is_open:
        raise Refused("verification_closed")
    return contact


def _remember(contact: Contact, attempt: VerificationTry, actor: User, now: datetime) -> None:
    if contact.state == ContactState.RESERVED:
        move(contact, "connect", actor=actor, at=now, given={"at": now})
    if attempt.matched and contact.verified_at is None:
        contact.verified_at = now
        contact.save(update_fields=["verified_at"])
        _believe_the_number(contact, actor, now)
    codes = {"asked": attempt.asked, "matched": attempt.matched}
    record("contact.verification_tried", subject=contact, actor=actor, at=now, codes=codes)
    publish(ContactRecorded(ids=frozenset([contact.pk]), at=now, actor_id=actor.pk))


def _believe_the_number(contact: Contact, actor: User, now: datetime) -> None:
    """Whoever answered there has proved to be the person."""
    point = contact.contact_point
    if point is not None and point.party_id == contact.party_id and point.status == ContactPointStatus.UNVERIFIED:
        set_status(
            contact_point_id=point.pk,
            status=ContactPointStatus.VERIFIED,
            reason="verified_in_contact",
            actor=actor,
            now=now,
        )


@retrying
def try_on_page(*, message_id: int, answers: Mapping[str, str], now: datetime) -> VerificationTry:
    """Compare what somebody answers on the page of a message that was sent. Kept like a try in a call, and counted with
    those of the day: three that fail lock both. Refuses a message that never left, and a party that can't be verified.
    """
    message = Message.objects.select_related("party", "account__portfolio").get(pk=message_id)
    Party.objects.lock_all([message.party.person_id, message.party_id])
    contact = message.contact
    if contact is None:
        raise Refused("verification_closed")
    today = civil_day(now, message.account.portfolio.zone)
    attempt = _compare(contact, questions_for(contact, message.account), answers, today, now)
    codes = {"asked": attempt.asked, "matched": attempt.matched}
    record("message.verification_tried", subject=message, actor=None, at=now, codes=codes)
    return attempt


@retrying
def unlock_verification(*, party_id: int, reason: str, actor: User, now: datetime) -> VerificationUnlock:
    """A manager lets a party be asked again today. Refuses other roles, own calls, and a party that isn't locked."""
    party = Party.objects.get(pk=party_id)
    Party.objects.lock(party.person_id)
    if not actor.is_manager:
        raise Refused("unlock_needs_manager")
    last = VerificationTry.objects.filter(party=party, matched=False).first()
    if last is None or failures_on(party_id, last.local_on) < TRIES_A_DAY:
        raise Refused("verification_not_locked")
    own = VerificationTry.objects.filter(party=party, local_on=last.local_on, contact__agent=actor, matched=False)
    if own.exists():
        raise Refused("unlock_own_tries")
    unlock = VerificationUnlock.objects.create(party=party, by=actor, reason=UnlockReason(reason), at=now)
    record("party.verification_unlocked", subject=party, actor=actor, at=now, reason=reason)
    return unlock
