"""Contacts as the tests need them: a call that the gate allowed, a caller who is on the line."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction

from accounts.models import Account, User
from communications.models import AccountContact, Contact, PolicyDecision
from communications.services.inbound import answer_caller
from communications.services.verification import try_verification
from communications.services.wrap_up import WrapUp, wrap_up_contact
from tests.factories import NOW

RIGHT_ANSWERS = {"birth_date": "1985-04-12", "postcode": "n1 9gu"}
WRONG_ANSWERS = {"birth_date": "1985-04-13", "postcode": "N1 9GU"}


@transaction.atomic
def ring(account: Account, agent: User, *, now: datetime = NOW, **fields) -> Contact:
    """An outbound call with the decision that allowed it, as the gate reserves it."""
    party = account.parties.first()
    point = party.contact_points.filter(kind="phone").first()
    asked = {"party": party, "contact_point": point, "channel": "call", "purpose": "demand"}
    decision = PolicyDecision.objects.create(
        at=now, actor=agent, account_ids=[account.pk], verdict="allow", facts_digest="0" * 64, **asked
    )
    contact = Contact.objects.create(
        person_id=party.person_id,
        direction="out",
        decision=decision,
        verdict="allow",
        agent=agent,
        started_at=now,
        local_on=now.date(),
        **asked,
        **fields,
    )
    AccountContact.objects.create(contact=contact, account=account)
    return contact


def caller(account: Account, agent: User, role: str = "primary", *, now: datetime = NOW) -> Contact:
    return answer_caller(account_id=account.pk, caller_role=role, key=uuid4().hex, actor=agent, now=now)


def verify(contact: Contact, agent: User, answers: dict[str, str] | None = None, *, now: datetime = NOW):
    return try_verification(contact_id=contact.pk, answers=answers or RIGHT_ANSWERS, actor=agent, now=now)


def conclude(contact: Contact, agent: User, outcome: str, *, now: datetime = NOW, **said) -> Contact:
    if outcome == "callback":
        said.setdefault("callback_at", now + timedelta(hours=3))
    wrap_up = WrapUp(outcome=outcome, **said)
    return wrap_up_contact(contact_id=contact.pk, wrap_up=wrap_up, actor=agent, now=now)
