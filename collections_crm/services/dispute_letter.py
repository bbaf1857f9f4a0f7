"""The letter about a dispute as a PDF in the customer's language: that it came, or what was decided and why."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Dispute, DisputeState
from collections_crm.services.case_letter import ROUTES, head_of, pdf_of
from collections_crm.ui.erased import text_of
from collections_crm.ui.words import civil, money

S = DisputeState


def letter_pdf(dispute: Dispute, *, on: date) -> bytes:
    """The letter as it would go out on a civil day. It stores nothing."""
    return pdf_of(dispute.party, lambda: data_of(dispute, on))


def data_of(dispute: Dispute, on: date) -> dict[str, Any]:
    """Every word of the letter, in the active language."""
    account = dispute.account
    head = head_of(account, dispute.party, dispute.pk, on)
    head["facts"] += [
        [_("Received on"), civil(dispute.received_on)],
        [_("What is disputed"), f"{dispute.get_kind_display()}, {money(dispute.amount, dispute.currency)}"],
    ]
    return head | {
        "title": _("Our answer to your dispute") if dispute.outcome else _("We received your dispute"),
        "sentences": _decided(dispute) if dispute.outcome else _received(dispute),
        "quote": text_of(dispute.reasons),
        "closing": [str(ROUTES[account.portfolio.jurisdiction])] if dispute.outcome else [],
    }


def _received(dispute: Dispute) -> list[str]:
    said = [
        _("We look into what you told us and answer you by %(day)s.") % {"day": civil(dispute.answer_by)},
        _("Until then we do not ask you for the amount that you dispute."),
    ]
    if dispute.evidence_from == "customer" and dispute.evidence_by:
        wanted = {"day": civil(dispute.evidence_by)}
        said.append(_("Please send us by %(day)s whatever shows that you are right.") % wanted)
    return said


def _decided(dispute: Dispute) -> list[str]:
    account = dispute.account
    if dispute.outcome == S.WITHDRAWN:
        return [_("You told us that you no longer dispute it.")]
    if dispute.outcome == S.REJECTED:
        said = [_("We looked into it. The amount is owed as it stands, for these reasons:")]
    elif dispute.denies_owing:
        return [
            _("You are right: we ask you for nothing more, and the account goes back to the creditor."),
            _("Our reasons:"),
        ]
    else:
        credit = {"amount": money(dispute.credited, dispute.currency)}
        said = [_("You are right about %(amount)s: it is taken off what is owed.") % credit, _("Our reasons:")]
    owed = _("What is owed today is %(balance)s.") % {"balance": money(account.balance, account.currency)}
    return [owed, *said]
