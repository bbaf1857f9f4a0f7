"""Beginning a call, and saying that the line is free again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.purposes import Channel
from accounts.foundation.receipts import once
from accounts.foundation.users import User
from accounts.models import Account, ContactPoint, Party
from communications.models import Contact, PolicyDecision
from communications.selectors.contact_facts import ContactRequest
from communications.selectors.overrides import granted_override
from communications.services.authorise import authorise_contact
from communications.services.line import claim_line


@retrying
def start_call(
    *,
    account_ids: Sequence[int],
    contact_point_id: int,
    purpose: str,
    key: str,
    actor: User,
    now: datetime,
) -> PolicyDecision:
    """Ask the gate for a call about some accounts of one person, and reserve the contact when it says yes.

    Answers the stored decision: `decision.contact` is there when the call may be made. An exception that the actor was
    granted for exactly this call is used up by it. The same key again answers the first decision. Refuses an agent
    with another call to wrap up, and accounts that aren't of the number's person.
    """

    def ask() -> PolicyDecision:
        claim_line(actor)
        point = ContactPoint.objects.select_related("party").get(pk=contact_point_id)
        _refuse_strangers(account_ids, point.party)
        request = ContactRequest(tuple(account_ids), point.party_id, point.pk, Channel.CALL, purpose)
        answer = authorise_contact(
            account_ids=account_ids,
            party_id=point.party_id,
            contact_point_id=point.pk,
            channel=Channel.CALL,
            purpose=purpose,
            actor=actor,
            now=now,
            override_id=granted_override(request, user=actor, now=now),
        )
        return answer.decision

    decision_id, _first = once(key=key, act="contact.start", actor=actor, at=now, effect=ask)
    return PolicyDecision.objects.select_related("contact").get(pk=decision_id)


def _refuse_strangers(account_ids: Sequence[int], party: Party) -> None:
    of_person = Account.objects.filter(pk__in=account_ids, parties__person_id=party.person_id)
    if of_person.values("pk").distinct().count() != len(set(account_ids)):
        raise Refused("account_of_another_person")


@retrying
def hang_up(*, contact_id: int, actor: User, now: datetime) -> Contact:
    """The line is free; the contact stays open until it is wrapped up. Twice changes nothing."""
    contact = Contact.objects.lock(contact_id)
    if contact.agent_id != actor.pk:
        raise Refused("contact_of_somebody_else")
    if contact.ended_at is None:
        contact.ended_at = now
        contact.save(update_fields=["ended_at"])
        record("contact.hung_up", subject=contact, actor=actor, at=now)
    return contact
