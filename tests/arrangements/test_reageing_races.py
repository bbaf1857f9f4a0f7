"""Two re-ageings of one account at the very same moment: the database counts, whoever asks."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

from django.db import DatabaseError

from accounts.models import Note, Portfolio, ReAgeing
from accounts.services.approvals import request_approval
from tests.factories import NOW, TODAY, make_portfolio, make_team, make_user, place_account
from tests.support.at_once import at_once


def test_of_two_at_once_the_second_is_refused(real_db, django_db_blocker):
    with django_db_blocker.unblock():
        team = make_team(make_portfolio("UK"))
        Portfolio.objects.update(reage_allowed=True)
        agent, manager = make_user("agent", team), make_user("manager", team)
        for _round in range(4):
            account = place_account()
            note = Note.objects.create(account=account, text="New job.", author=agent, written_at=NOW)
            requests = [asked(place_account(), agent) for _one in range(2)]

            def write(approval, account=account, note=note):
                with suppress(DatabaseError):
                    return ReAgeing.objects.create(
                        account=account,
                        on=TODAY,
                        amount=Decimal("400.00"),
                        moved_to=TODAY + timedelta(days=30),
                        said=note,
                        approval=approval,
                        asked_by=agent,
                        agreed_by=manager,
                        at=NOW,
                    )

            answers = at_once(*[lambda one=one: write(one) for one in requests])

            assert answers.count(None) == 1
            assert account.reageings.count() == 1


def asked(subject, agent):
    return request_approval(kind="reageing", subject=subject, terms={}, account=subject, actor=agent, now=NOW)
