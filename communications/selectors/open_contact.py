"""The contact that an agent has open, and what must stay unsaid while nobody has been verified in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.foundation import clock
from accounts.foundation.purposes import Channel
from accounts.foundation.users import User
from accounts.models import Account, Party
from communications.models import Contact

# How long somebody who served a caller of another team still reads the account after that call.
AFTER_THE_CALL = timedelta(minutes=30)


def open_contact_of(user: User) -> Contact | None:
    """The call that the user has to wrap up, with its party and contact point. One query."""
    return (
        Contact.objects.filter(agent_id=user.pk, channel=Channel.CALL, wrapped_up_at__isnull=True)
        .select_related("party", "contact_point")
        .first()
    )


@dataclass(frozen=True)
class Silence:
    """Why an account page says nothing about the debt: `verify_first` (a contact is open) or `callers_only`."""

    reason: str
    contact: Contact | None


def silence_for(user: User, account: Account, now: datetime | None = None) -> Silence | None:
    """None when the account may be shown in full. Two queries at most.

    Silent while the user's open contact is with one of the account's people and nobody was verified in it; and for an
    account of another team, seen because somebody called, until that caller was verified by this user.
    """
    contact = open_contact_of(user)
    if contact is not None and contact.verified_at is None and speaks_of(contact, account):
        return Silence("verify_first", contact)
    if user.sees_every_account or account.portfolio.teams.filter(pk=user.team_id).exists():
        return None
    return None if _verified_lately(user, account, now or clock.now()) else Silence("callers_only", contact)


def speaks_of(contact: Contact, account: Account) -> bool:
    """The contact is about this account, or with one of its people."""
    same_person = Party.objects.filter(account_parties__account=account, person_id=contact.person_id)
    return contact.account_contacts.filter(account=account).exists() or same_person.exists()


def _verified_lately(user: User, account: Account, now: datetime) -> bool:
    still = Q(wrapped_up_at__isnull=True) | Q(wrapped_up_at__gt=now - AFTER_THE_CALL)
    verified = Contact.objects.filter(still, agent_id=user.pk, verified_at__isnull=False)
    return verified.filter(account_contacts__account=account).exists()


def accounts_of_contact(contact: Contact) -> list[Account]:
    """The accounts that the contact is about, the first one first."""
    return list(
        Account.objects.filter(account_contacts__contact=contact)
        .select_related("portfolio", "portfolio__product")
        .order_by("account_contacts__id")
    )


def other_accounts(contact: Contact, user: User) -> list[Account]:
    """Open accounts of the same person that the contact doesn't speak of yet and the user may see."""
    return list(
        Account.objects.visible_to(user)
        .open()
        .filter(parties__person_id=contact.person_id)
        .exclude(account_contacts__contact=contact)
        .select_related("portfolio")
        .distinct()
        .order_by("reference")
    )
