"""Calls as the pages do them: the bar on every page, silence, one saving whatever is pressed."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.foundation.approvals import Approval
from accounts.models import Hold, Note
from accounts.services.accounts import today_of
from accounts.services.approvals import approve, claim
from accounts.services.complaints import raise_complaint
from accounts.services.dispute_raising import raise_dispute
from arrangements.models import Arrangement
from arrangements.services.hardship_opening import open_hardship
from collections_crm.selectors.case_days import first_due
from collections_crm.ui.words import civil
from communications.models import Contact, PolicyDecision, VerificationTry
from tests.communications.calls import caller, conclude, ring, verify
from tests.factories import NOW, TODAY, again, make_limit, make_party, make_user, place_account
from tests.support.promises import promise as promise_by_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(settings):
    settings.FROZEN_NOW = NOW


@pytest.fixture
def at_work(client, agent):
    make_limit("agent", promise_max_days=30)
    client.force_login(agent)
    return client


def page_of(client, contact):
    return client.get(reverse("contact", args=[contact.pk]))


def dial(client, account, **fields):
    point = account.parties.first().contact_points.get(kind="phone")
    sent = {"contact_point": point.pk} | fields
    return client.post(reverse("contact-start", args=[account.reference]), sent)


def save(client, contact, outcome, **fields):
    said = {"outcome": outcome, "next": ""} | fields
    return client.post(reverse("contact-wrap-up", args=[contact.pk]), said)


def answers(**changed):
    return {
        f"verify-{name}": value
        for name, value in ({"birth_date": "12 apr 1985", "postcode": "N1 9GU"} | changed).items()
    }


def test_an_allowed_call_shows_the_number_in_the_bar_of_every_page(at_work, agent):
    account = place_account(phone="020 7946 0123")

    dial(at_work, account)

    page = at_work.get(reverse("two-step")).content.decode()
    assert 'href="tel:+442079460123"' in page
    assert "+44 20 7946 0123" in page
    assert account.reference in page


def test_a_refused_call_says_every_reason_its_rule_and_what_else_may_be_done(at_work, settings):
    settings.FROZEN_NOW = NOW.replace(hour=23)
    account = place_account(phone="020 7946 0123", email="juana@example.com")

    answer = dial(at_work, account)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert PolicyDecision.objects.get().verdict in page
    for reason in PolicyDecision.objects.get().reasons:
        assert reason["rule"] in page
    assert 'id="refused-title" tabindex="-1" data-focus-after' in page
    assert "Thu 19 Nov 2026 08:00 London" in page
    assert "tel:" not in page
    assert "79460123" not in page.replace(" ", "")


def test_the_bar_says_nothing_of_the_debt_before_verification(at_work, agent):
    account = place_account(owed="4321.00", due="765.00")
    contact = ring(account, agent)

    before = page_of(at_work, contact).content.decode()
    verify(contact, agent)
    after = page_of(at_work, contact).content.decode()

    for secret in ("4,321", "765.00", "Harbour", "Loan"):
        assert secret not in before
    assert "promise_amount" not in before
    assert "765.00" in after


def test_only_a_demonstration_tells_what_its_customer_answers(at_work, agent, settings):
    contact = ring(place_account(), agent)

    real = page_of(at_work, contact).content.decode()
    settings.DEMO = True
    invented = page_of(at_work, contact).content.decode()

    assert "the customer says 1985-04-12, N19GU" in invented
    assert "1985-04-12" not in real


def test_a_page_without_an_open_contact_costs_one_query_for_the_bar(at_work, agent):
    url = reverse("password_change_done")
    at_work.get(url)  # what is asked of every page is planned by the first one

    with CaptureQueriesContext(connection) as asked:
        at_work.get(url)

    about_calls = [query["sql"] for query in asked if f"({agent.pk}, 'call')" in query["sql"]]
    assert len(about_calls) == 1
    assert not any("communications_contact" in query["sql"] for query in asked)


def test_no_answer_takes_one_form_and_leaves_nothing_to_wrap_up(at_work, agent):
    contact = ring(place_account(), agent)

    answer = save(at_work, contact, "no_answer")

    assert answer.status_code == 302
    assert again(contact).outcome.code == "no_answer"
    assert "call-bar" not in at_work.get(reverse("two-step")).content.decode()


def test_three_answers_are_compared_together_and_a_fourth_try_is_locked(at_work, agent):
    contact = ring(place_account(), agent)
    url = reverse("contact-verify", args=[contact.pk])

    for _time in range(4):
        at_work.post(url, answers(postcode="E1 6AN"))

    page = page_of(at_work, contact).content.decode()
    assert VerificationTry.objects.count() == 3
    assert "Verification is locked" in page
    assert "E1 6AN" not in page


def test_a_match_opens_what_only_the_verified_person_can_say(at_work, agent):
    contact = ring(place_account(), agent)
    assert 'value="promise"' not in page_of(at_work, contact).content.decode()

    answer = at_work.post(reverse("contact-verify", args=[contact.pk]), answers(), follow=True)

    assert "Match" in answer.content.decode()
    assert 'value="promise"' in page_of(at_work, contact).content.decode()


def test_an_unreadable_birth_date_is_asked_again_and_is_no_try(at_work, agent):
    contact = ring(place_account(), agent)

    answer = at_work.post(reverse("contact-verify", args=[contact.pk]), answers(birth_date="04/12/1985"))

    assert answer.status_code == 422
    assert "Is it" in answer.content.decode()
    assert VerificationTry.objects.count() == 0


def test_going_back_after_verification_never_leaves_our_own_house(at_work, agent):
    contact = ring(place_account(), agent)

    answer = at_work.post(reverse("contact-verify", args=[contact.pk]), answers(back="x") | {"back": "//evil.example/"})

    assert "evil" not in answer["Location"]


def promise(**fields):
    return {"said": "promise", "promise_on": "+7", "promise_amount": "400.00"} | fields


def test_a_promise_is_taken_with_the_outcome_or_not_at_all(at_work, agent):
    account = place_account()
    contact = ring(account, agent)
    verify(contact, agent)

    refused = save(at_work, contact, "right_party", **promise(promise_amount="9999.00", note="on payday"))

    assert refused.status_code == 422
    assert "on payday" in refused.content.decode()
    assert (again(contact).outcome, Arrangement.objects.count(), Note.objects.count()) == (None, 0, 0)

    save(at_work, contact, "right_party", **promise(note="on payday"))

    agreed = Arrangement.objects.get()
    assert (agreed.amount, agreed.contact_id, again(account).next_kind) == (400, contact.pk, "check_promise")
    assert Note.objects.get().text == "on payday"


def test_a_promise_without_its_day_is_asked_for(at_work, agent):
    contact = ring(place_account(), agent)
    verify(contact, agent)

    answer = save(at_work, contact, "right_party", **promise(promise_on=""))

    assert "Write by which day." in answer.content.decode()
    assert again(contact).is_open


def test_what_was_typed_for_another_outcome_does_not_stand_in_the_way(at_work, agent):
    account = place_account(jurisdiction="MX")
    contact = ring(account, agent)
    verify(contact, agent)

    save(at_work, contact, "callback", promise_on="03/04", callback_on="+1", callback_time="16:30")

    assert again(account).next_kind == "callback"


def test_a_plan_accepted_on_the_call_is_its_outcome(at_work, agent):
    account = place_account()
    contact = ring(account, agent)
    verify(contact, agent)
    refused = save(at_work, contact, "right_party", said="agreed")
    assert "Nothing was agreed or asked for in this call" in refused.content.decode()

    promise_by_page(account, agent, "400.00", contact=contact)
    save(at_work, contact, "right_party", said="agreed")

    assert again(contact).outcome.code == "agreed"
    assert again(account).next_kind == "check_promise"


def test_a_callback_is_at_the_customers_hour_not_the_agents(at_work, agent):
    account = place_account(jurisdiction="MX")
    contact = ring(account, agent)

    save(at_work, contact, "callback", callback_on="+1", callback_time="16:30")

    assert again(account).next_at.isoformat() == "2026-11-19T22:30:00+00:00"


def test_an_hour_that_the_clocks_skip_is_refused(at_work, agent):
    contact = ring(place_account(), agent)

    answer = save(at_work, contact, "callback", callback_on="2027-03-28", callback_time="01:30")

    assert "The clocks change" in answer.content.decode()


def test_the_same_form_twice_saves_once(at_work, agent):
    contact = ring(place_account(), agent)
    key = re.search(r'name="idempotency" value="([^"]+)"', page_of(at_work, contact).content.decode())[1]

    first = save(at_work, contact, "third_party", note="sister", idempotency=key)
    second = save(at_work, contact, "third_party", note="sister", idempotency=key)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Note.objects.count() == 1


def test_a_form_left_open_in_another_tab_says_what_was_saved_and_keeps_the_text(at_work, agent):
    contact = ring(place_account(), agent)
    conclude(contact, agent, "busy")

    answer = save(at_work, contact, "third_party", note="spoke with the sister")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "It was saved as: Busy" in page
    assert "spoke with the sister" in page
    assert Note.objects.count() == 0


def test_the_bar_alone_is_swapped_when_the_script_asks(at_work, agent):
    contact = ring(place_account(), agent)
    url = reverse("contact-wrap-up", args=[contact.pk])

    wrong = at_work.post(url, {"outcome": "right_party"}, headers={"HX-Request": "true"})
    right = at_work.post(url, {"outcome": "busy"}, headers={"HX-Request": "true"})

    assert wrong.status_code == 422
    assert wrong.content.decode().lstrip().startswith('<section class="callbar"')
    assert (right.status_code, bool(right["HX-Redirect"])) == (204, True)


def test_a_card_number_in_the_note_is_refused(at_work, agent):
    contact = ring(place_account(), agent)

    answer = save(at_work, contact, "third_party", note="card 4111 1111 1111 1111")

    assert "card number" in answer.content.decode()
    assert again(contact).is_open


def test_several_accounts_may_be_ticked_once_the_person_is_verified(at_work, agent):
    party = make_party()
    first, second = place_account(party=party), place_account(party=party)
    contact = ring(first, agent)
    assert second.reference not in page_of(at_work, contact).content.decode()
    verify(contact, agent)

    save(at_work, contact, "right_party", said="disputes", accounts=[second.pk])

    assert {hold.account for hold in Hold.objects.all()} == {first, second}


def test_an_agent_of_another_team_serves_a_caller(client, team):
    stranger, account = make_user("agent"), place_account()
    client.force_login(stranger)

    client.post(reverse("contact-inbound", args=[account.reference]), {"role": "primary"})

    page = client.get(reverse("two-step")).content.decode()
    assert "They called" in page
    assert "Thank you for calling" in page
    assert 'value="no_answer"' not in page


def test_saying_nothing_about_who_calls_opens_nothing(at_work):
    answer = at_work.post(reverse("contact-inbound", args=[place_account().reference]), {})

    assert answer.status_code == 409
    assert "Say who is calling" in answer.content.decode()
    assert Contact.objects.count() == 0


def test_a_second_call_is_refused_with_the_first_still_in_the_bar(at_work, agent):
    ring(place_account(), agent)

    answer = dial(at_work, place_account())

    assert answer.status_code == 409
    assert "call to wrap up first" in answer.content.decode()


@pytest.mark.parametrize("role", ["finance", "compliance", "admin"])
def test_who_does_not_speak_with_customers_is_offered_no_call(client, team, role):
    account = place_account()
    client.force_login(make_user(role))

    page = client.get(reverse("account", args=[account.reference])).content.decode()
    answer = dial(client, account)

    assert reverse("contact-start", args=[account.reference]) not in page
    assert "Only agents and managers" in answer.content.decode()
    assert not Contact.objects.exists()


def test_logging_out_in_the_middle_keeps_the_call_to_wrap_up(at_work, agent):
    contact = ring(place_account(), agent)

    at_work.post(reverse("logout"))
    at_work.force_login(agent)

    assert contact.contact_point.value in at_work.get(reverse("queue")).content.decode()


def test_next_waits_for_the_wrap_up(at_work, agent):
    ring(place_account(), agent)

    answer = at_work.post(reverse("next"), follow=True)

    assert "Wrap up the open contact first" in answer.content.decode()


def test_hanging_up_keeps_the_contact_to_wrap_up(at_work, agent):
    contact = ring(place_account(), agent)

    at_work.post(reverse("contact-hang-up", args=[contact.pk]))

    assert "To wrap up" in page_of(at_work, contact).content.decode()


def test_somebody_elses_contact_does_not_exist(client, agent, manager):
    contact = ring(place_account(), agent)
    client.force_login(manager)

    for name, method in [
        ("contact", "get"),
        ("contact-verify", "post"),
        ("contact-wrap-up", "post"),
        ("contact-hang-up", "post"),
    ]:
        assert getattr(client, method)(reverse(name, args=[contact.pk])).status_code == 404


def test_a_strangers_account_cannot_be_called(client, team):
    account = place_account()
    client.force_login(make_user("agent"))

    assert dial(client, account).status_code == 404


def test_a_manager_opens_a_locked_verification_from_the_page(client, agent, manager):
    contact = ring(place_account(), agent)
    for _time in range(3):
        verify(contact, agent, {"birth_date": "1999-01-01"})
    client.force_login(manager)
    assert (
        contact.account_contacts.get().account.reference in client.get(reverse("verification-locks")).content.decode()
    )

    url = reverse("verification-unlock", args=[contact.party_id])
    client.post(url, {f"{contact.party_id}-reason": "misheard"})

    assert "Nobody is locked" in client.get(reverse("verification-locks")).content.decode()


def test_an_agent_has_no_page_of_locks(at_work):
    assert at_work.get(reverse("verification-locks")).status_code == 403


def test_the_bar_speaks_spanish_and_the_script_the_customers_language(client, team):
    agent = make_user("agent", team, language="es-mx")
    client.force_login(agent)
    contact = ring(place_account(party=make_party(language="en")), agent)

    page = page_of(client, contact).content.decode()

    assert "No contestó" in page
    assert '<p class="script" lang="en">Hello. May I speak with' in page
    assert "Save and Next" not in page


def test_a_started_wrap_up_is_there_again_on_the_next_page(at_work, agent):
    contact = ring(place_account(), agent)
    at_work.post(
        reverse("draft", args=[f"wrap-up-{contact.pk}"]), {"note": "half a sentence", "outcome": "third_party"}
    )

    page = page_of(at_work, contact).content.decode()

    assert "half a sentence" in page
    assert re.search(r'value="third_party" data-key="6" checked', page)


def test_an_answer_that_cannot_be_read_is_asked_for_again_in_place(at_work, agent):
    account = place_account()
    contact = ring(account, agent)
    url, htmx = reverse("contact-verify", args=[contact.pk]), {"HX-Request": "true", "HX-Target": "call-bar"}

    unread = at_work.post(url, answers(birth_date="04/12/1985"), headers=htmx)
    matched = at_work.post(url, answers(), headers=htmx)

    assert unread.status_code == 422
    assert unread.content.decode().lstrip().startswith("<section")
    assert (matched.status_code, matched.headers["HX-Redirect"]) == (204, reverse("account", args=[account.reference]))


def test_who_calls_for_somebody_else_is_asked_for_a_message_only(at_work, agent):
    account = place_account()
    caller(account, agent, "third_party")

    page = at_work.get(reverse("account", args=[account.reference])).content.decode()

    assert "Somebody else is on the line" in page
    assert "May I take a message?" in page
    assert "too little is known" not in page


def test_the_next_step_may_be_put_on_another_day(at_work, agent):
    account = place_account()

    save(at_work, ring(account, agent), "no_answer", next_on="+3")

    assert again(account).next_on == TODAY + timedelta(days=3)


def test_the_caller_of_a_closed_call_is_not_asked_again(at_work, agent):
    contact = caller(place_account(), agent)
    conclude(contact, agent, "third_party")

    at_work.post(reverse("contact-verify", args=[contact.pk]), answers())

    assert VerificationTry.objects.count() == 0


def test_the_timeline_leads_to_what_the_gate_answered(at_work, agent, client):
    account = place_account()
    dial(at_work, account)
    decision = PolicyDecision.objects.get()
    assert at_work.get(reverse("decision", args=[decision.pk])).status_code == 403
    verify(decision.contact, agent)

    page = at_work.get(reverse("decision", args=[decision.pk])).content.decode()

    assert "MAY CALL" in page
    assert all(pack in page for pack in decision.pack_versions)
    for told in ("London", "(address)", "0 of 3 today (firm policy): firm-uk-daily-cap", "uk-policy-hours"):
        assert told in page, told
    client.force_login(make_user("agent"))
    assert client.get(reverse("decision", args=[decision.pk])).status_code == 404


def held_back(agent):
    """An account whose call only a manager may allow."""
    account = place_account()
    conclude(ring(account, agent), agent, "vulnerable")
    return account


def test_an_exception_is_asked_for_approved_and_used_up_by_one_call(at_work, agent, manager):
    account = held_back(agent)
    refused = dial(at_work, account).content.decode()
    assert "Ask a manager for an exception" in refused
    sent = {"contact_point": PolicyDecision.objects.first().contact_point_id, "why": "She asked for it."}

    answer = at_work.post(reverse("contact-exception", args=[account.reference]), sent, follow=True)

    assert "Once a manager has approved it" in answer.content.decode()
    approval = Approval.objects.get()
    claim(approval_id=approval.pk, actor=manager, now=NOW)
    approve(approval_id=approval.pk, actor=manager, now=NOW)
    dial(at_work, account)
    call = Contact.objects.get(agent=agent, wrapped_up_at__isnull=True)
    assert (call.verdict, call.decision.override) == ("override", approval)

    conclude(call, agent, "no_answer")
    why = at_work.get(reverse("decision", args=[call.decision_id])).content.decode()
    assert f"approved by {manager.username}" in why
    dial(at_work, account)

    assert not Contact.objects.filter(agent=agent, wrapped_up_at__isnull=True).exists()


def test_an_exception_is_asked_for_with_a_reason(at_work, agent):
    account = held_back(agent)
    sent = {"contact_point": account.parties.get().contact_points.get(kind="phone").pk, "why": " "}

    answer = at_work.post(reverse("contact-exception", args=[account.reference]), sent, follow=True)

    assert "Say why this call should be made" in answer.content.decode()
    assert not Approval.objects.exists()


def test_nobody_else_uses_an_exception(client, agent, manager, team):
    account = held_back(agent)
    client.force_login(agent)
    sent = {"contact_point": account.parties.get().contact_points.get(kind="phone").pk, "why": "Her sister asked."}
    client.post(reverse("contact-exception", args=[account.reference]), sent)
    approval = Approval.objects.get()
    claim(approval_id=approval.pk, actor=manager, now=NOW)
    approve(approval_id=approval.pk, actor=manager, now=NOW)
    client.force_login(make_user("agent", team))

    dial(client, account)

    assert not Contact.objects.filter(wrapped_up_at__isnull=True).exists()


def test_no_exception_is_needed_where_nothing_stands_against_the_call(at_work):
    account = place_account()
    sent = {"contact_point": account.parties.get().contact_points.get(kind="phone").pk, "why": "Why not?"}

    answer = at_work.post(reverse("contact-exception", args=[account.reference]), sent, follow=True)

    assert "No exception can be made here" in answer.content.decode()
    assert not Approval.objects.exists()


def test_no_second_call_is_offered_while_one_is_open(at_work, agent):
    account = place_account()
    url = reverse("account", args=[account.reference])
    offer = reverse("contact-start", args=[account.reference])
    assert offer in at_work.get(url).content.decode()

    ring(account, agent)

    page = at_work.get(url).content.decode()
    assert offer not in page
    assert reverse("contact-inbound", args=[account.reference]) not in page


def test_a_manager_reads_what_the_exception_is_about(client, agent, manager):
    account = held_back(agent)
    client.force_login(agent)
    dial(client, account)
    sent = {"contact_point": account.parties.get().contact_points.get(kind="phone").pk, "why": "Her sister asked."}
    client.post(reverse("contact-exception", args=[account.reference]), sent)
    client.force_login(manager)

    page = client.get(reverse("approval", args=[Approval.objects.get().pk])).content.decode()

    assert "Contact as an exception" in page
    assert "Her sister asked." in page
    assert "Juana Ramírez Ortega" in page
    assert "+44 20 ••••" in page
    assert "What stands against it" in page
    assert "firm-vulnerability" in page


@pytest.mark.parametrize("verified", [False, True])
def test_an_open_call_adds_at_most_eight_queries_to_a_page(at_work, agent, verified):
    url = reverse("password_change_done")
    with CaptureQueriesContext(connection) as without:
        at_work.get(url)
    contact = ring(place_account(), agent)
    if verified:
        verify(contact, agent)

    with CaptureQueriesContext(connection) as asked:
        at_work.get(url)

    assert len(asked) - len(without) <= 8, [query["sql"] for query in asked]


def test_switching_the_language_over_a_refused_call_leads_to_its_account(at_work, settings):
    settings.FROZEN_NOW = NOW.replace(hour=23)
    account = place_account(phone="020 7946 0123")
    refused = reverse("contact-start", args=[account.reference])

    dial(at_work, account)
    switched = at_work.post(reverse("language"), {"language": "es-mx", "next": refused})

    assert switched["Location"] == reverse("account", args=[account.reference])
    assert at_work.get(switched["Location"]).status_code == 200


def test_hanging_up_on_a_page_that_only_took_a_form_leads_to_its_account(at_work, agent):
    contact = ring(place_account(reference="A-77"), agent)

    answer = at_work.post(
        reverse("contact-hang-up", args=[contact.pk]), {"back": reverse("contact-start", args=["A-77"])}
    )

    assert answer["Location"] == reverse("account", args=["A-77"])


def test_the_address_of_a_form_opened_by_itself_says_what_to_do(at_work):
    account = place_account()

    answer = at_work.get(reverse("contact-start", args=[account.reference]))

    assert answer.status_code == 405
    assert "Nothing to open here" in answer.text
    assert f'href="{reverse("account", args=[account.reference])}"' in answer.text
    assert "POST" in answer["Allow"]


def test_a_call_back_without_day_and_time_asks_for_each_once_and_at_its_field(at_work, agent):
    contact = ring(place_account(), agent)

    page = save(at_work, contact, "callback").text

    summary, fields = page.split('class="error-summary"')[1].split("</div>", 1)
    for sentence in ("Write the day on which", "Write the time of day"):
        assert summary.count(sentence) == 1
        assert fields.count(sentence) == 1
    assert "At what time:" in summary


def test_the_missing_outcome_is_linked_to_its_first_choice(at_work, agent):
    contact = ring(place_account(), agent)

    page = save(at_work, contact, "").text

    assert 'href="#id_outcome"' in page
    assert page.count('id="id_outcome"') == 1


def test_a_contact_that_was_wrapped_up_in_another_window_leads_on_to_the_next_account(at_work, agent):
    contact = ring(place_account(), agent)
    save(at_work, contact, "no_answer")

    page = save(at_work, contact, "busy").text

    assert "wrapped up already" in page
    assert f'action="{reverse("next")}"' in page


def test_a_call_refused_by_a_hold_leads_to_the_review_that_is_its_next_step(at_work, agent):
    account = place_account(phone="020 7946 0123", owner=agent)
    said = {"party_id": account.parties.get().pk, "kind": "not_mine", "said": ""}
    raise_dispute(account_id=account.pk, **said, actor=agent, now=NOW)

    page = dial(at_work, account).content.decode()

    assert "Review the hold: that is its next step" in page
    assert "the queue brings this one back when it may be called" not in page


@pytest.mark.parametrize(("outcome", "hold"), [("disputes", "dispute"), ("cannot_pay", "hardship")])
def test_the_day_told_before_saving_is_the_day_that_is_saved(outcome, hold, at_work, agent):
    """The case that the outcome opens has a clock of its own."""
    contact = ring(place_account(), agent)
    verify(contact, agent)
    shown = page_of(at_work, contact).content.decode()

    conclude(contact, agent, outcome)

    assert f"then: hold, review {civil(Hold.objects.get(kind=hold).review_on)}" in shown


@pytest.mark.parametrize("place", ["UK", "US", "MX", "AU"])
def test_the_day_told_is_that_of_the_law_of_the_place(place, agent):
    account = place_account(jurisdiction=place)
    told = {"account_id": account.pk, "party_id": account.parties.get().pk, "actor": agent, "now": NOW}

    dispute = raise_dispute(kind="not_mine", said="", **told)
    complaint = raise_complaint(category="other", said="", **told)
    case = open_hardship(reason="cannot_pay", **told)

    opened = {"dispute": dispute, "complaint": complaint, "hardship": case}
    days = {kind: first_due(kind, account, today_of(account, NOW)) for kind in opened}
    assert days == {kind: one.hold.review_on for kind, one in opened.items()}
    assert first_due("cease", account, TODAY) is None
