"""The letter about a dispute as a PDF in the customer's language: that it came, or what was decided and why."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Dispute, DisputeState
from collections_crm.services.case_letter import compiled, head
from collections_crm.ui.erased import text_of
from collections_crm.ui.words import civil, money

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
S = DisputeState


def letter_pdf(dispute: Dispute, *, on: date) -> bytes:
    """The letter as it would go out on a civil day. It stores nothing."""
    return compiled(dispute.party, lambda: data_of(dispute, on))


def data_of(dispute: Dispute, on: date) -> dict[str, Any]:
    """Every word of the letter, in the active language."""
    account = dispute.account
    shared = head(account, dispute.party, dispute.pk, on)
    return {
        **shared,
        "title": _("Our answer to your dispute") if dispute.outcome else _("We received your dispute"),
        "facts": [
            *shared["facts"],
            [_("Received on"), civil(dispute.received_on)],
            [_("What is disputed"), f"{dispute.get_kind_display()}, {money(dispute.amount, dispute.currency)}"],
        ],
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
