"""Letters about a customer's case as a PDF: one sheet, its words from whoever knows the case, in their language."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import Account, Party
from collections_crm.services.agreement_pdf import PAPER
from collections_crm.ui.erased import name_of
from collections_crm.ui.words import civil

SHEET = Path(settings.BASE_DIR) / "templates" / "pdf" / "letter.typ"
# Who else hears a complaint, where the customer is.
ROUTES: dict[str, str | Promise] = {
    "UK": gettext_lazy("If you disagree, you can complain to us, and after that to the Financial Ombudsman Service."),
    "US": gettext_lazy(
        "If you disagree, write to us; you can also complain to the Consumer Financial Protection Bureau."
    ),
    "MX": gettext_lazy("If you disagree, write to us; you can also complain to CONDUSEF."),
    "AU": gettext_lazy(
        "If you disagree, tell us; you can also go to the Australian Financial Complaints Authority (AFCA)."
    ),
}


def pdf_of(party: Party, words: Callable[[], dict[str, Any]]) -> bytes:
    """The letter whose words are worked out in the party's language. It stores nothing."""
    with override(party.language):
        data = json.dumps({"rows": [], **words()}, ensure_ascii=False)
    return typst.compile(SHEET, sys_inputs={"data": data})


def head_of(account: Account, party: Party, number: int, on: date) -> dict[str, Any]:
    """What stands on every letter: its paper, its number, who writes to whom about which account."""
    return {
        "paper": PAPER.get(account.portfolio.jurisdiction, "a4"),
        "lang": party.language[:2],
        "reference": f"{account.reference} / {number}",
        "facts": [
            [_("Date"), civil(on)],
            [_("Customer"), name_of(party)],
            [_("Creditor"), account.portfolio.creditor],
            [_("Account"), account.external_reference or account.reference],
        ],
    }
