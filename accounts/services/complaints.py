"""Complaints from the customer's word to the answer that they got: each step, its clock, and its hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import Role, User
from accounts.models import (
    ANSWERED_AS,
    AUTHORITIES,
    OPEN_COMPLAINT,
    OWES,
    Account,
    AnswerWay,
    Complaint,
    ComplaintCategory,
    ComplaintState,
    ComplaintWay,
    Hold,
    HoldKind,
    Remedy,
)
from accounts.models.complaint import clock_for
from accounts.services import complaint_words  # noqa: F401 - registers the refusals
from accounts.services.accounts import today_of
from accounts.services.case_clocks import keep_review, sent_between
from accounts.services.door import lock_accounts_of_person
from accounts.services.holds import place_hold, release_hold
from accounts.services.notes import note_of

WHO_TAKES = frozenset({Role.AGENT, Role.MANAGER, Role.COMPLIANCE})
WHO_DECIDES = frozenset({Role.MANAGER, Role.COMPLIANCE})
LONGEST_DELAY = timedelta(days=90)
S = ComplaintState


@retrying
def raise_complaint(
    *,
    account_id: int,
    party_id: int,
    category: str,
    said: str,
    actor: User,
    now: datetime,
    wanted: str = "",
    way: str = ComplaintWay.CUSTOMER,
    received_on: date | None = None,
    in_writing: bool = False,
    about_agent_id: int | None = None,
) -> Complaint:
    """Keep what the customer complains about and what they want, and let the person rest until it is answered. Clocks
    run from receipt.

    The account may be closed: people complain about those, too. What was left unsaid in a call stands in its note.
    Refuses a day to come, a way that there isn't where the account is, somebody who doesn't owe on it, and a second
    open complaint of one person about the same.
    """
    account = lock_accounts_of_person(account_id, party_id)
    today = today_of(account, now)
    received_on = received_on or today
    _refuse_impossible(account, party_id, category, way)
    if received_on > today:
        raise Refused("complaint_in_the_future", day=received_on)
    clock = clock_for(account.portfolio.jurisdiction, category=category, way=way)
    complaint = Complaint.objects.create(
        account=account,
        party_id=party_id,
        category=category,
        way=way,
        in_writing=in_writing,
        said=note_of(account, said, actor, now),
        wanted=note_of(account, wanted, actor, now),
        received_on=received_on,
        acknowledge_by=clock.acknowledge_by(received_on, account.portfolio.country),
        answer_by=clock.answer_by(received_on, account.portfolio.country),
        about_agent_id=about_agent_id,
        raised_by=actor,
        raised_at=now,
    )
    record("complaint.raised", subject=complaint, actor=actor, at=now, reason=category, codes={"way": way})
    complaint.hold = hold_for(complaint, max(today, complaint.due_on), actor, now)
    complaint.save(update_fields=["hold"])
    return complaint


def ways_to(place: str) -> list[ComplaintWay]:
    """How a complaint reaches us in a place."""
    return [ComplaintWay.CUSTOMER, ComplaintWay.REPRESENTATIVE, AUTHORITIES[place]]


def _refuse_impossible(account: Account, party_id: int, category: str, way: str) -> None:
    if category not in ComplaintCategory.values:
        raise Refused("complaint_category_unknown")
    if way not in ways_to(account.portfolio.jurisdiction):
        raise Refused("complaint_way_elsewhere")
    if not account.account_parties.filter(party_id=party_id, role__in=OWES).exists():
        raise Refused("complaint_of_a_stranger")
    refuse_second(account, party_id, category)


def refuse_second(account: Account, party_id: int, category: str) -> None:
    """One person has one open complaint about one thing."""
    if account.complaints.filter(party_id=party_id, category=category, state__in=OPEN_COMPLAINT).exists():
        raise Refused("complaint_open_already")


def hold_for(complaint: Complaint, review_on: date, actor: User, now: datetime) -> Hold:
    return place_hold(
        kind=HoldKind.COMPLAINT,
        account_id=complaint.account_id,
        party_id=complaint.party_id,
        review_on=review_on,
        reason=complaint.category,
        placed_for=complaint,
        actor=actor,
        now=now,
    )


@retrying
def acknowledge_complaint(*, complaint_id: int, actor: User, now: datetime) -> Complaint:
    """Note that the customer was told that their complaint came."""
    complaint = enter_complaint(complaint_id, actor)
    move(complaint, "acknowledge", actor=actor, at=now)
    return kept_up(complaint, actor, now)


@retrying
def review_complaint(*, complaint_id: int, actor: User, now: datetime) -> Complaint:
    """Somebody looks into it: it can be decided."""
    complaint = enter_complaint(complaint_id, actor)
    move(complaint, "review", actor=actor, at=now)
    return kept_up(complaint, actor, now)


@retrying
def tell_of_delay(*, complaint_id: int, reasons: str, until: date, actor: User, now: datetime) -> Complaint:
    """Tell the customer that the answer takes longer, why, in their language, and until when at most.

    It may be told again, with a later day. The clock of the law goes on: past its day the complaint stays late. Refuses
    roles that don't decide, one that isn't acknowledged or is decided, no reasons, a day that isn't later than what was
    due, and one beyond ninety days.
    """
    complaint = enter_complaint(complaint_id, actor)
    refuse_decider(actor)
    if complaint.state not in (S.ACKNOWLEDGED, S.UNDER_REVIEW):
        raise Refused("complaint_delay_state")
    today = today_of(complaint.account, now)
    after = max(complaint.due_on, today)
    if not after < until <= today + LONGEST_DELAY:
        raise Refused("complaint_delay_day", after=after, last=today + LONGEST_DELAY)
    if not (note := note_of(complaint.account, reasons, actor, now)):
        raise Refused("complaint_reasons_needed")
    complaint.delayed_on, complaint.delayed_until, complaint.delay_reasons = today, until, note
    complaint.save(update_fields=["delayed_on", "delayed_until", "delay_reasons"])
    record("complaint.delayed", subject=complaint, actor=actor, at=now, codes={"until": until.isoformat()})
    return kept_up(complaint, actor, now)


@retrying
def uphold_complaint(
    *, complaint_id: int, outcome: str, remedies: Sequence[str], reasons: str, actor: User, now: datetime
) -> Complaint:
    """Say that the customer is right, in all or in part, what is put right, and why, in their language.

    No money is moved: an amount is put right by a dispute. Refuses roles that don't decide, whom the complaint is
    about, nothing that is put right, and no reasons.
    """
    complaint = enter_complaint(complaint_id, actor)
    refuse_decider(actor)
    if outcome not in (S.UPHELD, S.PART_UPHELD):
        raise Refused("complaint_outcome_unknown")
    chosen = [remedy for remedy in Remedy.values if remedy in remedies]
    if not chosen:
        raise Refused("complaint_remedy_needed")
    name = "uphold" if outcome == S.UPHELD else "uphold_in_part"
    return _decide(complaint, name, reasons, actor, now, remedies=chosen)


@retrying
def reject_complaint(*, complaint_id: int, reasons: str, actor: User, now: datetime) -> Complaint:
    """Say that there is nothing to put right, and why, in the customer's language. Refuses what `uphold_complaint`
    refuses."""
    complaint = enter_complaint(complaint_id, actor)
    refuse_decider(actor)
    return _decide(complaint, "reject", reasons, actor, now)


def _decide(complaint: Complaint, name: str, reasons: str, actor: User, now: datetime, **given: object) -> Complaint:
    if not (note := note_of(complaint.account, reasons, actor, now)):
        raise Refused("complaint_reasons_needed")
    move(complaint, name, actor=actor, at=now, given={"by": actor, "at": now, "reasons": note, **given})
    return kept_up(complaint, actor, now)


def refuse_decider(actor: User) -> None:
    """Refuses roles that neither decide nor speak for the house; `enter_complaint` refuses whom it is about."""
    if actor.role not in WHO_DECIDES:
        raise Refused("complaint_not_yours_to_decide")


@retrying
def record_complaint_answer(*, complaint_id: int, how: str, on: date, actor: User, now: datetime) -> Complaint:
    """Note on which day and how the customer was sent the decision with its reasons: that closes the complaint.

    Refuses one that isn't decided, and a day before the decision or to come. Twice changes nothing.
    """
    complaint = enter_complaint(complaint_id, actor)
    if complaint.state == S.CLOSED:
        return complaint
    if complaint.state not in ANSWERED_AS or complaint.decided_at is None:
        raise Refused("complaint_not_decided")
    if how not in AnswerWay.values:
        raise Refused("complaint_answered_how")
    if not sent_between(complaint.decided_at, on, now, account=complaint.account):
        raise Refused("complaint_answered_when", day=on)
    complaint.answered_on, complaint.answered_how = on, how
    complaint.save(update_fields=["answered_on", "answered_how"])
    return _close(complaint, "complaint_answered", actor, now)


@retrying
def withdraw_complaint(*, complaint_id: int, actor: User, now: datetime) -> Complaint:
    """The customer doesn't complain any more. Twice changes nothing; refuses one that is decided."""
    complaint = enter_complaint(complaint_id, actor)
    if complaint.state == S.CLOSED:
        return complaint
    move(complaint, "withdraw", actor=actor, at=now)
    return _close(complaint, "complaint_withdrawn", actor, now)


def _close(complaint: Complaint, reason: str, actor: User, now: datetime) -> Complaint:
    move(complaint, "close", actor=actor, at=now, reason=reason, given={"at": now})
    return let_go(complaint, reason, actor, now)


def let_go(complaint: Complaint, reason: str, actor: User, now: datetime) -> Complaint:
    """It is over: its hold ends with it. What other complaints or cases hold stays held."""
    if complaint.hold_id:
        release_hold(hold_id=complaint.hold_id, reason=reason, actor=actor, now=now)
    return kept_up(complaint, actor, now)


def enter_complaint(complaint_id: int, actor: User) -> Complaint:
    """The complaint, locked after its people and their accounts. Refuses other roles, and whom it is about: they take
    no step of it."""
    look = Complaint.objects.only("account_id", "party_id").get(pk=complaint_id)
    account = lock_accounts_of_person(look.account_id, look.party_id)
    complaint = Complaint.objects.lock(complaint_id)
    complaint.account = account
    if actor.role not in WHO_TAKES:
        raise Refused("complaint_not_your_role")
    refuse_whom_it_is_about(complaint, actor)
    return complaint


def refuse_whom_it_is_about(complaint: Complaint, actor: User) -> None:
    if actor.pk == complaint.about_agent_id:
        raise Refused("complaint_about_you")


def kept_up(complaint: Complaint, actor: User, now: datetime) -> Complaint:
    """The hold is looked at when the next thing is due."""
    hold = Hold.objects.get(pk=complaint.hold_id) if complaint.hold_id else None
    keep_review(hold, complaint.due_on, account=complaint.account, reason="complaint_clock", actor=actor, now=now)
    return complaint
