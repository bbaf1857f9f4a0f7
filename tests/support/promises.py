"""Promises in tests: a verified contact and a promise taken in it."""

from datetime import date, timedelta
from decimal import Decimal

from accounts.models import Account, Portfolio, User
from arrangements.models import Arrangement
from arrangements.services.promises import make_promise
from communications.models import AccountContact, Contact
from tests.factories import NOW, TODAY


def verified_contact(account: Account, agent: User | None = None, *, verified: bool = True, now=NOW) -> Contact:
    """They called, and were asked who they are."""
    party = account.parties.get()
    contact = Contact.objects.create(
        person_id=party.person_id,
        party=party,
        channel="call",
        direction="in",
        purpose="inbound",
        state="connected",
        started_at=now,
        local_on=now.date(),
        connected_at=now,
        verified_at=now if verified else None,
    )
    AccountContact.objects.create(contact=contact, account=account)
    return contact


def promise(
    account: Account, actor: User, amount: str = "200.00", in_days: int = 5, *, now=NOW, **fields
) -> Arrangement:
    """A promise by the primary party, verified, `in_days` from now."""
    contact = fields.pop("contact", None) or verified_contact(account, actor, now=now)
    return make_promise(
        account_id=account.pk,
        party_id=account.parties.get().pk,
        amount=Decimal(amount),
        due_on=fields.pop("due_on", now.date() + timedelta(days=in_days)),
        contact_id=contact.pk,
        actor=actor,
        now=now,
    )


def cash_posted(portfolio: Portfolio, through: date) -> None:
    """Say that the cash of a day is in, without closing it."""
    Portfolio.objects.filter(pk=portfolio.pk).update(cash_posted_through=through)


def state_of(arrangement: Arrangement) -> tuple[str, str]:
    """(arrangement, first instalment) as the database has them."""
    row = Arrangement.objects.get(pk=arrangement.pk)
    return row.state, row.instalments.first().state


__all__ = ["TODAY", "cash_posted", "promise", "state_of", "verified_contact"]
