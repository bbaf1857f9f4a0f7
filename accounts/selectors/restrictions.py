"""Which holds stand in the way of something, for many accounts at once."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import IN_FORCE, OWES, Account, AccountParty, Hold, HoldKind


def holds_against(account_ids: Iterable[int], purpose: str, *, apart_from: Iterable[int] = ()) -> dict[int, Hold]:
    """For each account, the first hold in force on it or on one of its people that forbids the purpose.

    Holds kept by an arrangement are left out: what they pause is what the arrangement is about. Two queries.
    """
    ids = list(account_ids)
    people: dict[int, set[int]] = {}
    for account_id, person in AccountParty.objects.filter(account_id__in=ids).values_list(
        "account_id", "party__person_id"
    ):
        people.setdefault(person, set()).add(account_id)
    forbidding = (
        Hold.objects.filter(Q(account_id__in=ids) | Q(scope="person", person_id__in=list(people)))
        .filter(state__in=IN_FORCE, scope__in=["account", "person"])
        .exclude(kind=HoldKind.ARRANGEMENT)
        .exclude(pk__in=list(apart_from))
        .exclude(permits__contains=[purpose])
    )
    found: dict[int, Hold] = {}
    for hold in forbidding.order_by("pk"):
        touched = people.get(hold.person_id, set()) if hold.scope == "person" else {hold.account_id or 0}
        for account_id in touched:
            found.setdefault(account_id, hold)
    return found


def holds_on_debt(account: Account) -> QuerySet[Hold]:
    """Holds in force on an account, a part of it, or anybody who owes on it."""
    owing = account.account_parties.filter(role__in=OWES).values("party__person_id")
    touching = Q(account=account, scope__in=["account", "amount"]) | Q(scope="person", person__in=owing)
    return Hold.objects.filter(touching, state__in=IN_FORCE)
