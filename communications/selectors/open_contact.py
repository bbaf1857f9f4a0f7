"""The contact that an agent has open, and what must stay unsaid while nobody has been verified in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from accounts.foundation import clock
from accounts.foundation.prepared_statements import ask
from accounts.foundation.purposes import Channel
from accounts.foundation.users import User
from accounts.models import Account, Party
from communications.models import Contact

# How long somebody who served a caller of another team still reads the account after that call.
AFTER_THE_CALL = timedelta(minutes=30)


# Every page asks, and mostly the answer is no: asking for the id alone is five times as fast.
_OPEN = "SELECT id FROM communications_contact WHERE agent_id = %(me)s AND channel = %(call)s AND wrapped_up_at IS NULL"
_OF_OWN_TEAM = "EXISTS (SELECT FROM accounts_team_portfolios WHERE team_id = %(team)s AND portfolio_id = %(portfolio)s)"
_STANDING = f"SELECT ({_OPEN}), {_OF_OWN_TEAM}"


def open_contact_of(user: User) -> Contact | None:
    """The call that the user has to wrap up, with its party and contact point. One query when none is, else two."""
    with connection.cursor() as cursor:
        ask(cursor, _OPEN, {"me": user.pk, "call": Channel.CALL})
        found = cursor.fetchone()
    return _contact(found[0]) if found else None


def _contact(pk: int) -> Contact:
    return Contact.objects.select_related("party", "contact_point").get(pk=pk)


# True of an account of which nothing is said: that of the person in the user's open contact while nobody was verified
# in it. For a statement that reads accounts; needs %(me)s.
UNSPOKEN = """
    EXISTS (
        SELECT FROM communications_contact AS o
        WHERE o.agent_id = %(me)s AND o.channel = 'call' AND o.wrapped_up_at IS NULL AND o.verified_at IS NULL AND (
            EXISTS (SELECT FROM communications_accountcontact AS oc WHERE oc.contact_id = o.id AND oc.account_id = a.id)
            OR EXISTS (SELECT FROM accounts_accountparty AS r JOIN accounts_party AS t ON t.id = r.party_id
                WHERE r.account_id = a.id AND t.person_id = o.person_id)))
"""


@dataclass(frozen=True)
class Silence:
    """Why an account page says nothing about the debt: `verify_first` (a contact is open) or `callers_only`."""

    reason: str
    contact: Contact | None


@dataclass(frozen=True)
class Line:
    """Whom the user has on the line (None: nobody), and why nothing may be said of an account (None: all may be)."""

    contact: Contact | None
    silence: Silence | None


def silence_for(user: User, account: Account, now: datetime | None = None) -> Silence | None:
    """Why nothing may be said of the account; None when it may be shown in full."""
    return line_of(user, account, now).silence


def line_of(user: User, account: Account, now: datetime | None = None) -> Line:
    """Who is on the line, and what that means for an account. One query while nobody is and the account is the team's.

    Silent while the user's open contact is with one of the account's people and nobody was verified in it; and for an
    account of another team, seen because somebody called, until that caller was verified by this user.
    """
    with connection.cursor() as cursor:
        ask(
            cursor,
            _STANDING,
            {"me": user.pk, "call": Channel.CALL, "team": user.team_id, "portfolio": account.portfolio_id},
        )
        open_id, is_of_own_team = cursor.fetchone()
    contact = _contact(open_id) if open_id else None
    if contact is not None and contact.verified_at is None and speaks_of(contact, account):
        return Line(contact, Silence("verify_first", contact))
    if user.sees_every_account or is_of_own_team or _verified_lately(user, account, now or clock.now()):
        return Line(contact, None)
    return Line(contact, Silence("callers_only", contact))


def speaks_of(contact: Contact, account: Account) -> bool:
    """The contact is about this account, or with one of its people."""
    same_person = Party.objects.filter(account_parties__account=account, person_id=contact.person_id)
    return contact.account_contacts.filter(account=account).exists() or same_person.exists()


def unspoken_accounts(user: User) -> dict[int, str]:
    """Accounts, id and reference, of which lists say nothing: those of the person in the user's open contact while
    nobody was verified in it. One query while no contact is open."""
    contact = open_contact_of(user)
    if contact is None or contact.verified_at is not None:
        return {}
    theirs = Q(parties__person_id=contact.person_id) | Q(account_contacts__contact=contact)
    return dict(Account.objects.filter(theirs).values_list("pk", "reference"))


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
