"""What promises and settlements have in common: who may agree, the one live arrangement, and putting it in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.foundation import days
from accounts.foundation.errors import Refused
from accounts.foundation.money import ZERO
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import MORATORIA, OWES, Account, AccountParty, AccountState, Approval, HoldKind, Party, Portfolio
from accounts.services.accounts import today_of
from accounts.services.holds import holds_touching, release_holds_for
from arrangements.models import LIVE, Arrangement, ArrangementKind
from arrangements.services.aftermath import begin
from communications.models import AccountContact, Contact

AGREES_IN = (AccountState.NEW, AccountState.ACTIVE, AccountState.ARRANGED)
# While one of these is in force, nobody may take a new commitment from the person.
FORBID_AGREEING = [
    *MORATORIA,
    HoldKind.INSOLVENCY,
    HoldKind.DECEASED,
    HoldKind.FRAUD,
    HoldKind.INCAPACITY,
]


@dataclass(frozen=True)
class Terms:
    """What is agreed: one amount by one civil day of the portfolio, and the contact in which it was said."""

    kind: str
    amount: Decimal
    due_on: date
    contact_id: int | None = None
    discount: Decimal = ZERO


def enter(account_id: int, party_id: int) -> tuple[Account, Party]:
    """Lock the person, then the account. Refuses accounts on which nothing can be agreed and parties who don't owe."""
    person_id = Party.objects.values_list("person_id", flat=True).get(pk=party_id)
    Party.objects.lock(person_id)
    account = Account.objects.lock(account_id)
    if account.state not in AGREES_IN:
        raise Refused("cannot_agree_in_state", state=account.get_state_display())
    if not AccountParty.objects.filter(account=account, party_id=party_id, role__in=OWES).exists():
        raise Refused("party_does_not_owe")
    hold = holds_touching(account, person_id).filter(kind__in=FORBID_AGREEING).order_by("pk").first()
    if hold is not None:
        raise Refused("hold_forbids_agreeing", hold=hold.get_kind_display())
    return account, Party.objects.get(pk=party_id)


# How long after wrapping up a call what was said in it may still be written down, and how such a call has to have
# ended: who refused, disputed or was somebody else has promised nothing.
STILL_SAID = timedelta(minutes=30)
MAY_HAVE_PROMISED = ("promise", "callback")


def refuse_not_said(account: Account, party: Party, contact_id: int | None, now: datetime) -> None:
    """The verified party is on the line, or was a moment ago in a call that ended with nothing against it."""
    refuse_unverified(account, party, contact_id)
    contact = Contact.objects.select_related("outcome").get(pk=contact_id)
    if contact.wrapped_up_at is None:
        return
    if contact.wrapped_up_at <= now - STILL_SAID or contact.outcome.code not in MAY_HAVE_PROMISED:
        raise Refused("promise_after_the_call")


def refuse_unverified(account: Account, party: Party, contact_id: int | None) -> None:
    """The right party must have been verified in a contact about this account."""
    about = AccountContact.objects.filter(account=account, contact__party=party, contact__verified_at__isnull=False)
    if contact_id is None or not about.filter(contact_id=contact_id).exists():
        raise Refused("party_not_verified")


def last_day_in_time(portfolio: Portfolio, due_on: date) -> date:
    """The day up to which money keeps what was agreed for `due_on`: the portfolio's grace, in its business days."""
    grace = portfolio.grace_business_days
    return days.add_business_days(due_on, grace, portfolio.country, portfolio.holiday_subdivision)


def agree(
    account: Account,
    party: Party,
    terms: Terms,
    *,
    actor: User,
    now: datetime,
    approval: Approval | None = None,
    taken_by: User | None = None,
) -> Arrangement:
    """Make an arrangement of one instalment and put it in force, in place of a live one. Refuses days gone by.

    It counts for `taken_by` where another person than the actor took it from the customer.
    """
    today = today_of(account, now)
    if terms.due_on < today:
        raise Refused("day_has_passed", day=terms.due_on)
    old = _close_live(account, actor, now)
    arrangement = Arrangement.objects.create(
        account=account,
        party=party,
        kind=terms.kind,
        amount=terms.amount,
        currency=account.currency,
        discount=terms.discount,
        balance_at_offer=account.balance if terms.kind == ArrangementKind.SETTLEMENT else None,
        agreed_on=today,
        contact_id=terms.contact_id,
        made_by=taken_by or actor,
        made_at=now,
        approval=approval,
    )
    judged_on = last_day_in_time(account.portfolio, terms.due_on)
    arrangement.instalments.create(
        account=account, number=1, due_on=terms.due_on, judged_on=judged_on, amount=terms.amount
    )
    if old is not None:
        old.replaced_by = arrangement
        old.save(update_fields=["replaced_by"])
    move(arrangement, "offer", actor=actor, at=now)
    move(arrangement, "accept", actor=actor, at=now)
    begin(arrangement, account, judged_on, reason=f"{terms.kind}_made", actor=actor, now=now)
    return arrangement


def _close_live(account: Account, actor: User, now: datetime) -> Arrangement | None:
    """Close the one before: there is one live arrangement on an account at a time."""
    old = Arrangement.objects.locked().filter(account=account, state__in=LIVE).first()
    if old is not None:
        move(old, "replace", actor=actor, at=now, reason="replaced", given={"at": now})
        release_holds_for(subject=old, reason="replaced", actor=actor, now=now)
    return old
