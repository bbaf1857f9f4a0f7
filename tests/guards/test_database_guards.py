"""What the database refuses to anybody, SQL by hand included. `bin/test --mutants` switches each guard off."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, InternalError, connection, transaction

from accounts.foundation.approvals import Approval
from accounts.foundation.digests import digest
from accounts.foundation.errors import Refused
from accounts.foundation.receipts import Receipt, once
from accounts.foundation.states import move
from accounts.models import Account, LedgerEntry
from accounts.services.contact_points import opt_out
from accounts.services.notes import write_note
from communications.models import PolicyVersion, VerificationTry
from communications.services.stops import release_stop, stop_contact
from tests import factories
from tests.factories import again, place_account
from tests.support.promises import promise, verified_contact

pytestmark = pytest.mark.django_db


def request_for(maker, now):
    """A request as its maker left it."""
    terms = {"amount": "5.00"}
    account = place_account()
    return Approval.objects.create(
        kind="test",
        account=account,
        subject_type="account",
        subject_id=account.pk,
        terms=terms,
        terms_digest=digest(terms),
        maker=maker,
        requested_at=now,
        expires_at=now + timedelta(days=7),
    )


def sql(statement, *parameters):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def test_one_person_alone_can_not_release_an_emergency_stop(manager, now):
    what = {"channel": "", "jurisdiction": "", "portfolio_id": None, "cause": "other", "note": "A drill."}
    stop = stop_contact(**what, actor=manager, now=now)
    release_stop(stop_id=stop.pk, actor=manager, now=now)

    with pytest.raises(IntegrityError, match="contact_stop_released_by_two"):
        sql(
            "UPDATE communications_contactstop SET state = 'released', released_by_id = %s, released_at = %s",
            manager.pk,
            now,
        )

    assert again(stop).stands


def test_a_version_of_the_policy_ends_only_where_another_begins(now):
    live = PolicyVersion.objects.get(pack__code="UK")

    with pytest.raises(IntegrityError, match="ends only where another"):
        end_without_a_next(live, now)

    assert again(live).effective_to is None


@transaction.atomic
def end_without_a_next(version, now):
    PolicyVersion.objects.filter(pk=version.pk).update(state="retired", effective_to=now)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the end of the transaction asks
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_one_key_of_one_source_can_not_be_posted_twice_by_hand():
    account = place_account(owed="400.00")
    entry = LedgerEntry.objects.filter(account=account).first()
    entry.pk = None

    with pytest.raises(IntegrityError, match="ledger_source_key_once"), transaction.atomic():
        entry.save(force_insert=True)


def test_an_entry_of_the_ledger_can_not_be_deleted():
    account = place_account(owed="400.00")

    with pytest.raises(DatabaseError):
        sql("DELETE FROM accounts_ledgerentry WHERE account_id = %s", account.pk)


def test_nobody_writes_a_balance_but_the_ledger():
    account = place_account(owed="400.00")

    with pytest.raises(DatabaseError):
        sql("UPDATE accounts_account SET balance = 1 WHERE id = %s", account.pk)


def test_a_new_entry_moves_the_balance(now):
    account = place_account(owed="400.00")

    factories.pay(account, "100.00")

    assert again(account).balance == 300


def test_an_account_leaves_its_state_only_by_its_machine():
    account = place_account()

    with pytest.raises(DatabaseError, match="no move"):
        sql("UPDATE accounts_account SET state = 'placed_out' WHERE id = %s", account.pk)


def test_an_open_account_without_next_step_is_impossible():
    account = place_account()

    with pytest.raises(IntegrityError, match="account_no_orphan"), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(next_kind=None, next_on=None)


def test_a_form_sent_twice_does_its_work_once(agent, now):
    done = []

    for _time in range(2):
        once(key="form-1", act="test.note", actor=agent, at=now, effect=lambda: done.append(1))

    assert done == [1]


def test_two_receipts_of_one_form_are_impossible(agent, now):
    given = {"key": "form-1", "act": "test.note", "actor": agent, "at": now}
    Receipt.objects.create(**given)

    with pytest.raises(IntegrityError, match="receipt_once"), transaction.atomic():
        Receipt.objects.create(**given)


def test_nobody_is_their_own_checker_even_by_hand(agent, now):
    approval = request_for(agent, now)

    with pytest.raises(IntegrityError, match="approval_maker_is_not_checker"):
        sql("UPDATE accounts_approval SET checker_id = maker_id WHERE id = %s", approval.pk)


def test_terms_that_were_changed_after_the_request_can_not_be_approved(agent, manager, now):
    approval = request_for(agent, now)
    move(approval, "claim", actor=manager, at=now, given={"checker": manager, "until": now})
    changed = 'UPDATE accounts_approval SET terms = \'{"amount": "9.00"}\' WHERE id = %s'
    with pytest.raises(InternalError, match="it stands as it was recorded"), transaction.atomic():
        sql(changed, approval.pk)
    # Even where somebody switched the triggers off.
    sql("SET LOCAL session_replication_role = replica")
    sql(changed, approval.pk)
    sql("SET LOCAL session_replication_role = origin")

    with pytest.raises(Refused):
        move(again(approval), "approve", actor=manager, at=now, given={"when": now})


def test_a_second_live_arrangement_is_impossible(agent):
    live = promise(place_account(), agent, "200.00")
    live.pk = None

    with pytest.raises(IntegrityError, match="arrangement_one_live_per_account"), transaction.atomic():
        live.save(force_insert=True)


def test_a_second_open_request_about_one_thing_is_impossible(agent, now):
    approval = request_for(agent, now)
    approval.pk = None

    with pytest.raises(IntegrityError, match="approval_one_open_per_subject"), transaction.atomic():
        approval.save(force_insert=True)


REWRITTEN = {
    "a payment's amount": "UPDATE accounts_payment SET amount = 1",
    "who decided": "UPDATE accounts_approval SET checker_id = NULL",
    "the terms that were approved": "UPDATE accounts_approval SET terms_digest = 'x'",
    "when somebody was called": "UPDATE communications_contact SET started_at = started_at - interval '1 day'",
    "what an agent wrote": "UPDATE accounts_note SET text = 'nothing'",
    "when somebody opted out": "UPDATE accounts_consent SET given_at = given_at + interval '1 day'",
    "what the next step was": "UPDATE accounts_followup SET kind = 'trace'",
    "what a contact was about": "DELETE FROM communications_accountcontact",
    "who failed to verify": "DELETE FROM communications_verificationtry",
    "that a contact took place": "DELETE FROM communications_contact",
    "a payment": "DELETE FROM accounts_payment",
    "a hold": "DELETE FROM accounts_hold",
    "a promise": "DELETE FROM arrangements_instalment",
}


@pytest.fixture
def history(agent, manager, now):
    """One of each thing that the record is made of."""
    account = place_account(owed="400.00")
    factories.pay(account, "100.00")
    contact = verified_contact(account, agent)
    VerificationTry.objects.create(
        contact=contact, party=contact.party, asked=["birth_date"], matched=True, at=now, local_on=now.date()
    )
    write_note(account_id=account.pk, text="Will call back.", actor=agent, now=now)
    phone = contact.party.contact_points.get(kind="phone")
    opt_out(contact_point_id=phone.pk, channel="text", actor=agent, now=now)
    promise(account, agent, "50.00", contact=contact)
    approval = request_for(agent, now)
    move(approval, "claim", actor=manager, at=now, given={"checker": manager, "until": now})
    move(approval, "approve", actor=manager, at=now, given={"at": now})


@pytest.mark.parametrize("what", REWRITTEN)
def test_what_happened_is_neither_rewritten_nor_taken_away(history, what):
    with pytest.raises(DatabaseError, match=r"(?i)cannot"):
        sql(REWRITTEN[what])


def test_no_session_can_tell_the_triggers_to_look_away(history):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(tgname) FROM pg_trigger WHERE NOT tgisinternal")
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s::text, true)", [cursor.fetchone()[0]])

        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("UPDATE accounts_account SET balance = 1")
