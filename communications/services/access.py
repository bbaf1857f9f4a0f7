"""Leave to see an account of another team while its customer is on the line."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.foundation.events import record
from accounts.foundation.users import User
from accounts.models import AccessGrant, Account
from communications.models import Contact
from communications.selectors.open_contact import AFTER_THE_CALL

AS_LONG_AS_A_SHIFT = timedelta(hours=12)
REASON = "served_caller"


def grant_access(account: Account, *, actor: User, now: datetime) -> AccessGrant:
    """Let the user see the account while the call lasts, and write down that they did."""
    record("account.caller_served", subject=account, actor=actor, at=now)
    return AccessGrant.objects.create(
        user=actor, account=account, reason=REASON, granted_at=now, ends_at=now + AS_LONG_AS_A_SHIFT
    )


def end_soon(contact: Contact, now: datetime) -> None:
    """The call is over: what was opened for it closes in half an hour."""
    AccessGrant.objects.filter(
        user_id=contact.agent_id,
        reason=REASON,
        account__account_contacts__contact=contact,
        ends_at__gt=now + AFTER_THE_CALL,
    ).update(ends_at=now + AFTER_THE_CALL)
