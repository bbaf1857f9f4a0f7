"""Saving the wrap-up form: the contact's conclusion and, with it or not at all, the promise that was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from accounts.foundation.errors import Refused
from accounts.foundation.locks import retrying
from accounts.foundation.receipts import once
from accounts.foundation.users import User
from accounts.models import Approval, NextKind
from arrangements.models import Arrangement
from arrangements.services.promises import make_promise
from collections_crm.services.drafts import forget_draft
from communications.models import Contact
from communications.selectors.open_contact import accounts_of_contact
from communications.services.outcomes import AGREED
from communications.services.wrap_up import WrapUp, wrap_up_contact


@dataclass(frozen=True)
class PromiseSaid:
    """What the customer promised: this much, by this day."""

    amount: Decimal
    due_on: date


@retrying
def finish_call(
    *, contact_id: int, wrap_up: WrapUp, promise: PromiseSaid | None, key: str, actor: User, now: datetime
) -> Contact:
    """Conclude a contact and take its promise in one transaction: a refusal of either leaves nothing done.

    The same key again changes nothing and answers the contact. Refuses an outcome of a promise without one, and one of
    something agreed when nothing was recorded during the call.
    """

    def effect() -> Contact:
        contact = wrap_up_contact(contact_id=contact_id, wrap_up=wrap_up, actor=actor, now=now)
        if contact.outcome.code == AGREED:
            _refuse_unrecorded(contact, actor)
        elif contact.outcome.next_kind == NextKind.CHECK_PROMISE:
            _take_promise(contact, promise, actor, now)
        forget_draft(user_id=actor.pk, key=draft_key(contact_id))
        return contact

    done, _first = once(key=key, act="contact.wrap_up", actor=actor, at=now, effect=effect)
    return Contact.objects.select_related("outcome", "party").get(pk=done)


def _refuse_unrecorded(contact: Contact, actor: User) -> None:
    """What was agreed stands as an arrangement of this call, or as a request that was made during it."""
    accounts = contact.account_contacts.values("account_id")
    asked = Approval.objects.filter(account__in=accounts, maker=actor, requested_at__gte=contact.started_at)
    if not Arrangement.objects.filter(contact_id=contact.pk).exists() and not asked.exists():
        raise Refused("agreement_not_recorded")


def _take_promise(contact: Contact, promise: PromiseSaid | None, actor: User, now: datetime) -> None:
    if promise is None:
        raise Refused("promise_not_said")
    make_promise(
        account_id=accounts_of_contact(contact)[0].pk,
        party_id=contact.party_id,
        amount=promise.amount,
        due_on=promise.due_on,
        contact_id=contact.pk,
        actor=actor,
        now=now,
    )


def draft_key(contact_id: int) -> str:
    """The name under which the started wrap-up form of a contact is kept."""
    return f"wrap-up-{contact_id}"
