"""What a call would be for, so that the badge and the call ask the gate the same question."""

from __future__ import annotations

from accounts.foundation.purposes import Purpose
from accounts.models import Account, AccountState, NextKind


def purpose_of_call(account: Account) -> Purpose:
    """A reminder while an arrangement is in force, tracing while somebody is looked for, else a demand."""
    if account.state == AccountState.ARRANGED:
        return Purpose.REMINDER
    return Purpose.TRACE if account.next_kind == NextKind.TRACE else Purpose.DEMAND
