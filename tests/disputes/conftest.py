from decimal import Decimal

import pytest

from tests.factories import make_limit, make_user, place_account


@pytest.fixture
def manager(team):
    make_limit("manager", write_off_max=Decimal("500.00"))
    return make_user("manager", team)


@pytest.fixture
def second_manager(team, manager):
    return make_user("manager", team)


@pytest.fixture
def account(team, agent):
    return place_account(owed="1200.00", due="400.00", owner=agent)
