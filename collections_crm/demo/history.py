"""A fortnight of work on the demo book, done through the same services as everybody's: the gate refuses here too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction

from accounts.foundation.days import civil_day
from accounts.foundation.domain_events import AccountsChanged, publish
from accounts.foundation.errors import Refused
from accounts.models import Account, ContactPoint, Portfolio, User
from accounts.services.payments import record_payment, reverse_payment
from arrangements.models import Instalment
from arrangements.services.promises import make_promise
from collections_crm.closing.close import close_through
from collections_crm.closing.day import ONE_DAY, closing_instant, last_ended
from collections_crm.demo.letters import send_what_is_due
from communications.models import Contact, FirstNotice
from communications.selectors.verification import questions_for
from communications.services.contacts import start_call
from communications.services.notices import runs_until
from communications.services.verification import try_verification
from communications.services.wrap_up import WrapUp, wrap_up_contact

DAYS = 14
CALLS_A_DAY = 18  # of a large book; of a small one, one account in a hundred
# When the agents of Mexico City call each country, in UTC: mornings and afternoons there. The last hour of each is a
# slip of the clock, which the gate refuses.
HOURS = {"UK": (10, 11, 14, 15, 23), "US": (16, 17, 19, 21, 5), "MX": (16, 17, 18, 22, 8), "AU": (0, 1, 2, 4, 15)}
OUTCOMES = {
    "no_answer": 30,
    "voicemail_limited": 12,
    "busy": 4,
    "third_party": 5,
    "not_verified": 4,
    "wrong_number": 2,
    "not_in_service": 2,
    "promise": 22,
    "refuses": 4,
    "says_paid": 3,
    "disputes": 3,
    "cannot_pay": 3,
    "callback": 4,
    "vulnerable": 1,
    "stop": 1,
}
ANSWERED = {"promise", "refuses", "says_paid", "disputes", "cannot_pay", "callback", "vulnerable", "stop"}


@contextmanager
def what_the_house_allows() -> Iterator[None]:
    """One act of the story, whole or not at all: what a rule of the house refuses did not happen."""
    try:
        with transaction.atomic():
            yield
    except Refused:
        return


@transaction.atomic
def serve_first_notices(portfolios: dict[str, Portfolio], *, kinds: dict[str, str], now: datetime) -> None:
    """The notice that each portfolio's law asks for first, sent at `now`, when the accounts were placed."""
    known = set(FirstNotice.objects.values_list("account_id", flat=True))
    for code, kind in kinds.items():
        portfolio = portfolios[code]
        accounts = Account.objects.filter(portfolio=portfolio).exclude(pk__in=known)
        sent_on = civil_day(now, portfolio.zone)
        wait_until = runs_until(kind, sent_on, portfolio.country)
        told = FirstNotice.objects.bulk_create(
            FirstNotice(account=account, kind=kind, sent_on=sent_on, wait_until=wait_until, recorded_at=now)
            for account in accounts
        )
        publish(AccountsChanged(ids=frozenset(notice.account_id for notice in told), at=now))


def story_ends(portfolios: Iterable[Portfolio], now: datetime) -> date:
    """The day up to which the story may go: each day before it has ended, with its cash counted, in every portfolio."""
    return min(last_ended(portfolio, now) for portfolio in portfolios) + ONE_DAY


def live_through(
    portfolios: dict[str, Portfolio], staff: dict[str, User], *, seed: int, until: date, days: int = DAYS
) -> None:
    """Each day: calls with their outcomes, promises, money that comes, bounces or stays away; then its closing."""
    random = Random(seed)
    for portfolio in portfolios.values():
        portfolio.closed_through = until - timedelta(days=days + 1)
        portfolio.save(update_fields=["closed_through"])
    workable = list(
        Account.objects.filter(next_kind="act", parties__contact_points__kind="phone").order_by("pk").distinct()
    )
    for step in range(days, 0, -1):
        day = until - timedelta(days=step)
        _take_money(random, day)
        for account in random.sample(workable, min(CALLS_A_DAY, -(-len(workable) // 100))):
            with what_the_house_allows():
                _call(random, account, day, staff[random.choice(("agent", "agent2"))])
        send_what_is_due(day)
        for portfolio in portfolios.values():
            close_through(portfolio_id=portfolio.pk, on=day, now=closing_instant(portfolio, day))


def _call(random: Random, account: Account, day: date, agent: User) -> None:
    slips = random.random() < 0.06
    hours = HOURS[account.portfolio.jurisdiction]
    hour = hours[-1] if slips else random.choice(hours[:-1])
    now = datetime.combine(day, time(hour, random.randrange(60)), tzinfo=UTC)
    phone = ContactPoint.objects.filter(party__account_parties__account=account, kind="phone").order_by("pk").first()
    if phone is None or not phone.is_usable:
        return
    decision = start_call(
        account_ids=[account.pk],
        contact_point_id=phone.pk,
        purpose="demand",
        key=f"demo:{account.pk}:{day.isoformat()}",
        actor=agent,
        now=now,
    )
    contact = Contact.objects.filter(decision=decision).first()
    if contact is not None:
        _conclude(random, account, contact, agent, now + timedelta(minutes=random.randint(1, 6)))


def _conclude(random: Random, account: Account, contact: Contact, agent: User, now: datetime) -> None:
    outcome = random.choices(list(OUTCOMES), weights=list(OUTCOMES.values()))[0]
    if outcome in ANSWERED:
        asked = questions_for(contact, account)
        answers = {question.code: question.facts[0] for question in asked.questions}
        tried = asked.can_pass and try_verification(contact_id=contact.pk, answers=answers, actor=agent, now=now)
        if not (tried and tried.matched):
            outcome = "not_verified"
    if outcome == "promise" and not _promise(random, account, contact, agent, now):
        outcome = "refuses"
    callback = now + timedelta(days=random.randint(1, 3)) if outcome == "callback" else None
    said = WrapUp(outcome=outcome, note=_note(outcome, account), callback_at=callback)
    wrap_up_contact(contact_id=contact.pk, wrap_up=said, actor=agent, now=now)


def _note(outcome: str, account: Account) -> str:
    spanish = account.portfolio.jurisdiction == "MX"
    notes = {
        "promise": ("Paid on payday, asked for a few more days.", "Cobra en la quincena, pidió unos días más."),
        "refuses": ("Says the lender promised otherwise.", "Dice que el acreedor le prometió otra cosa."),
        "cannot_pay": ("Lost shifts since September.", "Tiene menos turnos desde septiembre."),
        "says_paid": ("Says it went out by transfer last week.", "Dice que transfirió la semana pasada."),
    }
    return notes.get(outcome, ("", ""))[spanish]


def _promise(random: Random, account: Account, contact: Contact, agent: User, now: datetime) -> bool:
    account = Account.objects.get(pk=account.pk)
    share = Decimal(random.choice((100, 100, 50, 40))) / 100
    amount = max(Decimal("5.00"), (account.due_now * share).quantize(Decimal("0.01")))
    try:
        with transaction.atomic():
            make_promise(
                account_id=account.pk,
                party_id=contact.party_id,
                amount=amount,
                due_on=now.date() + timedelta(days=random.randint(2, 7)),
                contact_id=contact.pk,
                actor=agent,
                now=now,
            )
    except Refused:
        return False
    return True


def _take_money(random: Random, day: date) -> None:
    """Most promises of the day are paid, some in part, some not; one in eight payments bounces two days later."""
    paid_at = datetime.combine(day, time(20), tzinfo=UTC)
    due = Instalment.objects.filter(due_on=day, state__in=["scheduled", "due"]).select_related("account")
    for instalment in due.order_by("pk"):
        fate = random.random()
        if fate < 0.65:
            part = instalment.amount if fate < 0.55 else (instalment.amount / 2).quantize(Decimal("0.01"))
            with what_the_house_allows():
                _pay(instalment.account, part, day, f"promise:{instalment.pk}", paid_at, bounces=fate < 0.08)


def _pay(account: Account, amount: Decimal, day: date, key: str, now: datetime, *, bounces: bool = False) -> None:
    payment = record_payment(
        account_id=account.pk,
        amount=amount,
        method="direct_debit" if bounces else "transfer",
        received_on=day,
        reference=f"DEMO {account.reference}",
        source="demo",
        source_key=key,
        actor=None,
        now=now,
    )
    if bounces:
        returned = now + timedelta(hours=2)
        reverse_payment(payment_id=payment.pk, reason="dishonour", on=day, actor=None, now=returned)
