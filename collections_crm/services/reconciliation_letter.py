"""The letter about a reconciliation as a PDF in the merchant's language, with every figure that it was made of."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Reconciliation, ReconciliationState
from accounts.remittance.true_up import TrueUp
from collections_crm.selectors.reconciliations import ReconciliationPage
from collections_crm.services.case_letter import head_of, pdf_of
from collections_crm.ui.erased import text_of
from collections_crm.ui.words import civil, money

S = ReconciliationState


def letter_pdf(page: ReconciliationPage) -> bytes:
    """The letter as it would go out now."""
    return pdf_of(page.case.party, lambda: data_of(page))


def data_of(page: ReconciliationPage) -> dict[str, Any]:
    """Every word of the letter, in the active language."""
    case = page.case
    shared = head_of(case.account, case.party, case.pk, page.on)
    is_made = case.state == S.DONE
    return {
        **shared,
        "title": _title(case),
        "facts": [*shared["facts"], [_("Asked on"), civil(case.asked_on)]],
        "sentences": _sentences(page),
        "rows": _rows(page) if is_made else [],
        "quote": text_of(case.reasons),
        "closing": [_closing(page)] if is_made else [],
    }


def _title(case: Reconciliation) -> str:
    titles = {S.DONE: _("Your reconciliation"), S.REFUSED: _("Our answer to your request for reconciliation")}
    return titles.get(S(case.state), _("We received your request for reconciliation"))


def _sentences(page: ReconciliationPage) -> list[str]:
    case = page.case
    if case.state == S.REFUSED:
        return [_("We cannot reconcile what you remit, for these reasons:")]
    if case.state == S.DONE:
        share = {"percentage": case.before.percentage}
        return [
            _("You asked us to set what you remit by what you really took in. We bought %(percentage)s of it.") % share,
            _("This is how we worked it out from your statements:"),
        ]
    said = [_("Until we have answered, we do not ask for the estimated remittances and enforce nothing.")]
    if case.received_on is None:
        wanted = {"day": civil(case.statements_by)}
        return [_("Please send us your bank statements by %(day)s.") % wanted, *said]
    return [_("Your statements are here. We answer you by %(day)s.") % {"day": civil(case.due_on)}, *said]


def _rows(page: ReconciliationPage) -> list[list[str]]:
    case, figures, period = page.case, page.figures, page.period
    if figures is None or period is None:
        return []
    currency, standing = case.currency, page.standing
    estimates = (money(case.before.remittance, currency), money(figures.remittance, currency))
    return [
        [_("Period"), f"{civil(period.first)} - {civil(period.last)}"],
        [_("Your receipts"), money(figures.receipts, currency)],
        [_("Our share of them, %(percentage)s") % {"percentage": case.before.percentage}, money(figures.due, currency)],
        [_("What you remitted"), money(figures.remitted, currency)],
        _difference(figures, currency),
        [_("Estimated remittance until now, %(rhythm)s") % {"rhythm": _rhythm(case)}, estimates[0]],
        [_("Estimated remittance from %(day)s on") % {"day": _from(case)}, estimates[1]],
        [_("Still to be delivered"), money(standing.remaining, currency)],
        [_("Expected to end on"), civil(page.ends_on) if page.ends_on else _("no day in sight")],
    ]


def _rhythm(case: Reconciliation) -> str:
    return case.before.get_rhythm_display()


def _from(case: Reconciliation) -> str:
    return civil(case.after.from_on) if case.after else ""


def _difference(figures: TrueUp, currency: str) -> list[str]:
    if figures.over:
        return [_("Remitted beyond our share"), money(figures.over, currency)]
    return [_("Missing from our share"), money(figures.under, currency)]


def _closing(page: ReconciliationPage) -> str:
    figures = page.figures
    if figures is not None and figures.over:
        return _("What you remitted beyond our share counts: it meets your next remittances before we ask for any.")
    if figures is not None and figures.under:
        return _("What is missing from our share is owed for the period, besides the remittances to come.")
    return _("You remitted exactly our share.")
