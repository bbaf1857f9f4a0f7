"""Complaints that the customer takes to the Ombudsman or authority: held again until it has decided."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import Complaint, ComplaintState, Ruling
from accounts.services.accounts import today_of
from accounts.services.complaints import enter_complaint, hold_for, let_go, refuse_decider, refuse_second
from accounts.services.holds import extend_hold
from accounts.services.notes import note_of

ASKED_EVERY = timedelta(days=30)
S = ComplaintState


@retrying
def refer_complaint(*, complaint_id: int, on: date, actor: User, now: datetime, reference: str = "") -> Complaint:
    """Note that the customer took it to the Ombudsman or authority of the place: nothing is asked of them and nothing
    enforced until its decision is recorded, also when we had answered.

    Refuses a day before it came or to come, and one that the authority has decided. Twice changes nothing.
    """
    complaint = enter_complaint(complaint_id, actor)
    if complaint.state == S.REFERRED:
        return complaint
    if complaint.ruled_on is not None:
        raise Refused("complaint_ruled_already")
    account, today = complaint.account, today_of(complaint.account, now)
    if not complaint.received_on <= on <= today:
        raise Refused("complaint_referred_when", received=complaint.received_on)
    if complaint.state == S.CLOSED:
        refuse_second(account, complaint.party_id, complaint.category)
        hold = hold_for(complaint, today + ASKED_EVERY, actor, now)
    else:
        hold = complaint.hold
    given = {"on": on, "reference": reference.strip(), "hold": hold}
    move(complaint, "refer", actor=actor, at=now, given=given)
    return _asked_again(complaint, today, actor, now)


@retrying
def ask_authority(*, complaint_id: int, actor: User, now: datetime) -> Complaint:
    """Note that somebody asked the authority how it stands: it is asked again in thirty days."""
    complaint = enter_complaint(complaint_id, actor)
    if complaint.state != S.REFERRED:
        raise Refused("complaint_not_referred")
    record("complaint.asked", subject=complaint, actor=actor, at=now)
    return _asked_again(complaint, today_of(complaint.account, now), actor, now)


def _asked_again(complaint: Complaint, today: date, actor: User, now: datetime) -> Complaint:
    hold, again_on = complaint.hold, today + ASKED_EVERY
    if hold is not None and hold.review_on != again_on:
        complaint.hold = extend_hold(
            hold_id=hold.pk, review_on=again_on, reason="complaint_referred", actor=actor, now=now
        )
    return complaint


@retrying
def record_ruling(*, complaint_id: int, ruling: str, on: date, said: str, actor: User, now: datetime) -> Complaint:
    """Keep what the authority decided and what it says we must do: the complaint is over for good, its hold ends.

    Refuses roles that don't decide, one that isn't with the authority, and a day before it went there or to come.
    """
    complaint = enter_complaint(complaint_id, actor)
    refuse_decider(actor)
    if complaint.state != S.REFERRED or complaint.referred_on is None:
        raise Refused("complaint_not_referred")
    if ruling not in Ruling.values:
        raise Refused("complaint_ruling_unknown")
    if not complaint.referred_on <= on <= today_of(complaint.account, now):
        raise Refused("complaint_ruled_when", referred=complaint.referred_on)
    note = note_of(complaint.account, said, actor, now)
    given = {"ruling": ruling, "on": on, "note": note, "at": now}
    move(complaint, "rule", actor=actor, at=now, reason=ruling, given=given)
    return let_go(complaint, "complaint_ruled", actor, now)
