import pytest

from tests.factories import make_user, place_account


@pytest.fixture
def manager(team):
    return make_user("manager", team)


@pytest.fixture
def account(team, agent):
    return place_account(owed="1200.00", due="400.00", owner=agent)
