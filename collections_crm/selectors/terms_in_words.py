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

from accounts.foundation.purposes import Channel, Purpose
from accounts.models import Account, ContactPoint, DefaultFact, Dispute, DisputeState, Note, Party, Reconciliation
from accounts.retention.periods import title_of
from arrangements.models import ArrangementKind
from arrangements.services.escalation_kinds.catalogue import CASE_KINDS
from collections_crm.privacy.kinds import in_words
from collections_crm.ui.erased import name_of, text_of
from collections_crm.ui.masks import masked_email, masked_phone, masked_post
from collections_crm.ui.words import civil, money

OF_CONTACT = ["channel", "purpose", "party", "contact_point", "accounts"]
LABELS: dict[str, str | Promise] = {
    "account": _("Account"),
    "amount": _("Amount"),
    "arrangement": pgettext_lazy("request", "What is offered"),
    "digest": _("Digest of the terms"),
    "discount": _("Let go"),
    "freezes_interest": _("Interest"),
    "payments": _("Payments"),
    "accounts": _("Accounts"),
    "balance": _("Balance when asked"),
    "channel": _("Channel"),
    "contact_point": pgettext_lazy("request", "Where"),
    "currency": _("Currency"),
    "evidence": _("Evidence"),
    "kind": pgettext_lazy("request", "Kind"),
    "party": pgettext_lazy("request", "With whom"),
    "pay_by": _("Pay by"),
    "dispute": pgettext_lazy("request", "What is disputed"),
    "outcome": _("Decision"),
    "credit": _("Taken off the balance"),
    "reasons": _("Reasons, as the customer reads them"),
    "why": pgettext_lazy("request", "Why"),
    "purpose": _("Purpose"),
    "reconciliation": pgettext_lazy("request", "What the merchant said"),
    "period": _("Period"),
    "receipts": _("Receipts"),
    "share": _("Specified percentage"),
    "share_due": _("Share of the receipts"),
    "remitted": _("Remitted"),
    "over": _("Remitted beyond the share"),
    "under": _("Missing from the share"),
    "remittance_before": _("Estimated remittance until now"),
    "remittance": _("New estimated remittance"),
    "facts": _("What happened"),
    "happened_on": _("Happened on"),
    "said": _("What happened and how we know"),
    "reason": _("Reason"),
    "rules": pgettext_lazy("request", "Rules that stand against it"),
    "person": pgettext_lazy("request", "Whose values"),
    "ground": pgettext_lazy("request", "On which ground"),
    "blanked": pgettext_lazy("request", "What is blanked"),
    "people": pgettext_lazy("request", "People"),
}
ORDER = [
    "person",
    "ground",
    "blanked",
    "people",
    "kind",
    "account",
    "dispute",
    "outcome",
    "credit",
    "reasons",
    "reconciliation",
    "period",
    "receipts",
    "share",
    "share_due",
    "remitted",
    "over",
    "under",
    "remittance_before",
    "remittance",
    "facts",
    "happened_on",
    "said",
    "arrangement",
    "amount",
    "discount",
    "payments",
    "freezes_interest",
    "balance",
    "pay_by",
    "reason",
    "evidence",
    *OF_CONTACT,
]
IN_OTHERS = {"currency", "contact", "interest_from", "report", "round"}


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


def _references(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    return ", ".join(Account.objects.filter(pk__in=value).order_by("reference").values_list("reference", flat=True))


def _party(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    return name_of(Party.objects.get(pk=value))


def _point(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    point = ContactPoint.objects.get(pk=value)
    masks = {"email": masked_email, "post": masked_post}
    return masks.get(point.kind, masked_phone)(point.value)


def _channel(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    return str(Channel(value).label)


def _purpose(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    return str(Purpose(value).label)


def _ground(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    return title_of(value)


def _blanked(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    return in_words(value)


def _arrangement(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    return str(ArrangementKind(value).label)


def _payments(value: Any, _terms: dict[str, Any], currency: str) -> str:
    return "; ".join(f"{civil(date.fromisoformat(day))}: {money(Decimal(amount), currency)}" for day, amount in value)


def _dispute(value: Any, _terms: dict[str, Any], currency: str) -> str:
    dispute = Dispute.objects.select_related("said").get(pk=value)
    said = text_of(dispute.said)
    return f"{dispute.get_kind_display()}, {money(dispute.amount, currency)}{': ' if said else ''}{said}"


def _outcome(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    return str(DisputeState(value).label)


def _note(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    return text_of(Note.objects.get(pk=value))


def _asked_for(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    case = Reconciliation.objects.select_related("said").get(pk=value)
    return text_of(case.said) or civil(case.asked_on)


def _period(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    first, last = (civil(date.fromisoformat(day)) for day in value)
    return f"{first} - {last}"


def _share(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    return f"{(Decimal(value) * 100).normalize():f} %"


def _facts(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    return "; ".join(str(DefaultFact(fact).label) for fact in value)


def _frozen(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    return str(_("frozen while it is kept") if value else _("runs on"))


def _short(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    return str(value)[:16]


def _rules(value: Any, _terms: dict[str, Any], _currency: str) -> str:
    return ", ".join(value)


READERS: dict[str, Callable[[Any, dict[str, Any], str], str]] = {
    "amount": _amount,
    "arrangement": _arrangement,
    "balance": _amount,
    "digest": _short,
    "credit": _amount,
    "discount": _amount,
    "dispute": _dispute,
    "reconciliation": _asked_for,
    "period": _period,
    "receipts": _amount,
    "share": _share,
    "share_due": _amount,
    "remitted": _amount,
    "over": _amount,
    "under": _amount,
    "remittance_before": _amount,
    "remittance": _amount,
    "facts": _facts,
    "happened_on": _day,
    "said": _note,
    "outcome": _outcome,
    "reasons": _note,
    "why": _note,
    "freezes_interest": _frozen,
    "payments": _payments,
    "pay_by": _day,
    "kind": _kind,
    "reason": _reason,
    "evidence": _files,
    "accounts": _references,
    "party": _party,
    "person": _party,
    "ground": _ground,
    "blanked": _blanked,
    "contact_point": _point,
    "channel": _channel,
    "purpose": _purpose,
    "rules": _rules,
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
