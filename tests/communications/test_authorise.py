"""The door to a contact: asked under the person's lock, answered by the policy in force, kept for good."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.foundation.errors import Refused
from accounts.models import AccountParty, HoldKind
from accounts.services.approvals import approve
from accounts.services.contact_points import add_contact_point, opt_out, record_consent
from accounts.services.holds import place_hold
from communications.models import Contact, PolicyDecision
from communications.selectors.contact_facts import ContactRequest, gather, gather_many
from communications.selectors.overrides import granted_override
from communications.services.authorise import authorise_contact, preview_contact
from communications.services.contact_override import request_override
from communications.services.notices import record_first_notice
from tests.communications.calls import conclude
from tests.factories import NOW, make_party, make_portfolio, place_account

pytestmark = pytest.mark.django_db
NIGHT = NOW.replace(hour=3)


def point_of(account, kind="phone"):
    return account.parties.first().contact_points.get(kind=kind)


def ask(account, actor=None, *, now=NOW, **differs):
    asked = {
        "account_ids": [account.pk],
        "party_id": account.parties.first().pk,
        "channel": "call",
        "purpose": "demand",
    }
    asked |= {"contact_point_id": point_of(account).pk, "actor": actor, "now": now}
    return authorise_contact(**(asked | differs))


def request_for(account, **differs):
    asked = {"account_ids": (account.pk,), "party_id": account.parties.first().pk, "channel": "call"}
    return ContactRequest(**(asked | {"contact_point_id": point_of(account).pk, "purpose": "demand"} | differs))


def test_an_allowed_call_is_reserved_with_the_decision_that_allowed_it(agent):
    account = place_account(owner=agent)

    given = ask(account, agent)

    contact = Contact.objects.get()
    assert given.allowed
    assert given.contact == contact
    assert (contact.decision, contact.verdict, contact.state) == (given.decision, "allow", "reserved")
    assert contact.local_on == date(2026, 11, 18)
    assert list(contact.account_contacts.values_list("account_id", flat=True)) == [account.pk]
    assert set(given.decision.pack_versions) == {"UK", "US", "MX", "AU", "firm"}
    assert len(given.decision.facts_digest) == 64


def test_a_refused_call_is_kept_as_evidence_and_reserves_nothing(agent):
    account = place_account(owner=agent)
    place_hold(kind=HoldKind.DISPUTE, account_id=account.pk, actor=agent, now=NOW)

    given = ask(account, agent)

    kept = PolicyDecision.objects.get()
    assert (given.allowed, Contact.objects.count()) == (False, 0)
    assert kept.verdict == "refuse"
    assert {reason["rule"] for reason in kept.reasons} == {"uk-conc-dispute", "firm-holds"}
    assert all(reason["citation"] for reason in kept.reasons)


def test_at_night_the_answer_says_from_when_it_will_be_allowed():
    account = place_account()

    given = ask(account, now=NIGHT)

    assert given.decision.verdict == "needs_override"
    assert given.decision.next_allowed_at == NOW.replace(hour=8)


def test_the_daily_cap_counts_what_was_reserved_a_moment_ago():
    account = place_account()

    verdicts = [ask(account, now=NOW + timedelta(minutes=n)).decision.verdict for n in range(4)]

    assert verdicts == ["allow", "allow", "allow", "needs_override"]


def test_the_cap_is_of_the_person_over_all_their_linked_records_and_accounts():
    first = place_account()
    twin = make_party("Juana Ramirez", root=first.parties.first())
    second = place_account(party=twin)

    verdicts = [ask(account).decision.verdict for account in (first, second, first, second)]

    assert verdicts[-1] == "needs_override"


def test_an_agent_with_a_call_open_begins_no_other(agent):
    account, other = place_account(owner=agent), place_account(owner=agent)
    ask(account, agent)

    with pytest.raises(Refused, match="wrap up"):
        ask(other, agent)


def test_calls_to_a_number_that_proves_wrong_are_no_longer_counted(agent):
    account = place_account(owner=agent)
    for minute in range(3):
        given = ask(account, agent, now=NOW + timedelta(minutes=minute))
        outcome = "wrong_number" if minute == 2 else "no_answer"
        conclude(given.contact, agent, outcome, now=NOW + timedelta(minutes=minute))

    seen = gather(request_for(account), now=NOW + timedelta(hours=1)).facts

    assert [past.marks for past in seen.history] == [("misdirected", "unconnected")] * 3
    assert seen.point.status == "wrong_party"


def test_an_opt_out_of_a_number_is_honoured_at_once_and_consent_ends_it(agent):
    account = place_account(owner=agent)
    opt_out(contact_point_id=point_of(account).pk, channel="call", actor=agent, now=NOW)

    refused = ask(account)
    record_consent(contact_point_id=point_of(account).pk, channel="call", basis="given", actor=agent, now=NOW)
    allowed = ask(account)

    assert [reason["rule"] for reason in refused.decision.reasons] == ["firm-opt-out"]
    assert allowed.decision.verdict == "allow"


def test_somebody_without_a_part_in_the_account_is_not_called_about_it():
    account, stranger = place_account(), place_account()
    other = stranger.parties.first()

    given = ask(account, party_id=other.pk, contact_point_id=point_of(stranger).pk)

    assert {reason["rule"] for reason in given.decision.reasons} == {"uk-conc-third-party", "firm-third-party"}


def test_a_number_of_somebody_else_is_refused():
    account, other = place_account(), place_account()

    given = ask(account, contact_point_id=point_of(other).pk)

    assert [(reason["rule"], reason["code"]) for reason in given.decision.reasons] == [
        ("firm-contact-point", "not_theirs")
    ]


def test_a_guarantor_of_a_business_debt_is_judged_as_a_guarantor():
    account = place_account(party=make_party("Harbor Sports", kind="entity"))
    guarantor = make_party("Ana Ruiz")
    AccountParty.objects.create(account=account, party=guarantor, role="guarantor")

    seen = gather(request_for(account, party_id=guarantor.pk), now=NOW).facts

    assert (seen.party.kind, seen.accounts[0].role, seen.accounts[0].debt_purpose) == (
        "guarantor",
        "guarantor",
        "commercial",
    )


def test_who_has_two_roles_on_an_account_is_judged_by_the_one_that_owes():
    account = place_account()
    sister = make_party("Ana Ruiz")
    for role in ("third_party", "guarantor"):
        AccountParty.objects.create(account=account, party=sister, role=role)

    assert gather(request_for(account, party_id=sister.pk), now=NOW).facts.accounts[0].role == "guarantor"


def test_facts_of_one_contact_or_of_fifty_take_four_queries():
    accounts = [place_account() for _ in range(5)]
    requests = [request_for(account, channel=channel) for account in accounts for channel in ("call", "text")]
    # Each statement is planned by whoever asks it first, of one account and of several.
    gather(requests[0], now=NOW)
    gather_many(requests, now=NOW)

    with CaptureQueriesContext(connection) as one:
        gather(requests[0], now=NOW)
    with CaptureQueriesContext(connection) as many:
        gather_many(requests, now=NOW)

    assert (len(one), len(many)) == (4, 4)


def test_a_preview_says_what_the_gate_would_and_writes_nothing():
    account = place_account(jurisdiction="MX")
    ask(account)

    (seen,) = preview_contact(requests=[request_for(account)], now=NOW)

    assert seen.answer.verdict == "allow"
    assert (seen.outlook.closing.zone, seen.outlook.closing.rule) == ("America/Monterrey", "mx-hours")
    assert [(limit.usage.used, limit.usage.limit) for limit in seen.outlook.limits] == [(1, 3)]
    assert (PolicyDecision.objects.count(), Contact.objects.count()) == (1, 1)


def test_a_third_party_collector_without_the_validation_notice_is_stopped_after_five_days(agent):
    portfolio = make_portfolio("US", code="us-agency", capacity="third_party_collector")
    account = place_account(portfolio=portfolio)
    talk = ask(account, agent)
    conclude(talk.contact, agent, "third_party")
    later = NOW + timedelta(days=5)

    refused = ask(account, now=later)
    record_first_notice(account_id=account.pk, kind="validation", sent_on=later.date(), actor=agent, now=later)
    allowed = ask(account, now=later)

    assert {reason["rule"] for reason in refused.decision.reasons} == {"us-regf-validation-3d", "us-regf-validation-5d"}
    assert allowed.decision.verdict == "allow"


def test_who_asked_to_be_called_back_may_be_called_although_seven_calls_were_made(agent):
    portfolio = make_portfolio("US", code="us-agency", capacity="third_party_collector")
    account = place_account(portfolio=portfolio, address=False)
    add_contact_point(
        party_id=account.parties.get().pk,
        kind="post",
        value="1 High Street, Scarsdale 10583",
        city="Scarsdale",  # the city of New York has a cap of its own
        region="NY",
        postcode="10583",
        country="US",
        provenance="creditor",
        actor=None,
        now=NOW,
    )
    for minute in range(7):
        given = ask(account, agent, now=NOW + timedelta(minutes=minute))
        outcome = "callback" if minute == 6 else "no_answer"
        conclude(given.contact, agent, outcome, now=NOW + timedelta(minutes=minute))

    called_back = ask(account, agent, now=NOW + timedelta(hours=3))

    assert called_back.decision.verdict == "allow"
    assert called_back.contact.under_consent
    assert ask(account, now=NOW + timedelta(days=2)).decision.verdict == "refuse"


def test_an_exception_is_asked_for_given_by_somebody_else_and_used_once(agent, manager):
    account = place_account(owner=agent)
    request = request_for(account)
    approval = request_override(request=request, why="She asked for it.", actor=agent, now=NIGHT)
    approve(approval_id=approval.pk, actor=manager, now=NIGHT)

    given = ask(account, agent, now=NIGHT, override_id=approval.pk)

    assert (given.allowed, given.decision.verdict, given.contact.verdict) == (True, "override", "override")
    conclude(given.contact, agent, "no_answer", now=NIGHT)
    with pytest.raises(Refused, match="used already"):
        ask(account, agent, now=NIGHT, override_id=approval.pk)


def test_an_exception_for_one_contact_is_none_for_another(agent, manager):
    account, other = place_account(owner=agent), place_account(owner=agent)
    approval = request_override(request=request_for(account), why="She asked for it.", actor=agent, now=NIGHT)
    approve(approval_id=approval.pk, actor=manager, now=NIGHT)

    with pytest.raises(Refused, match="another contact"):
        ask(other, agent, now=NIGHT, override_id=approval.pk)


def test_an_exception_to_one_rule_is_none_to_another_that_stands_in_the_way_since(agent, manager):
    account = place_account(owner=agent)
    approval = request_override(request=request_for(account), why="She asked for it.", actor=agent, now=NIGHT)
    approve(approval_id=approval.pk, actor=manager, now=NIGHT)
    place_hold(kind=HoldKind.VULNERABILITY, account_id=account.pk, actor=agent, now=NIGHT)

    given = ask(account, agent, now=NIGHT, override_id=approval.pk)

    assert approval.terms["rules"] == ["uk-policy-hours"]
    assert (given.allowed, given.decision.verdict, given.decision.override) == (False, "needs_override", None)


def test_an_exception_is_none_to_a_rule_that_knows_none(agent, manager):
    account = place_account(owner=agent)
    approval = request_override(request=request_for(account), why="She asked for it.", actor=agent, now=NIGHT)
    approve(approval_id=approval.pk, actor=manager, now=NIGHT)
    place_hold(kind=HoldKind.INSOLVENCY, account_id=account.pk, actor=agent, now=NIGHT)

    given = ask(account, agent, now=NIGHT, override_id=approval.pk)

    assert (given.allowed, given.decision.verdict, given.decision.override) == (False, "refuse", None)


def test_an_exception_is_over_the_next_day(agent, manager):
    account = place_account(owner=agent)
    approval = request_override(request=request_for(account), why="She asked for it.", actor=agent, now=NIGHT)
    approve(approval_id=approval.pk, actor=manager, now=NIGHT)
    next_night = NIGHT + timedelta(days=1)

    assert granted_override(request_for(account), user=agent, now=NIGHT) == approval.pk
    assert granted_override(request_for(account), user=agent, now=next_night) is None
    with pytest.raises(Refused, match="not been approved"):
        ask(account, agent, now=next_night, override_id=approval.pk)


def test_no_exception_is_made_to_a_rule_that_refuses(agent):
    account = place_account(owner=agent, jurisdiction="US")

    with pytest.raises(Refused, match="refuse"):
        request_override(request=request_for(account), why="She asked for it.", actor=agent, now=NIGHT)


def test_decisions_can_be_neither_changed_nor_deleted():
    ask(place_account())

    for change in (lambda: PolicyDecision.objects.update(verdict="allow"), PolicyDecision.objects.all().delete):
        with pytest.raises(Exception, match=r"[Cc]annot"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    "lie", [{"verdict": "warn"}, {"channel": "text"}, {"purpose": "reminder"}, {"contact_point": "email"}, {"party": 0}]
)
def test_a_contact_other_than_the_one_decided_is_refused_by_the_database(lie):
    account = place_account(email="juana@example.com")
    contact = ask(account).contact
    lie = {"contact_point": point_of(account, "email")} if "contact_point" in lie else lie
    lie = {"party": make_party()} if "party" in lie else lie

    with pytest.raises(IntegrityError, match="contact_as_decided"), transaction.atomic():
        Contact.objects.filter(pk=contact.pk).update(**lie)


def test_a_refusal_is_no_ground_for_a_contact():
    account = place_account()
    decision = ask(account, now=NIGHT).decision
    asked = {name: getattr(decision, name) for name in ("party", "contact_point", "channel", "purpose", "verdict")}

    with pytest.raises(IntegrityError, match="contact_out_has_decision"), transaction.atomic():
        Contact.objects.create(
            person_id=decision.party_id, direction="out", decision=decision, started_at=NOW, local_on=NOW, **asked
        )
