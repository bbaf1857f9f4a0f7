"""The agreement of an offer as a PDF in the customer's language, made from the terms as they were written down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from arrangements.models import Arrangement, ArrangementKind
from arrangements.services.agreeing import Terms
from collections_crm.selectors.offers import sentences_of
from collections_crm.ui.erased import name_of
from collections_crm.ui.words import civil, money

SHEET = Path(settings.BASE_DIR) / "templates" / "pdf" / "agreement.typ"
# Letters are printed on the paper of the country.
PAPER = {"US": "us-letter", "MX": "us-letter"}


def agreement_pdf(offer: Arrangement) -> bytes:
    """The document to be read and signed. The same arrangement gives the same words; it stores nothing."""
    with override(offer.party.language):
        data = json.dumps(data_of(offer), ensure_ascii=False)
    return typst.compile(SHEET, sys_inputs={"data": data})


def data_of(offer: Arrangement) -> dict[str, Any]:
    """Every word of the document, in the active language."""
    account, terms = offer.account, Terms.of(offer)
    portfolio = account.portfolio
    titles = {
        ArrangementKind.SETTLEMENT: _("Settlement agreement"),
        ArrangementKind.TOKEN: _("Agreement on token payments"),
    }
    return {
        "title": titles.get(ArrangementKind(offer.kind), _("Payment agreement")),
        "paper": PAPER.get(portfolio.jurisdiction, "a4"),
        "lang": offer.party.language[:2],
        "reference": f"{account.reference} / {offer.pk} / {offer.terms_digest[:16]}",
        "facts": _facts(offer),
        "sentences": sentences_of(terms, account),
        "head": [_("No."), _("Day"), _("Amount")],
        "payments": [
            [str(number), civil(day), money(amount, offer.currency)]
            for number, (day, amount) in enumerate(terms.payments, start=1)
        ],
        "total_label": _("Paid in all"),
        "total": money(offer.amount, offer.currency),
        "duties": duties_of(offer),
        "signatures": [name_of(offer.party), portfolio.creditor],
    }


def _facts(offer: Arrangement) -> list[list[str]]:
    account = offer.account
    facts = [
        [_("Customer"), name_of(offer.party)],
        [_("Creditor"), account.portfolio.creditor],
        [_("Account"), account.reference],
        [_("Offered on"), civil(offer.agreed_on)],
    ]
    if account.external_reference:
        facts.insert(3, [_("Creditor's reference"), account.external_reference])
    if offer.discount:
        facts.append([_("Let go"), money(offer.discount, offer.currency)])
    return facts


def duties_of(offer: Arrangement) -> list[str]:
    """What holds beside the payments. A settlement says plainly whether anything stays owed (CONC 7.4.2R)."""
    portfolio = offer.account.portfolio
    said = [
        _("Pay %(creditor)s only, naming %(reference)s; nobody who collects for them takes the money.")
        % {"creditor": portfolio.creditor, "reference": offer.account.external_reference or offer.account.reference}
    ]
    if offer.kind == ArrangementKind.SETTLEMENT:
        said.append(_("Once every payment has cleared, nothing more is owed on this account."))
    if offer.kind == ArrangementKind.TOKEN:
        said.append(_("These payments do not settle the account; what is not paid stays owed."))
    said.append(_("While the payments are made, nobody demands more than is agreed here."))
    if offer.state == "offered" and offer.expires_on:
        said.append(_("This offer can be accepted until %(day)s.") % {"day": civil(offer.expires_on)})
    return said
