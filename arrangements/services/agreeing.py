"""What every arrangement has in common: who may agree, its terms, the one live arrangement, and its beginning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from accounts.foundation import days
from accounts.foundation.digests import digest
from accounts.foundation.domain_events import ArrangementChanged, publish
from accounts.foundation.errors import Refused
from accounts.foundation.money import ZERO, rounded
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import (
    MORATORIA,
    OWES,
    Account,
    AccountParty,
    AccountState,
    Approval,
    Hold,
    HoldKind,
    HoldScope,
    Party,
    Portfolio,
)
from accounts.selectors.interest import interest_still_to_come
from accounts.services.accounts import today_of
from accounts.services.holds import holds_touching, release_holds_for
from arrangements.models import LIVE, Acceptance, Arrangement, ArrangementKind, Instalment, PlanRhythm
from arrangements.schedules.plan import PlanTerms, payments_of
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
    """What is agreed: amounts by civil days of the portfolio, in order, and the contact in which it was said."""

    kind: str
    payments: tuple[tuple[date, Decimal], ...]
    contact_id: int | None = None
    discount: Decimal = ZERO
    rhythm: str = PlanRhythm.ONCE
    freezes_interest: bool = False

    @classmethod
    def single(cls, kind: str, amount: Decimal, due_on: date, contact_id: int | None = None, **more: Any) -> Terms:
        return cls(kind, ((due_on, amount),), contact_id, **more)

    @classmethod
    def planned(cls, kind: str, plan: PlanTerms, portfolio: Portfolio, **more: Any) -> Terms:
        """The payments of a plan, on open days of the portfolio's calendar. Raises `BadTerms` where it makes none."""
        is_open = partial(days.is_business_day, country=portfolio.country, subdivision=portfolio.holiday_subdivision)
        payments = tuple((one.due_on, one.amount) for one in payments_of(plan, is_open=is_open))
        return cls(kind, payments, rhythm=plan.rhythm.value, **more)

    @property
    def amount(self) -> Decimal:
        return sum((amount for _day, amount in self.payments), ZERO)

    @property
    def first_on(self) -> date:
        return self.payments[0][0]

    @property
    def last_on(self) -> date:
        return self.payments[-1][0]

    def digest(self, account: Account, party: Party) -> str:
        """Of exactly these terms, to these people: what was quoted is what is accepted."""
        return digest(
            {
                "account": account.reference,
                "party": party.pk,
                "currency": account.currency,
                "kind": self.kind,
                "payments": [[day, rounded(amount, account.currency)] for day, amount in self.payments],
                "discount": rounded(self.discount, account.currency),
                "rhythm": self.rhythm,
                "freezes_interest": self.freezes_interest,
            }
        )

    @classmethod
    def of(cls, arrangement: Arrangement) -> Terms:
        """As they were written down."""
        rows = arrangement.instalments.order_by("number").values_list("due_on", "amount")
        return cls(
            arrangement.kind,
            tuple(rows),
            arrangement.contact_id,
            arrangement.discount,
            arrangement.rhythm,
            arrangement.freezes_interest,
        )


def enter(account_id: int, party_id: int) -> tuple[Account, Party]:
    """Lock the person, then the account. Refuses accounts on which nothing can be agreed and parties who don't owe."""
    person_id = Party.objects.values_list("person_id", flat=True).get(pk=party_id)
    Party.objects.lock(person_id)
    account = Account.objects.lock(account_id)
    if not AccountParty.objects.filter(account=account, party_id=party_id, role__in=OWES).exists():
        raise Refused("party_does_not_owe")
    if refusal := why_nothing_can_be_agreed(account, person_id):
        raise refusal
    return account, Party.objects.get(pk=party_id)


def why_nothing_can_be_agreed(account: Account, person_id: int) -> Refused | None:
    """The account's state, or a hold on it or on the person, that stands against any new commitment."""
    return refusal_beside(account, holds_touching(account, person_id).order_by("pk"))


def refusal_beside(account: Account, holds: Iterable[Hold]) -> Refused | None:
    """The same, for the holds in force on the account and the person, in the order in which they came."""
    if account.state not in AGREES_IN:
        return Refused("cannot_agree_in_state", state=account.get_state_display())
    whole = (hold for hold in holds if hold.scope in (HoldScope.PERSON, HoldScope.ACCOUNT))
    hold = next((hold for hold in whole if hold.kind in FORBID_AGREEING), None)
    return Refused("hold_forbids_agreeing", hold=hold.get_kind_display()) if hold else None


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
    """Make an arrangement and put it in force at once, in place of a live one. Refuses days gone by.

    It counts for `taken_by` where another person than the actor took it from the customer.
    """
    arrangement = draft(account, party, terms, made_by=taken_by or actor, approval=approval, now=now)
    move(arrangement, "offer", actor=actor, at=now)
    # Without a contact nobody heard the customer say so, and the record claims nothing.
    how = Acceptance.VERBAL if terms.contact_id else ""
    put_in_force(arrangement, account, how=how, actor=actor, now=now)
    return arrangement


def draft(
    account: Account,
    party: Party,
    terms: Terms,
    *,
    made_by: User,
    now: datetime,
    approval: Approval | None = None,
    stands_for: int = 0,
) -> Arrangement:
    """Write down terms with their payments; nothing follows from them yet. Refuses days gone by.

    Offered, they may be accepted for `stands_for` days more, and only as they are.
    """
    today = today_of(account, now)
    if terms.first_on < today:
        raise Refused("day_has_passed", day=terms.first_on)
    arrangement = Arrangement.objects.create(
        account=account,
        party=party,
        kind=terms.kind,
        amount=terms.amount,
        currency=account.currency,
        discount=terms.discount,
        balance_at_offer=account.balance if terms.kind == ArrangementKind.SETTLEMENT else None,
        interest_from=interest_still_to_come(account, today),
        agreed_on=today,
        expires_on=min(today + timedelta(days=stands_for), terms.first_on),
        contact_id=terms.contact_id,
        made_by=made_by,
        made_at=now,
        approval=approval,
        rhythm=terms.rhythm,
        freezes_interest=terms.freezes_interest,
        terms_digest=terms.digest(account, party),
    )
    Instalment.objects.bulk_create(
        Instalment(
            arrangement=arrangement,
            account=account,
            number=number,
            due_on=day,
            judged_on=last_day_in_time(account.portfolio, day),
            amount=amount,
        )
        for number, (day, amount) in enumerate(terms.payments, start=1)
    )
    return arrangement


def put_in_force(
    arrangement: Arrangement,
    account: Account,
    *,
    how: str,
    actor: User | None,
    now: datetime,
    codes: dict[str, Any] | None = None,
) -> None:
    """The customer accepts what was offered: it replaces a live one and pauses chasing; its payments are waited for.

    Publishes `ArrangementChanged` of both.
    """
    old = _close_live(account, actor, now)
    if old is not None:
        old.replaced_by = arrangement
        old.save(update_fields=["replaced_by"])
    move(arrangement, "accept", actor=actor, at=now, given={"at": now, "how": how}, codes=codes)
    begin(arrangement, account, list(arrangement.instalments.order_by("number")), actor=actor, now=now)
    changed = frozenset(one.pk for one in (arrangement, old) if one is not None)
    publish(ArrangementChanged(ids=changed, at=now, actor_id=getattr(actor, "pk", None)))


def _close_live(account: Account, actor: User | None, now: datetime) -> Arrangement | None:
    """Close the one before: there is one live arrangement on an account at a time."""
    old = Arrangement.objects.locked().filter(account=account, state__in=LIVE).first()
    if old is not None:
        move(old, "replace", actor=actor, at=now, reason="replaced", given={"at": now})
        release_holds_for(subject=old, reason="replaced", actor=actor, now=now)
    return old
