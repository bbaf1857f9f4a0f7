"""Two who charge one card at once, with real threads."""

import pytest

from accounts.foundation.errors import Refused
from accounts.models import CardAttempt
from tests.cards.test_card_authorities import given, lent, tried
from tests.factories import make_team, make_user
from tests.support.at_once import at_once

pytestmark = pytest.mark.usefixtures("real_db")


def test_of_three_attempts_after_a_failure_one_is_made():
    account = lent()
    team = make_team(account.portfolio)
    agent, finance = make_user("agent", team), make_user("finance", team)
    given(account, agent)
    tried(account, finance)

    answers = at_once(*[lambda: tried(account, finance)] * 3)

    assert sum(isinstance(answer, Refused) for answer in answers) == 2
    assert CardAttempt.objects.filter(account=account).count() == 2
