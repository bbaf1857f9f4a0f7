"""Concluding a contact: its outcome and everything that follows from it, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from accounts.foundation.domain_events import AccountsChanged, ContactRecorded, publish
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import Account, AccountState, ContactPointStatus, Note, Party
from accounts.services.accounts import move_account
from accounts.services.sensitive_notes import SensitiveSaid, write_sensitive_note
from communications.models import AccountContact, Contact, ContactState, Outcome, Reached
from communications.services import access
from communications.services.next_steps import plan_step
from communications.services.outcome_effects import keep_wish, place_holds, spoil_number


@dataclass(frozen=True, kw_only=True)
class WrapUp:
    """What the agent says about a contact that is over.

    `account_ids` are accounts of the same person that were spoken of beside the contact's own. `callback_at` is the
    instant that the customer asked for, `next_on` another day for the next step than the outcome's usual one.
    `sensitive` is what was told about health or life: it is kept as a sensitive note, and never in `note`.
    """

    outcome: str
    account_ids: tuple[int, ...] = ()
    note: str = ""
    sensitive: SensitiveSaid | None = None
    callback_at: datetime | None = None
    next_on: date | None = None


@retrying
def wrap_up_contact(*, contact_id: int, wrap_up: WrapUp, actor: User, now: datetime) -> Contact:
    """Record how a contact ended: its state, what it counts for, holds, number, note and the next step.

    An outcome whose next step is `check_promise` leaves that step to the caller, who records the promise in the same
    transaction. Refuses somebody else's or a concluded contact, an unknown outcome, one for verified people before
    verification, one for silence after somebody answered, other people's accounts, and a time that has passed.
    """
    contact, accounts = _lock(contact_id, wrap_up.account_ids)
    outcome = Outcome.objects.filter(code=wrap_up.outcome, active=True).first()
    _refuse(contact, outcome, wrap_up, accounts, actor)
    _conclude(contact, outcome, actor, now)
    AccountContact.objects.bulk_create(
        [AccountContact(contact=contact, account=account) for account in accounts], ignore_conflicts=True
    )
    for account in accounts:
        _work_on(account, contact, outcome, wrap_up, actor, now)
    _keep_apart(contact, wrap_up.sensitive, actor, now)
    place_holds(contact, outcome, accounts, actor, now)
    keep_wish(contact, wrap_up.callback_at, actor, now)
    uncounted = spoil_number(contact, outcome, actor, now)
    access.end_soon(contact, now)
    _announce(contact, accounts, uncounted, actor, now)
    return contact


def _lock(contact_id: int, extra_ids: Iterable[int]) -> tuple[Contact, list[Account]]:
    look = Contact.objects.get(pk=contact_id)
    Party.objects.lock_all([look.person_id, look.party_id])
    own = look.account_contacts.values_list("account_id", flat=True)
    accounts = Account.objects.lock_all({*own, *extra_ids})
    return Contact.objects.lock(contact_id), accounts


def _refuse(contact: Contact, outcome: Outcome | None, wrap_up: WrapUp, accounts: list[Account], actor: User) -> None:
    if contact.agent_id != actor.pk:
        raise Refused("contact_of_somebody_else")
    if not contact.is_open:
        raise Refused("contact_already_wrapped_up")
    if outcome is None:
        raise Refused("outcome_unknown")
    if outcome.needs_verified and contact.verified_at is None:
        raise Refused("outcome_needs_verified")
    if contact.verified_at is not None and outcome.is_of_strangers:
        raise Refused("outcome_after_verification")
    if outcome.reached == Reached.NOBODY and contact.state != ContactState.RESERVED:
        raise Refused("outcome_after_answer")
    if outcome.point_status and contact.contact_point_id is None:
        raise Refused("outcome_needs_number")
    _refuse_strange_accounts(contact, wrap_up.account_ids, accounts, actor)


def _refuse_strange_accounts(
    contact: Contact, extra_ids: tuple[int, ...], accounts: list[Account], actor: User
) -> None:
    own = set(contact.account_contacts.values_list("account_id", flat=True))
    extra = set(extra_ids) - own
    allowed = Account.objects.visible_to(actor).filter(pk__in=extra, parties__person_id=contact.person_id)
    if extra - set(allowed.values_list("pk", flat=True)):
        raise Refused("account_of_another_person")


def _conclude(contact: Contact, outcome: Outcome, actor: User, now: datetime) -> None:
    if contact.state == ContactState.RESERVED:
        name = _transition_of(outcome)
        move(contact, name, actor=actor, at=now, given={"at": now} if name == "connect" else {})
    contact.outcome = outcome
    contact.ended_at = contact.ended_at or now
    contact.wrapped_up_at = now
    ours = contact.direction == "out"
    contact.counts_attempt = ours and outcome.counts_attempt
    contact.counts_conversation = outcome.counts_conversation
    contact.misdirected = ours and outcome.uncounts
    contact.save(
        update_fields=["outcome", "ended_at", "wrapped_up_at", "counts_attempt", "counts_conversation", "misdirected"]
    )
    record("contact.wrapped_up", subject=contact, actor=actor, at=now, reason=outcome.code)


def _transition_of(outcome: Outcome) -> str:
    if outcome.reached != Reached.NOBODY:
        return "connect"
    if outcome.point_status == ContactPointStatus.DEAD:
        return "find_not_in_service"
    return "find_busy" if outcome.code == "busy" else "ring_out"


def _work_on(account: Account, contact: Contact, outcome: Outcome, wrap_up: WrapUp, actor: User, now: datetime) -> None:
    """The account's part: work on it has begun, what was written about it, the next step."""
    codes = {"outcome": outcome.code, "contact": contact.pk}
    record("account.contacted", subject=account, actor=actor, at=now, codes=codes)
    if text := wrap_up.note.strip():
        Note.objects.create(account=account, text=text, author=actor, written_at=now, contact_id=contact.pk)
    if not account.is_open:
        return
    if account.state == AccountState.NEW:
        move_account(account, "activate", actor=actor, now=now, reason="contacted")
    plan_step(
        account,
        outcome,
        person_id=contact.person_id,
        callback_at=wrap_up.callback_at,
        wished_on=wrap_up.next_on,
        actor=actor,
        now=now,
    )


def _keep_apart(contact: Contact, said: SensitiveSaid | None, actor: User, now: datetime) -> None:
    if said is None:
        return
    own = contact.account_contacts.order_by("pk").values_list("account_id", flat=True)
    write_sensitive_note(
        account_id=own[0], party_id=contact.party_id, said=said, contact_id=contact.pk, actor=actor, now=now
    )


def _announce(contact: Contact, accounts: list[Account], uncounted: Iterable[int], actor: User, now: datetime) -> None:
    publish(ContactRecorded(ids=frozenset([contact.pk, *uncounted]), at=now, actor_id=actor.pk))
    publish(AccountsChanged(ids=frozenset(account.pk for account in accounts), at=now, actor_id=actor.pk))
