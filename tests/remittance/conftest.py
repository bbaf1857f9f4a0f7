import pytest

from tests.factories import make_portfolio, make_user
from tests.support.advances import advance


@pytest.fixture
def team(team):
    """The team works the advances, too."""
    team.portfolios.add(make_portfolio("US", "mca", regulated=False))
    return team


@pytest.fixture
def second_manager(team, manager):
    return make_user("manager", team)


@pytest.fixture
def account(team, agent):
    return advance(owner=agent)
