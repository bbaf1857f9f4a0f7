"""`__any` finds what `__in` finds."""

import pytest

from accounts.models import Account, AccountParty
from tests.factories import place_account

pytestmark = pytest.mark.django_db


def test_any_finds_what_in_finds():
    here = [place_account() for _number in range(3)]
    wanted = {here[0].pk, here[2].pk, 10**9}

    for field, values in (
        ("pk", wanted),
        ("reference", [here[1].reference]),
        ("pk", []),
        ("portfolio", [here[0].portfolio_id]),
    ):
        found = Account.objects.filter(**{f"{field}__any": values}).order_by("pk")
        assert list(found) == list(Account.objects.filter(**{f"{field}__in": values}).order_by("pk"))


def test_any_goes_through_relations_and_can_be_excluded():
    one, other = place_account(), place_account()
    persons = [one.parties.get().person_id]

    assert AccountParty.objects.get(party__person_id__any=persons).account == one
    assert list(Account.objects.exclude(pk__any=[one.pk])) == [other]
