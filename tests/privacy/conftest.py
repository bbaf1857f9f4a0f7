"""A person of whom everything is known, and two officers: nobody approves what they asked for."""

import pytest

from tests.factories import make_user
from tests.privacy.people import known_person


@pytest.fixture
def account(agent):
    return known_person(agent)


@pytest.fixture
def officer(db):
    return make_user("compliance")


@pytest.fixture
def second(db):
    return make_user("compliance")


@pytest.fixture
def officers(officer, second):
    """Whoever asks, and whoever says yes."""
    return officer, second
