"""Disputes of the demo book, taken by the services as far as each story goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from accounts.foundation.days import civil_day
from accounts.models import Account, Dispute, User
from accounts.services import approvals
from accounts.services.dispute_outcomes import ask_to_uphold
from accounts.services.dispute_raising import raise_dispute
from accounts.services.disputes import (
    acknowledge_dispute,
    ask_evidence,
    record_answer,
    reject_dispute,
    review_dispute,
    withdraw_dispute,
)

Story = Callable[[Account, dict[str, User], datetime], object]
PART = Decimal("0.20")
SAID = {
    "amount": ("Two late fees were charged for the same month.", "Me cobraron dos veces el mismo recargo."),
    "paid": ("I paid this in full last spring.", "Esto ya lo pagué completo en la primavera."),
    "fraud": ("Somebody took this loan in my name.", "Alguien pidió este préstamo a mi nombre."),
    "service": ("What I was promised never came.", "Nunca me dieron lo que me prometieron."),
}
REASONS = {
    "right": ("One of the two fees was charged in error.", "Uno de los dos recargos se cobró por error."),
    "wrong": ("The statement shows no such payment.", "El estado de cuenta no muestra ese pago."),
    "withdrawn": ("I found it in my papers: it is right after all.", "Ya lo vi en mis papeles: sí está bien."),
}


def _words(account: Account, said: dict[str, tuple[str, str]], code: str) -> str:
    return said[code][account.portfolio.jurisdiction == "MX"]


def _raised(account: Account, kind: str, staff: dict[str, User], at: datetime, *, part: bool = False) -> Dispute:
    share = (account.balance * PART).quantize(Decimal("0.01")) if part else None
    return raise_dispute(
        account_id=account.pk,
        party_id=account.account_parties.get(role="primary").party_id,
        kind=kind,
        said=_words(account, SAID, kind),
        amount=share,
        received_on=max(account.opened_on, civil_day(at, account.portfolio.zone)),
        in_writing=kind == "fraud",
        actor=staff["agent"],
        now=at,
    )


def _acknowledged(account: Account, kind: str, staff: dict[str, User], at: datetime, *, part: bool = False) -> Dispute:
    dispute = _raised(account, kind, staff, at, part=part)
    return acknowledge_dispute(dispute_id=dispute.pk, actor=staff["agent"], now=at + timedelta(hours=1))


def _reviewed(account: Account, kind: str, staff: dict[str, User], at: datetime, *, part: bool = False) -> Dispute:
    dispute = _acknowledged(account, kind, staff, at, part=part)
    return review_dispute(dispute_id=dispute.pk, actor=staff["agent"], now=at + timedelta(hours=2))


def just_raised(account: Account, staff: dict[str, User], now: datetime) -> None:
    _raised(account, "paid", staff, now - timedelta(days=1))


def waits_for_evidence(account: Account, staff: dict[str, User], now: datetime) -> None:
    """Of both: what was paid where, and what the creditor's books say."""
    dispute = _acknowledged(account, "paid", staff, now - timedelta(days=2))
    by = civil_day(now, account.portfolio.zone) + timedelta(days=7)
    for of in ("customer", "creditor"):
        ask_evidence(dispute_id=dispute.pk, of=of, by=by, actor=staff["agent"], now=now - timedelta(days=1))


def stolen_identity(account: Account, staff: dict[str, User], now: datetime) -> None:
    _reviewed(account, "fraud", staff, now - timedelta(days=2))


def waits_for_a_yes(account: Account, staff: dict[str, User], now: datetime) -> None:
    dispute = _reviewed(account, "amount", staff, now - timedelta(days=2), part=True)
    _ask(dispute, dispute.amount, staff, now - timedelta(days=1))


def answered_in_part(account: Account, staff: dict[str, User], now: datetime) -> None:
    dispute = _reviewed(account, "amount", staff, now - timedelta(days=2), part=True)
    half = (dispute.amount / 2).quantize(Decimal("0.01"))
    asked = _ask(dispute, half, staff, now - timedelta(days=1))
    approvals.approve(approval_id=asked.pk, actor=staff["manager2"], now=now - timedelta(hours=20))
    _answer(dispute, staff, now)


def answered_with_no(account: Account, staff: dict[str, User], now: datetime) -> None:
    dispute = to_be_sent(account, staff, now)
    _answer(dispute, staff, now)


def to_be_sent(account: Account, staff: dict[str, User], now: datetime) -> Dispute:
    """Rejected; the customer doesn't know yet."""
    dispute = _reviewed(account, "paid", staff, now - timedelta(days=2))
    reasons = _words(account, REASONS, "wrong")
    return reject_dispute(
        dispute_id=dispute.pk, reasons=reasons, actor=staff["compliance"], now=now - timedelta(days=1)
    )


def withdrawn(account: Account, staff: dict[str, User], now: datetime) -> None:
    dispute = _acknowledged(account, "service", staff, now - timedelta(days=2))
    said = _words(account, REASONS, "withdrawn")
    withdraw_dispute(dispute_id=dispute.pk, said=said, actor=staff["agent"], now=now - timedelta(days=1))


def _ask(dispute: Dispute, credit: Decimal, staff: dict[str, User], at: datetime):
    reasons = _words(dispute.account, REASONS, "right")
    return ask_to_uphold(dispute_id=dispute.pk, credit=credit, reasons=reasons, actor=staff["manager"], now=at)


def _answer(dispute: Dispute, staff: dict[str, User], now: datetime) -> None:
    on = civil_day(now, dispute.account.portfolio.zone)
    record_answer(dispute_id=dispute.pk, how="post", on=on, actor=staff["agent"], now=now)


STORIES: list[Story] = [
    just_raised,
    waits_for_evidence,
    stolen_identity,
    waits_for_a_yes,
    answered_in_part,
    answered_with_no,
    to_be_sent,
    withdrawn,
]
