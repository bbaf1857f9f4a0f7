"""The letter about a hardship case as a PDF in the customer's language: that it came, what is granted, or why not."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from arrangements.models import HardshipCase
from collections_crm.services.case_letter import ROUTES, head_of, pdf_of
from collections_crm.ui.erased import text_of
from collections_crm.ui.words import civil


def letter_pdf(case: HardshipCase, *, on: date) -> bytes:
    """The letter as it would go out on a civil day. It stores nothing."""
    return pdf_of(case.party, lambda: data_of(case, on))


def data_of(case: HardshipCase, on: date) -> dict[str, Any]:
    """Every word of the letter, in the active language."""
    account = case.account
    was_refused = case.reasons is not None
    return head_of(account, case.party, case.pk, on) | {
        "title": _("Our answer: help with your payments") if case.decided_at else _("Help with your payments"),
        "sentences": _sentences(case),
        "quote": text_of(case.reasons),
        "closing": [str(ROUTES[account.portfolio.jurisdiction])] if was_refused else [],
    }


def _sentences(case: HardshipCase) -> list[str]:
    if case.reasons is not None:
        return [_("We looked at what you told us and cannot change your payments, for these reasons:")]
    if case.decided_at is not None and case.review_on is not None:
        granted = {"help": case.get_measure_display(), "day": civil(case.review_on)}
        return [_("We help you: %(help)s. On %(day)s we look at it together again.") % granted]
    said = [
        _("You told us on %(day)s that you cannot pay as agreed.") % {"day": civil(case.noticed_on)},
        _("We answer you by %(day)s. Until then we do not ask you for payment.") % {"day": civil(case.decide_by)},
    ]
    if case.information_by is not None:
        wanted = {"day": civil(case.information_by)}
        said.append(_("Please tell us by %(day)s what comes in and what you spend.") % wanted)
    return said
