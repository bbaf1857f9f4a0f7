"""Asking somebody else for an offer that is beyond the agent's limits."""

from __future__ import annotations

from datetime import datetime

from accounts.foundation.errors import Refused
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import Account
from accounts.services.accounts import today_of
from arrangements.models import Escalation, EscalationKind, EscalationState
from arrangements.services.agreeing import Terms, draft, enter
from arrangements.services.escalations import correct_escalation, raise_escalation
from arrangements.services.offer_limits import offer_limits_for
from arrangements.services.offers import refuse_impossible

# How long a request may wait for its decision; the offer stands for its own days from then on, so both are counted.
DAYS_TO_DECIDE = 7


@retrying
def ask_offer(
    *, account_id: int, party_id: int, terms: Terms, reason: str, note: str, actor: User, now: datetime
) -> Escalation:
    """Send exact terms to whoever may approve them. The offer waits; the account's next step is the decision.

    Asks again where the actor's earlier request of this account came back. Refuses what nobody may offer, what the
    actor may offer alone, and what `raise_escalation` refuses.
    """
    account, party = enter(account_id, party_id)
    refuse_impossible(account, terms, actor)
    if not offer_limits_for(actor, account, today_of(account, now)).beyond(terms):
        raise Refused("offer_within_limits")
    stands_for = account.portfolio.offer_days + DAYS_TO_DECIDE
    offer = draft(account, party, terms, made_by=actor, stands_for=stands_for, now=now)
    asked = {"amount": terms.amount, "pay_by": terms.first_on, "offer": offer, "reason": reason, "note": note}
    returned = _came_back(account, actor)
    if returned is not None:
        escalation = correct_escalation(escalation_id=returned.pk, actor=actor, now=now, **asked)
    else:
        said = {"party_id": party_id, "contact_id": terms.contact_id}
        escalation = raise_escalation(
            account_id=account_id, kind=EscalationKind.OFFER, actor=actor, now=now, **said, **asked
        )
    move(offer, "ask_approval", actor=actor, at=now, given={"approval": escalation.approval})
    return escalation


def _came_back(account: Account, actor: User) -> Escalation | None:
    theirs = account.escalations.filter(kind=EscalationKind.OFFER, raised_by=actor)
    return theirs.filter(state=EscalationState.RETURNED).first()
