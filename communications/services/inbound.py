"""Somebody called us: never refused by the gate, and it counts as a conversation for cool-downs."""

from __future__ import annotations

from datetime import datetime

from accounts.foundation import days
from accounts.foundation.domain_events import ContactRecorded, publish
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.purposes import Channel, Purpose
from accounts.foundation.receipts import once
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import Account, AccountParty, Party, PartyRole
from communications.models import AccountContact, Contact, Direction
from communications.selectors.places import zone_of
from communications.services.access import grant_access
from communications.services.line import claim_line


@retrying
def answer_caller(*, account_id: int, caller_role: str, key: str, actor: User, now: datetime) -> Contact:
    """Open a contact with somebody who called about an account, in the role that they say they have.

    Any agent may serve any caller: the account is opened to them, logged, and stays silent until the caller is
    verified. A caller in a role that nobody has on the account is served as a stranger to it. The same key again
    answers the first contact. Refuses an unknown role and an agent who has another call to wrap up.
    """
    if caller_role not in PartyRole.values:
        raise Refused("caller_role_unknown")
    contact_id, _first = once(
        key=key,
        act="contact.inbound",
        actor=actor,
        at=now,
        effect=lambda: _open(account_id, caller_role, actor, now),
    )
    return Contact.objects.get(pk=contact_id)


def _open(account_id: int, caller_role: str, actor: User, now: datetime) -> Contact:
    claim_line(actor)
    account = Account.objects.live().select_related("portfolio").get(pk=account_id)
    party = _caller(account, caller_role)
    Party.objects.lock_all([party.person_id, party.pk])
    contact = Contact.objects.create(
        person_id=party.person_id,
        party=party,
        channel=Channel.CALL,
        direction=Direction.IN,
        purpose=Purpose.INBOUND,
        agent=actor,
        caller_role=caller_role,
        language=party.language,
        started_at=now,
        local_on=days.civil_day(now, zone_of(party, None, account)),
        counts_attempt=False,
    )
    AccountContact.objects.create(contact=contact, account=account)
    move(contact, "connect", actor=actor, at=now, given={"at": now})
    grant_access(account, actor=actor, now=now)
    codes = {"account": account.pk, "role": caller_role}
    record("contact.caller_answered", subject=contact, actor=actor, at=now, codes=codes)
    publish(ContactRecorded(ids=frozenset([contact.pk]), at=now, actor_id=actor.pk))
    return contact


def _caller(account: Account, role: str) -> Party:
    """The party with that role, else the customer: about whom the caller speaks."""
    roles = AccountParty.objects.filter(account=account).select_related("party")
    named = roles.filter(role=role).order_by("pk").first() or roles.filter(role=PartyRole.PRIMARY).get()
    return named.party
