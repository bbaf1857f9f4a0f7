"""A book on a working morning, with somebody logged in to work it: what the pages are drawn from."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction

from accounts.foundation.users import Team, User
from accounts.models import Account, AccountParty, NextKind, Portfolio
from accounts.services.complaints import raise_complaint
from accounts.services.notes import write_note
from accounts.services.payments import record_payment
from collections_crm.work.refresh import refresh_queue
from communications.models import AccountContact, Contact, ContactState, Direction, Origin, Outcome

# Eleven in the morning in New York and ten in Texas, on a Wednesday: people may be called.
MORNING = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)
CALLBACKS = 25
NOTES = 12


def analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def worker(username: str = "bench-agent") -> User:
    """An agent of the book's team."""
    return User.objects.create(username=username, role="agent", team=Team.objects.get(name="Team bench"))


def with_history(portfolio: Portfolio, agent: User) -> Account:
    """Callbacks that are due just now stand first in the queue, all of them spoken to before; the first one has a
    month behind it: payments, notes, a complaint. Answers that one."""
    ids = list(Account.objects.filter(portfolio=portfolio).order_by("pk").values_list("pk", flat=True)[:CALLBACKS])
    with transaction.atomic():
        for days in (20, 9, 2):
            talked(ids, agent, MORNING - timedelta(days=days))
        Account.objects.filter(pk__in=ids).update(
            owner=agent, next_kind=NextKind.CALLBACK, next_on=MORNING.date(), next_at=MORNING - timedelta(minutes=5),
            next_owner=agent, next_team=None,
        )  # fmt: skip
    _month_of(ids[0], agent)
    refresh_queue(ids, now=MORNING)
    return Account.objects.get(pk=ids[0])


def talked(account_ids: list[int], agent: User, at: datetime) -> None:
    outcome = Outcome.objects.get(code="no_answer")
    parties = dict(AccountParty.objects.filter(account_id__in=account_ids).values_list("account_id", "party_id"))
    persons = dict(
        AccountParty.objects.filter(account_id__in=account_ids).values_list("account_id", "party__person_id")
    )
    made = Contact.objects.bulk_create(
        Contact(
            person_id=persons[pk], party_id=parties[pk], channel="call", direction=Direction.OUT, purpose="demand",
            origin=Origin.INHERITED, state=ContactState.NO_ANSWER, agent=agent, started_at=at, local_on=at.date(),
            outcome=outcome, wrapped_up_at=at,
        )
        for pk in account_ids
    )  # fmt: skip
    AccountContact.objects.bulk_create(
        AccountContact(contact=contact, account_id=pk) for contact, pk in zip(made, account_ids, strict=True)
    )


def _month_of(account_id: int, agent: User) -> None:
    for number in range(NOTES):
        at = MORNING - timedelta(days=NOTES - number)
        write_note(account_id=account_id, text=f"Said to look again after {at:%d %B}.", actor=agent, now=at)
    for number, on in enumerate((date(2026, 10, 1), date(2026, 11, 2))):
        record_payment(
            account_id=account_id, amount=Decimal("15.00"), method="direct_debit", received_on=on, source="bench",
            source_key=str(number), actor=None, now=MORNING - timedelta(hours=3),
        )  # fmt: skip
    raise_complaint(
        account_id=account_id, party_id=AccountParty.objects.get(account_id=account_id, role="primary").party_id,
        category="contact", said="You call me at work.", actor=agent, now=MORNING,
    )  # fmt: skip
