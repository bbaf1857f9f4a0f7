"""What an account may do next, on one screen; and that nothing moves it but its machine."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.foundation.errors import Refused
from accounts.foundation.states import StateMove, declared_moves, move
from accounts.models import Account, AccountState
from tests.factories import again, place_account

pytestmark = pytest.mark.django_db

S = AccountState
ENDS = {"pay_off": S.PAID, "settle": S.SETTLED, "write_off": S.WRITTEN_OFF, "recall": S.RECALLED}
MACHINE = {
    S.NEW: {"activate": S.ACTIVE, "arrange": S.ARRANGED, **ENDS},
    S.ACTIVE: {"arrange": S.ARRANGED, "enforce": S.ENFORCEMENT, "place_out": S.PLACED_OUT, **ENDS},
    S.ARRANGED: {"end_arrangement": S.ACTIVE, "enforce": S.ENFORCEMENT, "place_out": S.PLACED_OUT, **ENDS},
    S.ENFORCEMENT: {
        "end_enforcement": S.ACTIVE,
        "arrange_in_enforcement": S.ARRANGED,
        "place_out": S.PLACED_OUT,
        **ENDS,
    },
    S.PLACED_OUT: {"take_back": S.ACTIVE, **ENDS},
    S.PAID: {"reopen": S.ACTIVE},
    S.SETTLED: {"reopen": S.ACTIVE},
    S.WRITTEN_OFF: {"undo_write_off": S.ACTIVE},
    S.RECALLED: {"place_again": S.NEW},
}


@pytest.mark.parametrize("state", MACHINE)
def test_the_account_moves_as_drawn(state):
    field = Account._meta.get_field("state")

    moves = {t.name: t.target for t in field.get_all_transitions(Account) if t.source == state}

    assert moves == MACHINE[state]


def test_the_database_knows_exactly_the_declared_moves():
    assert set(StateMove.objects.values_list("machine", "source", "target")) == declared_moves()


def test_sql_by_hand_can_not_make_a_move_that_the_machine_does_not_have():
    account = place_account()

    with pytest.raises(DatabaseError, match="no move"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_account SET state = 'placed_out' WHERE id = %s", [account.pk])


def test_an_open_account_without_a_next_step_is_impossible():
    account = place_account()

    with pytest.raises(DatabaseError, match="no_orphan"), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(next_kind=None, next_on=None)


def test_a_guard_that_says_no_is_a_refusal(now):
    account = place_account(owed="50.00")

    with pytest.raises(Refused):
        move(account, "pay_off", actor=None, at=now)

    assert again(account).state == S.NEW
