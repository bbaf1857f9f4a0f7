"""Finding a person from the account page: asked for, decided, masked, and silent before verification."""

import pytest
from django.urls import reverse

from accounts.models import ContactPoint, SkipTrace, TraceCandidate
from accounts.services.skip_traces import request_trace, run_trace
from tests.communications.calls import caller
from tests.factories import NOW, again, make_party, make_portfolio, make_team, make_user, place_account

pytestmark = pytest.mark.django_db
LONDON = "+442079460123"
KEY = "0e9f2f0c-8d3a-4a39-9f43-5a4be4b5b002"


@pytest.fixture(autouse=True)
def _frozen(settings, eager):
    settings.FROZEN_NOW = NOW


@pytest.fixture
def account(team):
    place_account(phone=LONDON, address=False, party=make_party("Hannah Baker"))
    return place_account(phone=None, address=False, party=make_party("Hannah Baker"))


@pytest.fixture
def offer(account):
    trace = request_trace(account_id=account.pk, party_id=account.parties.get().pk, actor=None, now=NOW)
    run_trace(skip_trace_id=trace.pk, now=NOW)
    return trace.candidates.get()


@pytest.fixture
def page(client, agent):
    client.force_login(agent)
    return client


def decide(client, account, offer, how):
    return client.post(reverse(f"trace-{how}", args=[account.reference, offer.pk]), {"idempotency": KEY})


def test_the_account_page_offers_to_find_the_person_by_its_key(page, account):
    shown = page.get(reverse("account", args=[account.reference])).content.decode()

    assert 'data-key="F"' in shown


def test_a_search_is_asked_for_once_however_often_the_form_is_sent(page, account):
    asked = {"party": account.parties.get().pk, "idempotency": KEY}

    first = page.post(reverse("trace", args=[account.reference]), asked)
    page.post(reverse("trace", args=[account.reference]), asked)

    assert first.status_code == 302
    assert SkipTrace.objects.count() == 1


def test_what_was_found_is_shown_masked_with_evidence_and_confidence(page, account, offer):
    shown = page.get(reverse("trace", args=[account.reference])).content.decode()

    assert "same birth date, similar name" in shown
    assert "confidence 95 of 100" in shown
    assert "+44 20 •••• 0123" in shown
    assert "79460123" not in shown


def test_htmx_gets_the_panel_alone(page, account):
    shown = page.get(reverse("trace", args=[account.reference]), headers={"HX-Request": "true"}).content.decode()

    assert shown.count("<section") == 1
    assert "<html" not in shown


def test_an_accepted_finding_becomes_a_contact_point(page, account, offer):
    answer = decide(page, account, offer, "accept")

    assert answer.status_code == 302
    assert ContactPoint.objects.filter(party=account.parties.get(), value=LONDON).count() == 1
    assert again(account).next_kind == "act"


def test_a_rejected_finding_is_remembered_and_the_other_answer_refused_in_words(page, account, offer):
    decide(page, account, offer, "reject")

    shown = decide(page, account, offer, "accept").content.decode()

    assert "rejected already" in shown
    assert again(offer).verdict == "rejected"


def test_nothing_is_shown_or_decided_before_verification(page, account, offer, agent):
    caller(account, agent)

    shown = page.get(reverse("trace", args=[account.reference]))
    decided = decide(page, account, offer, "accept")

    assert shown.status_code == decided.status_code == 403
    assert again(offer).verdict == "open"


def test_a_stranger_finds_no_such_account_and_no_such_finding(client, account, offer):
    other = make_team(make_portfolio("UK", code="other"), name="Other")
    client.force_login(make_user("agent", other))

    assert client.get(reverse("trace", args=[account.reference])).status_code == 404
    assert decide(client, account, offer, "accept").status_code == 404
    assert again(offer).verdict == "open"


def test_a_finding_of_somebody_else_is_not_decided_through_this_account(page, account, offer, team):
    mine = place_account(party=make_party("Oscar Whitfield"))

    assert decide(page, mine, offer, "accept").status_code == 404


@pytest.mark.parametrize("role", ["finance", "compliance", "admin"])
def test_others_read_what_was_found_and_decide_nothing(client, account, offer, role):
    client.force_login(make_user(role))

    shown = client.get(reverse("trace", args=[account.reference])).content.decode()
    asked = client.post(reverse("trace", args=[account.reference]), {"party": account.parties.get().pk})

    assert "Look for them" not in shown
    assert asked.status_code == decide(client, account, offer, "accept").status_code == 403
    assert TraceCandidate.objects.get().verdict == "open"


def test_a_search_without_result_says_where_it_looked_when_and_what_can_be_done(page):
    lonely = place_account(phone=LONDON, party=make_party("Quentin Quill"))
    trace = request_trace(account_id=lonely.pk, party_id=lonely.parties.get().pk, actor=None, now=NOW)
    run_trace(skip_trace_id=trace.pk, now=NOW)

    shown = page.get(reverse("trace", args=[lonely.reference])).text

    assert "our own book" in shown
    assert "the numbering plans" in shown
    assert "Ended on Wed 18 Nov 2026" in shown
    assert "Look again on Fri 18 Dec 2026" in shown
    assert reverse("account-act", args=[lonely.reference, "way"]) in shown


def test_the_panel_asks_again_by_itself_only_while_somebody_is_looked_for(page, account):
    url = reverse("trace", args=[account.reference])
    trace = request_trace(account_id=account.pk, party_id=account.parties.get().pk, actor=None, now=NOW)
    searching = page.get(url).content.decode()
    run_trace(skip_trace_id=trace.pk, now=NOW)

    assert 'hx-trigger="every 2s"' in searching
    assert "Look again" in searching
    assert "every 2s" not in page.get(url).content.decode()
