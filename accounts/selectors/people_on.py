"""Who stands on an account."""

from __future__ import annotations

from django.db.models import Prefetch, prefetch_related_objects

from accounts.models import Account, AccountParty


def people_on(account: Account) -> list[AccountParty]:
    """Everybody on the account with their role, in the order in which they came; read once for an instance."""
    prefetch_related_objects([account], Prefetch("account_parties", AccountParty.objects.select_related("party")))
    return sorted(account.account_parties.all(), key=lambda row: row.pk)
