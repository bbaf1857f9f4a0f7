"""The door of a use-case about one account: its people first, then the account, always in this order."""

from __future__ import annotations

from accounts.models import OWES, Account, AccountParty, Party


def lock_account_with_people(account_id: int) -> Account:
    """Lock the roots of everybody who owes on the account, by id, then the account. The account, fresh."""
    owing = AccountParty.objects.filter(account_id=account_id, role__in=OWES)
    Party.objects.lock_all(owing.values_list("party__person_id", flat=True))
    return Account.objects.lock(account_id)
