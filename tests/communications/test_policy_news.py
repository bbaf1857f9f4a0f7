"""What a newer release ships reaches an installation as a draft, and never over what the installation changed."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.foundation.errors import Refused
from communications.models import PolicyPack, PolicyVersion
from communications.policy.shipped import shipped_data
from communications.services import policy_news
from communications.services.policy_lint import lint_of
from communications.services.policy_news import draft_shipped, news_of
from communications.services.policy_versions import draft_from_live, edit_rule, publish, submit
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def release(monkeypatch):
    """The packs of a newer release: a rule is stricter, one is new, one is shipped no more."""
    newer = deepcopy(shipped_data("UK"))
    by_id = {rule["id"]: rule for rule in newer["rules"]}
    by_id["uk-policy-bank-holidays"]["action"] = "refuse"
    by_id["uk-policy-hours"]["params"]["sun"] = ""
    newer["rules"].append({**by_id["uk-conc-dispute"], "id": "uk-conc-new", "effective_from": "2027-01-01"})
    newer["rules"].remove(by_id["uk-scot-moratorium"])
    monkeypatch.setattr(policy_news, "shipped_data", lambda code: newer if code == "UK" else shipped_data(code))


def uk():
    return PolicyPack.objects.get(code="UK")


def own_hours():
    """The installation publishes hours of its own."""
    admin = make_user("admin")
    draft = draft_from_live(pack_code="UK", note="Our hours.", actor=admin, now=NOW)
    rule = draft.rules.get(code="uk-policy-hours")
    edit_rule(rule_id=rule.pk, changes={"params": {**rule.params, "sat": ""}}, actor=admin, now=NOW)
    submit(version_id=draft.pk, actor=admin, now=NOW)
    publish(version_id=draft.pk, actor=make_user("compliance"), now=NOW)


def told(*arguments):
    out = StringIO()
    call_command("load_packs", *arguments, stdout=out)
    return out.getvalue()


def test_the_release_that_an_installation_began_with_has_nothing_newer(admin):
    assert [pack.code for pack in PolicyPack.objects.all() if news_of(pack, now=NOW)] == []
    with pytest.raises(Refused) as refused:
        draft_shipped(pack_code="UK", actor=admin, now=NOW)
    assert refused.value.code == "policy_nothing_newer"
    assert not PolicyVersion.objects.filter(state="draft").exists()


def test_what_is_newer_is_drafted_and_what_is_gone_stays(admin, release):
    draft, news = draft_shipped(pack_code="UK", actor=admin, now=NOW)

    assert (news.added, sorted(news.changed)) == (["uk-conc-new"], ["uk-policy-bank-holidays", "uk-policy-hours"])
    assert news.no_longer_shipped == ["uk-scot-moratorium"]
    assert (draft.number, draft.state, draft.maker) == (2, "draft", admin)
    assert draft.rules.get(code="uk-policy-bank-holidays").action == "refuse"
    assert draft.rules.filter(code__in=["uk-conc-new", "uk-scot-moratorium"]).count() == 2
    assert lint_of(draft, now=NOW).faults == []


def test_a_rule_that_the_installation_changed_is_named_and_left_as_it_is(admin, release):
    own_hours()

    draft, news = draft_shipped(pack_code="UK", actor=admin, now=LATER)

    assert (news.own, news.changed) == (["uk-policy-hours"], ["uk-policy-bank-holidays"])
    hours = draft.rules.get(code="uk-policy-hours").params
    assert (hours["sat"], hours["sun"]) == ("", "08:00-21:00")


def test_it_is_published_like_any_other_draft_and_then_there_is_nothing_newer(admin, compliance, release):
    draft, _news = draft_shipped(pack_code="UK", actor=admin, now=NOW)
    submit(version_id=draft.pk, actor=admin, now=NOW)
    publish(version_id=draft.pk, actor=compliance, now=LATER)

    assert not news_of(uk(), now=LATER)


def test_only_an_administrator_drafts_it_and_one_draft_at_a_time(agent, admin, release):
    with pytest.raises(Refused):
        draft_shipped(pack_code="UK", actor=agent, now=NOW)
    draft_shipped(pack_code="UK", actor=admin, now=NOW)

    with pytest.raises(Refused):
        draft_shipped(pack_code="UK", actor=admin, now=NOW)
    assert PolicyVersion.objects.filter(state="draft").count() == 1


def test_the_command_says_what_is_newer_and_drafts_it_when_told_by_whom(admin, release):
    looked = told("--look")
    drafted = told("--draft", admin.username)
    again = told("--draft", admin.username)

    assert "UK: new: uk-conc-new; changed: uk-policy-hours, uk-policy-bank-holidays; shipped no more" in looked
    assert "US: nothing newer" in looked
    assert "drafted as version 2" in drafted
    assert "not drafted" in again
    with pytest.raises(CommandError, match="no user nobody"):
        told("--draft", "nobody")
