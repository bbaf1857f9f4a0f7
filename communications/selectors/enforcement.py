"""What the policy has against enforcing a debt, whoever would be told of it: notices not served or not waited out,
requests that wait for their answer, moratoria of others who owe."""

from __future__ import annotations

from datetime import datetime

from accounts.foundation.purposes import Channel, Purpose
from accounts.models import Account, PartyRole
from communications.selectors.contact_facts import ContactRequest
from communications.selectors.told_reasons import ToldReason, told_once
from communications.services.authorise import preview_contact

# Rules of other kinds are about the contact itself: its hour, its channel, who is spoken to.
OF_THE_DEBT = ("hold", "notice", "request")
NOWHERE = 0


def against_enforcement(account: Account, *, now: datetime) -> list[ToldReason]:
    """Every rule that refuses to enforce the account against its customer at this instant. Writes nothing."""
    customer = account.account_parties.get(role=PartyRole.PRIMARY).party_id
    asked = ContactRequest((account.pk,), customer, NOWHERE, Channel.POST.value, Purpose.ENFORCEMENT.value)
    found = preview_contact(requests=[asked], now=now)
    kinds = {reason.rule: reason.kind for preview in found for reason in preview.answer.reasons}
    return [told for told in told_once(found) if kinds[told.rule] in OF_THE_DEBT]
