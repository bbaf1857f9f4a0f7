"""Messages in line that ask for money when the customer says that they don't owe it."""

from __future__ import annotations

from accounts.foundation.domain_events import DisputeRaised
from accounts.foundation.purposes import Purpose
from accounts.models import Dispute
from communications.models import Message, MessageState
from communications.services.messages import cancel_message

ASKING = [Purpose.DEMAND, Purpose.REMINDER]


def withdraw_what_asks(event: DisputeRaised) -> None:
    """What was worded before the dispute came names what is in dispute now: it leaves the line."""
    accounts = Dispute.objects.filter(pk__in=event.ids).values("account_id")
    asking = Message.objects.filter(account_id__in=accounts, purpose__in=ASKING, state=MessageState.QUEUED)
    for pk in asking.order_by("pk").values_list("pk", flat=True):
        cancel_message(message_id=pk, reason="debt_disputed", actor=None, now=event.at)
