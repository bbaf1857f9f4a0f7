"""The door of a use-case about one account: its people first, then the account, always in this order."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import OWES, Account, AccountParty, Party


def lock_account_with_people(account_id: int) -> Account:
    """Lock the roots of everybody who owes on the account, by id, then the account. The account, fresh."""
    owing = AccountParty.objects.filter(account_id=account_id, role__in=OWES)
    Party.objects.lock_all(owing.values_list("party__person_id", flat=True))
    return Account.objects.lock(account_id)


def lock_accounts_of_person(account_id: int, party_id: int) -> Account:
    """The same, and every account of the party's person with it, by id: for what lets the whole person rest. Answers
    the account that was asked for, fresh."""
    person_id = Party.objects.values_list("person_id", flat=True).get(pk=party_id)
    owing = AccountParty.objects.filter(account_id=account_id, role__in=OWES)
    Party.objects.lock_all([*owing.values_list("party__person_id", flat=True), person_id])
    theirs = Account.objects.filter(parties__person_id=person_id).values_list("pk", flat=True)
    held = Account.objects.lock_all([account_id, *theirs])
    return next(account for account in held if account.pk == account_id)


def lock_accounts_with_people(account_ids: Iterable[int]) -> dict[int, Account]:
    """The same for several accounts at once: everybody who owes on any of them, then the accounts, by their ids."""
    ids = set(account_ids)
    owing = AccountParty.objects.filter(account_id__in=ids, role__in=OWES)
    Party.objects.lock_all(owing.values_list("party__person_id", flat=True))
    return {account.pk: account for account in Account.objects.lock_all(ids)}
