"""What letters about a case share: the sheet, the customer's language, the facts at their head."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Account, Party
from collections_crm.services.agreement_pdf import PAPER
from collections_crm.ui.erased import name_of
from collections_crm.ui.words import civil

SHEET = Path(settings.BASE_DIR) / "templates" / "pdf" / "letter.typ"


def compiled(party: Party, data_of: Callable[[], dict[str, Any]]) -> bytes:
    """The letter as a PDF, all its words said in the language of the party. It stores nothing."""
    with override(party.language):
        data = json.dumps({"quote": "", "closing": [], "rows": [], **data_of()}, ensure_ascii=False)
    return typst.compile(SHEET, sys_inputs={"data": data})


def head(account: Account, party: Party, case_id: int, on: date) -> dict[str, Any]:
    """Paper, language, reference and the first facts, in the active language."""
    return {
        "paper": PAPER.get(account.portfolio.jurisdiction, "a4"),
        "lang": party.language[:2],
        "reference": f"{account.reference} / {case_id}",
        "facts": [
            [_("Date"), civil(on)],
            [_("Customer"), name_of(party)],
            [_("Creditor"), account.portfolio.creditor],
            [_("Account"), account.external_reference or account.reference],
        ],
    }
