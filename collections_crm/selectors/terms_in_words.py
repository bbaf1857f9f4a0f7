"""The terms of a request as a person reads them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from arrangements.services.escalation_kinds.catalogue import CASE_KINDS
from collections_crm.ui.words import civil, money

LABELS: dict[str, str | Promise] = {
    "account": _("Account"),
    "amount": _("Amount"),
    "balance": _("Balance when asked"),
    "currency": _("Currency"),
    "evidence": _("Evidence"),
    "kind": pgettext_lazy("request", "Kind"),
    "pay_by": _("Pay by"),
    "reason": _("Reason"),
}
ORDER = ["kind", "account", "amount", "balance", "pay_by", "reason", "evidence"]
IN_OTHERS = {"currency"}


@dataclass(frozen=True)
class TermLine:
    """One term. `was` and `is_now` differ only in a comparison."""

    label: str
    was: str
    is_now: str = ""


def _amount(value: Any, _terms: dict[str, Any], currency: str) -> str:
    return money(Decimal(value), currency)


def _day(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    return civil(date.fromisoformat(value))


def _kind(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    return str(CASE_KINDS[value].label) if value in CASE_KINDS else str(value)


def _reason(value: Any, terms: dict[str, Any], _currency: str) -> str:
    kind = CASE_KINDS.get(terms.get("kind", ""))
    return str(kind.reasons(value).label) if kind and value in kind.reasons.values else str(value)


def _files(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    return ngettext("%(count)d file", "%(count)d files", len(value)) % {"count": len(value)}


READERS: dict[str, Callable[[Any, dict[str, Any], str], str]] = {
    "amount": _amount,
    "balance": _amount,
    "pay_by": _day,
    "kind": _kind,
    "reason": _reason,
    "evidence": _files,
}


def _written(name: str, terms: dict[str, Any], currency: str) -> str:
    value = terms.get(name)
    if value in (None, "", []):
        return "-"
    reader = READERS.get(name)
    return reader(value, terms, currency) if reader else str(value)


def _names(terms: dict[str, Any]) -> list[str]:
    known = [name for name in ORDER if terms.get(name) not in (None, "", [])]
    return known + sorted(name for name in terms if name not in ORDER and name not in IN_OTHERS)


def term_lines(terms: dict[str, Any], currency: str) -> list[TermLine]:
    """Every term that says something, the usual ones first."""
    return [TermLine(str(LABELS.get(name, name)), _written(name, terms, currency)) for name in _names(terms)]


def changed_lines(was: dict[str, Any], is_now: dict[str, Any], currency: str) -> list[TermLine]:
    """The terms that are no longer what they were."""
    names = [name for name in _names(was | is_now) if was.get(name) != is_now.get(name)]
    return [
        TermLine(str(LABELS.get(name, name)), _written(name, was, currency), _written(name, is_now, currency))
        for name in names
    ]
