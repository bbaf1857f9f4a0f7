"""What the selector puts before the gate of holds, papers, places, words and people, always in four queries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccountParty, Hold, HoldKind
from accounts.services.contact_points import add_contact_point, record_consent
from accounts.services.holds import place_hold
from communications.models import Template
from communications.policy.decide import decide
from communications.policy.facts import ELEMENTS
from communications.selectors.contact_facts import ContactRequest, gather
from communications.services.authorise import authorise_contact
from communications.services.notices import record_first_notice
from communications.services.templates import elements_of
from tests.communications.calls import conclude
from tests.factories import NOW, TODAY, make_party, make_portfolio, place_account
from tests.support.policy_facts import only

pytestmark = pytest.mark.django_db


def point_of(party, kind="phone"):
    return party.contact_points.get(kind=kind)


def facts_of(account, party=None, purpose="demand", **differs):
    party = party or account.parties.order_by("pk").first()
    asked = ContactRequest((account.pk,), party.pk, point_of(party).pk, "call", purpose, **differs)
    return gather(asked, now=NOW).facts


def ask(account, party=None, *, now=NOW, channel="call", purpose="demand", actor=None, **differs):
    party = party or account.parties.order_by("pk").first()
    point = point_of(party, "phone" if channel in ("call", "text") else "email")
    return authorise_contact(
        account_ids=[account.pk], party_id=party.pk, contact_point_id=point.pk, channel=channel, purpose=purpose,
        actor=actor, now=now, **differs,
    )  # fmt: skip


@pytest.fixture
def shared(db):
    """An account on which two people owe."""
    account = place_account(limitation_on=date(2030, 1, 1))
    other = place_account().parties.get()
    AccountParty.objects.create(account=account, party=other, role="co_borrower")
    return account, account.account_parties.get(role="primary").party, other


@pytest.mark.parametrize(
    ("country", "region", "postcode", "code"),
    [
        ("US", "Massachusetts", "", "MA"),
        ("US", "", "02139", "MA"),
        ("UK", "Midlothian", "EH1 1AA", "SCT"),
        ("AU", "New South Wales", "", "NSW"),
    ],
)
def test_a_place_is_judged_by_its_code_however_it_was_written(country, region, postcode, code):
    account = place_account(jurisdiction=country, address=False)
    party = account.parties.get()
    given = {"kind": "post", "value": "1 High Street", "region": region, "postcode": postcode, "provenance": "agent"}
    add_contact_point(party_id=party.pk, actor=None, now=NOW, **given)

    assert facts_of(account).accounts[0].region == code


@pytest.mark.parametrize("kind", [HoldKind.BREATHING_SPACE, HoldKind.MENTAL_HEALTH_CRISIS])
def test_a_moratorium_of_one_protects_who_owes_with_them_from_enforcement_only(agent, shared, kind):
    account, first, second = shared
    place_hold(kind=kind, party_id=first.pk, account_id=account.pk, actor=agent, now=NOW)

    enforced = ask(account, second, purpose="enforcement").decision
    asked = ask(account, second).decision
    own = ask(account, first).decision

    assert "uk-bs-enforcement" in {reason["rule"] for reason in enforced.reasons}
    assert asked.verdict == "allow"
    assert "uk-bs-enforcement" not in {reason["rule"] for reason in own.reasons}
    assert own.verdict == "refuse"


def test_the_hold_of_another_carries_the_accounts_they_share_and_other_holds_stay_theirs(agent, shared):
    account, first, second = shared
    place_hold(kind=HoldKind.BREATHING_SPACE, party_id=first.pk, account_id=account.pk, actor=agent, now=NOW)
    place_hold(kind=HoldKind.VULNERABILITY, party_id=first.pk, account_id=account.pk, actor=agent, now=NOW)

    holds = facts_of(account, second).holds

    assert [(hold.kind, hold.joint_accounts, hold.since) for hold in holds] == [
        ("breathing_space", (account.pk,), TODAY)
    ]
    assert {hold.kind for hold in facts_of(account, first).holds} == {"breathing_space", "vulnerability"}


def test_everything_is_read_in_four_queries(agent, shared):
    account, first, second = shared
    place_hold(kind=HoldKind.BREATHING_SPACE, party_id=first.pk, account_id=account.pk, actor=agent, now=NOW)
    conclude(ask(account, second, actor=agent).contact, agent, "no_answer")

    asked = ContactRequest((account.pk,), second.pk, point_of(second).pk, "call", "enforcement")

    with CaptureQueriesContext(connection) as seen:
        gather(asked, now=NOW)

    assert len(seen) == 4


def test_a_breathing_space_is_looked_at_midway_and_at_its_end_and_never_ends_by_itself(agent):
    account = place_account()

    hold = place_hold(kind=HoldKind.BREATHING_SPACE, account_id=account.pk, actor=agent, now=NOW)

    assert timedelta(days=25) <= hold.review_on - hold.from_on <= timedelta(days=35)
    assert not hold.self_ending
    account.refresh_from_db(fields=["next_kind", "next_on"])
    assert (account.next_kind, account.next_on) == ("review_hold", hold.review_on)


def test_representation_ends_by_silence_after_what_is_recorded_of_it(agent):
    account = place_account(portfolio=make_portfolio("AU"))
    hold = place_hold(kind=HoldKind.REPRESENTATION, account_id=account.pk, actor=agent, now=NOW)
    warned_on = hold.from_on + timedelta(days=8)
    later = NOW + timedelta(days=16)
    for kind, day in (("representative_asked", hold.from_on), ("representative_warned", warned_on)):
        record_first_notice(account_id=account.pk, kind=kind, sent_on=day, actor=agent, now=later)

    early = ask(account, now=NOW + timedelta(days=15)).decision
    free = ask(account, now=later).decision

    rules = {"au-rep", "firm-represented"}
    assert {reason["rule"] for reason in early.reasons} >= rules
    assert early.next_allowed_at is not None
    assert {reason["rule"] for reason in free.reasons} & rules == set()


def test_agreement_about_one_debt_lifts_nothing_for_another():
    account = place_account(jurisdiction="US")
    person = account.parties.get()
    phone = point_of(person)
    second = place_account(jurisdiction="US", party=person, phone=None, address=False)
    for about in (account.pk, None):
        given = {"basis": "given", "account_id": about, "actor": None, "now": NOW}
        record_consent(contact_point_id=phone.pk, channel="text", **given)

    texted = replace(facts_of(second), channel="text")

    law = only({"kind": "consent", "params": {"fresh_days": 60}})
    narrow, general = texted.consents
    assert (narrow.account_ids, general.account_ids) == ((account.pk,), ())
    assert decide(replace(texted, consents=(narrow,)), law).verdict == "refuse"
    assert decide(replace(texted, consents=(general,)), law).verdict == "allow"


def test_a_call_at_work_is_remembered_as_one_with_its_instant(agent):
    account = place_account()
    party = account.parties.get()
    party.contact_points.filter(kind="phone").update(is_work=True)
    conclude(ask(account, actor=agent).contact, agent, "no_answer")

    (past,) = facts_of(account).history

    assert ("work" in past.marks, past.at) == (True, NOW)


@pytest.mark.parametrize(
    ("amount", "kind", "band", "natural"),
    [
        (Decimal("400000.00"), "entity", "upto_500k", False),
        (Decimal("500000.00"), "entity", "upto_500k", False),
        (Decimal("500000.01"), "entity", "over_500k", False),
        (Decimal("400000.00"), "consumer", "upto_500k", True),
    ],
)
def test_an_advance_knows_its_band_and_whether_a_person_owes_it(amount, kind, band, natural):
    business = make_party("Harbor Sports LLC", kind=kind, birth_date=None)
    account = place_account(portfolio=make_portfolio("US", "mca", regulated=False), party=business)
    type(account).objects.filter(pk=account.pk).update(purchased_amount=amount)

    (fact,) = facts_of(account).accounts

    assert (fact.band, fact.natural, fact.opened_on) == (band, natural, account.opened_on)


def test_the_band_is_of_all_that_the_same_creditor_is_owed():
    portfolio = make_portfolio("US", "mca", regulated=False)
    business = make_party("Harbor Sports LLC", kind="entity", birth_date=None)
    accounts = [place_account(portfolio=portfolio, party=business, phone=phone) for phone in ("", None)]
    for account in accounts:
        type(account).objects.filter(pk=account.pk).update(purchased_amount=Decimal("300000.00"))

    assert facts_of(accounts[0]).accounts[0].band == "over_500k"


def test_a_loan_has_no_band():
    assert facts_of(place_account()).accounts[0].band == ""


@pytest.mark.parametrize(
    ("born", "minor", "elder"),
    [
        (date(2010, 1, 1), True, False),
        (date(1966, 11, 18), False, True),
        (date(1966, 11, 19), False, False),
        (None, False, False),
    ],
)
def test_age_is_known_to_the_gate_as_two_signs_only(born, minor, elder):
    party = facts_of(place_account(party=make_party(birth_date=born))).party

    assert (party.minor, party.elder) == (minor, elder)


def test_every_shipped_template_carries_what_a_message_must():
    lacking = {
        (template.code, template.channel): set(ELEMENTS) - set(elements_of(template))
        for template in Template.objects.filter(published_at__isnull=False)
        if template.purpose in ("demand", "reminder")
    }

    assert set().union(*lacking.values()) == set()
    assert all({"opt_out", "disclosure"} <= set(elements_of(one)) for one in Template.objects.all())


def test_what_only_one_language_says_is_not_said():
    template = Template(
        body_en="{creditor} {opt_out}", body_es="{creditor}", subject_en="{reference}", subject_es="{reference}"
    )

    assert elements_of(template) == ("creditor", "reference")


def test_holds_that_were_there_before_are_judged_as_before(agent):
    account = place_account()
    place_hold(kind=HoldKind.DISPUTE, account_id=account.pk, actor=agent, now=NOW)

    assert Hold.objects.get().permits == list(facts_of(account).holds[0].permitted)
    assert ask(account).decision.verdict == "refuse"
