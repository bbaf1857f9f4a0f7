"""The outcomes that the product ships with. An admin may edit, add or switch off outcomes afterwards."""

from __future__ import annotations

from typing import Any

from accounts.models import ContactPointStatus, HoldKind, NextKind
from communications.models import Outcome, Reached

# What was agreed or asked for during the call, on its own page: the step that it set stands.
AGREED = "agreed"
KEEP_PROMISE: dict[str, Any] = {"next_kind": NextKind.CHECK_PROMISE}


def _nobody(key: str, **effects: Any) -> dict[str, Any]:
    return {"key": key, "reached": Reached.NOBODY, **effects}


def _machine(key: str = "") -> dict[str, Any]:
    return {"key": key, "reached": Reached.MACHINE}


def _somebody(key: str = "", **effects: Any) -> dict[str, Any]:
    return {"key": key, "reached": Reached.SOMEBODY, **effects}


def _party(*, verified: bool = True, **effects: Any) -> dict[str, Any]:
    return {"reached": Reached.PARTY, "needs_verified": verified, "counts_conversation": True, **effects}


def _held(kind: HoldKind, days: int, **effects: Any) -> dict[str, Any]:
    """A restriction that the customer's words call for, and its review as the next step."""
    return {"hold_kind": kind, "review_days": days, "next_kind": NextKind.REVIEW_HOLD, "next_days": days, **effects}


# Code, English, Spanish, effects. What asks for protection is believed before anybody has proved who they are.
SHIPPED: list[tuple[str, str, str, dict[str, Any]]] = [
    ("no_answer", "No answer", "No contestó", _nobody("2")),
    ("voicemail_limited", "Voicemail, neutral message", "Buzón de voz, mensaje neutro", _machine("3")),
    ("voicemail_other", "Voicemail, other message", "Buzón de voz, otro mensaje", _machine()),
    ("busy", "Busy", "Ocupado", _nobody("4")),
    (
        "wrong_number",
        "Wrong number",
        "Número equivocado",
        _somebody("5", counts_attempt=False, uncounts=True, point_status=ContactPointStatus.WRONG_PARTY, next_days=0),
    ),
    ("third_party", "Third party answered", "Contestó un tercero", _somebody("6")),
    ("not_verified", "Identity not verified", "Identidad no verificada", _somebody("7")),
    (
        "callback",
        "Call back",
        "Llamada programada",
        {"key": "8", **_party(verified=False, counts_conversation=False, next_kind=NextKind.CALLBACK)},
    ),
    (
        "not_in_service",
        "Not in service",
        "Fuera de servicio",
        _nobody("9", point_status=ContactPointStatus.DEAD, next_days=0),
    ),
    ("not_account_holder", "Not the account holder", "No es el titular", _somebody()),
    ("promise", "Promise to pay", "Promesa de pago", _party(**KEEP_PROMISE)),
    ("refuses", "Refuses to pay", "Se niega a pagar", _party(next_days=7)),
    ("says_paid", "Says it is paid", "Dice que ya pagó", _party(**_held(HoldKind.PAID_CLAIM, 5))),
    ("disputes", "Disputes the debt", "Solicita una aclaración", _party(verified=False, **_held(HoldKind.DISPUTE, 14))),
    ("cannot_pay", "Cannot pay", "No puede pagar", _party(**_held(HoldKind.HARDSHIP, 21))),
    ("stop", "Asks us to stop", "Pide que no se le contacte", _party(verified=False, **_held(HoldKind.CEASE, 30))),
    (
        "represented",
        "Has a representative",
        "Tiene representante",
        _party(verified=False, **_held(HoldKind.REPRESENTATION, 14)),
    ),
    ("insolvent", "Insolvent", "Está en insolvencia", _party(verified=False, **_held(HoldKind.INSOLVENCY, 30))),
    ("deceased", "Has died", "Falleció", _somebody(**_held(HoldKind.DECEASED, 30))),
    (
        "vulnerable",
        "In a vulnerable situation",
        "Está en situación de vulnerabilidad",
        _party(verified=False, **_held(HoldKind.VULNERABILITY, 14)),
    ),
    (AGREED, "Agreed, or asked a manager", "Acordado, o pedido a un gerente", _party(**KEEP_PROMISE)),
]


def load_outcomes() -> int:
    """Add the shipped outcomes that are missing; one that exists is left as the admin has it. Answers how many."""
    have = set(Outcome.objects.values_list("code", flat=True))
    missing = [
        Outcome(code=code, label_en=english, label_es=spanish, channels=["call"], order=10 * place, **effects)
        for place, (code, english, spanish, effects) in enumerate(SHIPPED, start=1)
        if code not in have
    ]
    return len(Outcome.objects.bulk_create(missing, ignore_conflicts=True))
