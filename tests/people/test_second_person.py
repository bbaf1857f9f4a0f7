"""Who sets somebody's password could come in as them: beside that person they are no two for a month."""

from datetime import timedelta

import pytest

from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.services.approvals import approve, request_approval
from communications.services.policy_versions import publish, submit
from communications.services.stops import release_stop, stop_contact
from tests.factories import NOW, make_user, place_account
from tests.support.simulations import drafted

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30)


def gave_password(giver, person, at=NOW):
    record("user.password_reset", subject=person, actor=giver, at=at)


def refused(act, **asked):
    with pytest.raises(Refused) as refusal:
        act(**asked)
    return refusal.value.code


def test_no_policy_is_published_by_whoever_had_their_password_from_its_maker():
    admin, compliance = make_user("admin"), make_user("compliance")
    version = drafted(admin, UK=1)
    submit(version_id=version.pk, actor=admin, now=NOW)
    gave_password(admin, compliance)

    assert refused(publish, version_id=version.pk, actor=compliance, now=NOW) == "policy_password_known"
    publish(version_id=version.pk, actor=make_user("compliance"), now=NOW)


def test_a_month_later_they_are_two_again():
    admin, compliance = make_user("admin"), make_user("compliance")
    version = drafted(admin, UK=1)
    submit(version_id=version.pk, actor=admin, now=NOW)
    gave_password(admin, compliance)

    assert publish(version_id=version.pk, actor=compliance, now=NOW + MONTH).state == "published"


def test_nothing_is_decided_by_whoever_had_their_password_from_who_asks(team, agent, manager):
    account = place_account()
    asked = request_approval(kind="reageing", subject=account, terms={}, account=account, actor=agent, now=NOW)
    gave_password(agent, manager, at=NOW - MONTH + timedelta(minutes=1))

    assert refused(approve, approval_id=asked.pk, actor=manager, now=NOW) == "approval_password_known"


def test_no_stop_ends_by_two_of_whom_one_gave_the_other_their_password():
    first, second = make_user("compliance"), make_user("compliance")
    covers = {"channel": "", "jurisdiction": "", "portfolio_id": None}
    stop = stop_contact(**covers, cause="other", note="A wrong template.", actor=first, now=NOW)
    release_stop(stop_id=stop.pk, actor=first, now=NOW)
    gave_password(first, second)

    assert refused(release_stop, stop_id=stop.pk, actor=second, now=NOW) == "stop_password_known"
