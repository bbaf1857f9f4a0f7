"""Before a caller is verified nothing is said and nothing is changed, whatever address of the account is asked.

Every named address with a parameter is walked; one that is about no account is entered in NO_ACCOUNT, one that works
in silence in IN_SILENCE, with what it answers and the tables that it may write. All others must be closed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.foundation.approvals import Approval
from accounts.models import Account, Complaint, ContactPoint, Dispute, Hold, Party, Reconciliation, Reveal
from accounts.services.contact_points import add_contact_point
from arrangements.models import LIVE, Arrangement, Budget, EnforcementCase, Escalation, HardshipCase
from collections_crm.services.drafts import keep_draft
from tests.communications.calls import caller, conclude, ring, verify
from tests.factories import NOW, again, make_portfolio, make_team, make_user, place_account
from tests.support.cases import make_limits, raise_case
from tests.support.promises import promise
from tests.support.world import World, build_world
from tests.test_permissions_table import ADDRESSES, OURS, TABLE

NO_ACCOUNT = {
    "draft", "payment-identify", "verification-unlock", "queue-view", "queue-view-drop",
    "placement-cancel", "placement-confirm", "placement-detail", "placement-mapping", "placement-rejects",
    "placement-rows", "queue-day", "export-file", "retention-release", "retention-report", "stop-release",
    "customer-agreement", "customer-answer", "customer-offer",
}  # fmt: skip
WITH_PARAMETERS = sorted(name for name in OURS if ADDRESSES[name] and name not in NO_ACCOUNT)

# address: (answers to GET, answers to POST, tables that may be written)
CALL = {"communications_contact", "accounts_event", "accounts_receipt", "accounts_accessgrant"}
IN_SILENCE: dict[str, tuple[set[int], set[int], set[str]]] = {
    "account": ({200}, {405}, set()),
    "account-changes": ({204}, {405}, set()),
    "account-act": ({200, 404}, {422, 404}, set()),
    "contact": ({200}, {405}, set()),
    "contact-start": ({405}, {409}, set()),
    "contact-inbound": ({405}, {409}, set()),
    "contact-hang-up": ({405}, {302}, CALL),
    "contact-verify": ({405}, {422}, set()),
    "contact-wrap-up": ({405}, {422}, set()),
}

FIELDS = {
    "note": "said", "text": "said", "reason": "verify", "sentence": "why", "kind": "dispute", "amount": "10.00",
    "due_on": "2026-11-25", "paid_on": "2026-11-17", "sent_on": "2026-11-17", "filed_on": "2026-11-17", "number": "77",
    "answer": "confirmed", "was_sent": "yes", "role": "primary", "on": "2026-11-18", "cancel-reason": "made_in_error",
}  # fmt: skip
WRITTEN = """SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
    WHERE relname NOT LIKE 'django_session%' AND relname NOT LIKE 'axes%' AND relname <> 'accounts_accountaccess'"""


@pytest.fixture(scope="module")
def world(real_db, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        world = build_world()
        others = make_portfolio("UK", code="others")
        # A year that stands in no hint of a form.
        Party.objects.update(birth_date=date(1961, 9, 23))
        world.people["stranger"] = make_user("agent", make_team(others, name="Others"))
        yield world


@pytest.fixture(autouse=True)
def _frozen(settings):
    settings.FROZEN_NOW = NOW


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def written() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return dict(cursor.fetchall())


def secrets(account, *, dialled: bool) -> list[str]:
    """What a page could betray of the debt and of the person; the number that was dialled stands in the call bar."""
    person = account.parties.get()
    points = person.contact_points.exclude(kind="phone") if dialled else person.contact_points.all()
    values = [value for point in points for value in (point.value, point.postcode) if value]
    amounts = {account.balance, account.due_now, account.principal, *account.due_items.values_list("amount", flat=True)}
    said = [f"{amount:,.2f}" for amount in amounts if amount]
    portfolio = account.portfolio
    return [*said, *values, portfolio.creditor, portfolio.name, portfolio.product.name_en, "1961-09-23", "23 Sep 1961"]


def closely(text: str) -> str:
    """Without what a page puts between the digits of a number."""
    return re.sub(r"[\s\u00a0().-]", "", text).lower()


def betrayed(answer, account, *, dialled: bool) -> list[str]:
    chance = r'<(?:link|script)[^>]*>|"[0-9a-f-]{36}"|"[0-9A-Za-z]{32,64}"'
    text = closely(re.sub(chance, "", answer.content.decode()))
    return [secret for secret in secrets(account, dialled=dialled) if closely(secret) in text]


PLACES = ["nobody", "agent", "manager", "finance", "compliance", "admin"]
# The last two speak with nobody, but may have been agents when their open call began.
CALLS = [("agent", caller), ("agent", ring), ("stranger", caller), ("manager", caller), ("finance", ring),
         ("compliance", ring)]  # fmt: skip


def statuses(name: str, method: str, who: str) -> set[int]:
    """Who is let in by the permissions table is kept out here."""
    if name in IN_SILENCE:
        return IN_SILENCE[name][method == "POST"]
    letter = TABLE[name][method == "POST"][PLACES.index("agent" if who == "stranger" else who)]
    return {405} if letter == "-" else {403}


def says_verify_first(answer) -> bool:
    return answer.status_code == 403 and "Verify first" in answer.content.decode()


@pytest.mark.parametrize("name", WITH_PARAMETERS)
def test_nothing_is_said_or_changed_before_verification(name, world):
    account = account_of(name, world)

    faults = [
        f"{method} by {who} after {begins.__name__}: {fault}"
        for who, begins in CALLS
        for method, fault in asked(name, account, world, who, begins)
    ]

    assert faults == []


def asked(name: str, account: Account, world: World, who: str, begins: Callable[..., Any]) -> Iterator[tuple[str, str]]:
    """What a look and a sending in an unverified call betray, change, or are let in to; undone afterwards."""
    client, person = Client(), world.people[who]
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    with undone():
        contact = begins(account, person)
        given = world.args_for(name, ADDRESSES[name]) | ({"contact_id": contact.pk} if "contact" in name else {})
        url = reverse(name, kwargs={param: given[param] for param in ADDRESSES[name]})
        for method in ("GET", "POST"):
            with undone():
                before = written()
                body = body_of(account)
                answer = client.generic(method, url, body, content_type="application/x-www-form-urlencoded")
                changed = {table for table, times in written().items() if times != before.get(table, 0)}
            for fault in faults_of(name, method, who, answer, changed):
                yield method, fault
            for secret in betrayed(answer, account, dialled=begins is ring):
                yield method, f"says {secret}"


def faults_of(name: str, method: str, who: str, answer: Any, changed: set[str]) -> list[str]:
    may_write = IN_SILENCE[name][2] if name in IN_SILENCE else set()
    return [
        *([] if answer.status_code in statuses(name, method, who) else [f"answers {answer.status_code}"]),
        *(f"writes {table}" for table in changed - may_write),
    ]


ABOUT = {
    "approval": Approval, "approval-act": Approval, "approval-claim": Approval,
    "escalation": Escalation, "escalation-correct": Escalation, "referral-answer": Escalation,
    "offer": Arrangement, "offer-agreement": Arrangement, "offer-accept": Arrangement, "offer-turn-down": Arrangement,
    "offer-send": Arrangement,
    "budget": Budget,
    "hardship": HardshipCase, "hardship-act": HardshipCase, "hardship-letter": HardshipCase,
    "reconciliation": Reconciliation, "reconciliation-act": Reconciliation, "reconciliation-letter": Reconciliation,
    "reconciliation-statement": Reconciliation,
    "complaint": Complaint, "complaint-act": Complaint, "complaint-letter": Complaint,
    "dispute": Dispute, "dispute-act": Dispute, "dispute-letter": Dispute,
    "enforcement-case": EnforcementCase, "enforcement-close": EnforcementCase, "enforcement-file": EnforcementCase,
}  # fmt: skip


def account_of(name: str, world: World) -> Account:
    """The account that the address leads to in this world."""
    accounts = Account.objects.select_related("portfolio__product")
    if name in ABOUT:
        return accounts.get(pk=ABOUT[name].objects.get(pk=world.args[f"{name}.pk"]).account.pk)
    return accounts.get(reference=world.args["reference"])


def body_of(account: Account) -> str:
    """Something right in every field that any of the forms asks for."""
    point = ContactPoint.objects.filter(party__accounts=account).first().pk
    return urlencode(FIELDS | {"point": point, "contact_point": point, "party": account.parties.get().pk})


@pytest.fixture
def served(client, team):
    """An account whose caller an agent of another team serves and has not verified yet."""
    account = place_account(phone="020 7946 0123", email="juana@example.com")
    stranger = make_user("agent", make_team(make_portfolio("UK", code="others"), name="Others"))
    client.force_login(stranger)
    client.post(reverse("contact-inbound", args=[account.reference]), {"role": "third_party"})
    return account


@pytest.mark.django_db
def test_an_agent_of_another_team_shows_nothing_in_full_before_the_caller_is_verified(client, served):
    for point in ContactPoint.objects.filter(party__accounts=served):
        answer = client.post(
            reverse("account-reveal", args=[served.reference]), {"point": point.pk, "reason": "confirm"}
        )

        assert says_verify_first(answer)
        assert point.value not in answer.content.decode()
    assert not Reveal.objects.exists()


@pytest.mark.django_db
def test_a_promise_is_neither_shown_nor_cancelled_before_verification(client, agent, finance):
    account = place_account()
    made = promise(account, agent)
    for person, begins in ((agent, caller), (finance, ring)):
        begins(account, person)
        client.force_login(person)

        for said in ({}, {"cancel-reason": "made_in_error"}):
            answer = client.post(reverse("promise-cancel", args=[account.reference]), said)

            assert says_verify_first(answer)
            assert "200.00" not in answer.content.decode()
    assert again(made).state in LIVE


@pytest.mark.django_db
def test_an_unverified_caller_does_not_pause_collection(client, agent):
    account = place_account()
    contact = caller(account, agent)
    client.force_login(agent)
    url, said = reverse("paid-claim", args=[account.reference]), {"paid_on": "2026-11-16"}

    refused = client.post(url, said)
    assert says_verify_first(refused)
    assert not Hold.objects.exists()

    verify(contact, agent)
    client.post(url, said)
    assert Hold.objects.get().kind == "paid_claim"


@pytest.mark.django_db
def test_whoever_asked_cannot_withdraw_a_request_before_verification(client, agent):
    make_limits()
    case = raise_case("settlement", agent)
    caller(case.account, agent)
    client.force_login(agent)

    answer = client.post(reverse("approval-act", args=[case.approval_id, "withdraw"]))

    assert says_verify_first(answer)
    assert Approval.objects.get(pk=case.approval_id).state == "requested"


@pytest.mark.django_db
def test_finance_confirms_no_payment_of_an_account_whose_caller_is_not_verified(client, finance):
    account = place_account(owed="1200.00")
    ring(account, finance)
    client.force_login(finance)
    said = {"reference": account.reference, "amount": "10.00", "method": "transfer", "received_on": "2026-11-17"}

    answer = client.post(reverse("payment-post"), said)

    assert says_verify_first(answer)
    assert "1,2" not in answer.content.decode()


@pytest.mark.django_db
def test_a_half_written_note_and_an_earlier_call_wait_for_the_verification_too(client, agent):
    account = place_account()
    earlier = ring(account, agent)
    conclude(earlier, agent, "busy")
    keep_draft(user_id=agent.pk, key=f"account-{account.pk}-NoteForm", typed={"text": "owes 400"}, now=NOW)
    caller(account, agent)
    client.force_login(agent)

    note = client.get(reverse("account-act", args=[account.reference, "note"])).content.decode()

    assert "owes 400" not in note
    assert says_verify_first(client.get(reverse("contact", args=[earlier.pk])))


@pytest.mark.django_db
def test_a_post_code_at_the_end_of_an_address_is_never_shown_unverified(client, agent):
    account = place_account(address=False)
    add_contact_point(
        party_id=account.parties.get().pk,
        kind="post",
        value="12 Mill Lane, Leeds LS6 2AS",
        postcode="N1 9GU",
        country="GB",
        provenance="creditor",
        actor=None,
        now=NOW,
    )
    caller(account, agent)
    client.force_login(agent)

    page = client.get(reverse("account", args=[account.reference])).content.decode()

    assert "Leeds" in page
    assert "LS6" not in page
    assert "2AS" not in page
    assert "Mill Lane" not in page
