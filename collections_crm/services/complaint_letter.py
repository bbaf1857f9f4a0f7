"""The letter about a complaint as a PDF in the customer's language: that it came, that it takes longer, or the answer
with its reasons and the way to the Ombudsman or authority."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Complaint, ComplaintState, Remedy
from collections_crm.services.case_letter import head_of, pdf_of
from collections_crm.ui.erased import text_of
from collections_crm.ui.words import civil


@dataclass(frozen=True)
class Authority:
    """Where a customer may go on with a complaint: its name in a sentence, how it is reached, within which time."""

    name: str | Promise
    reached: str
    within: str | Promise


# DISP 1.6.2R, 2.8.2R; LPDUSF art. 65; AFCA Rules B.4.2, B.4.3. What the CFPB takes has no last day.
AUTHORITY: dict[str, Authority] = {
    "UK": Authority(
        gettext_lazy("the Financial Ombudsman Service"),
        "0800 023 4567, financial-ombudsman.org.uk",
        gettext_lazy("You have six months from the date of our answer."),
    ),
    "US": Authority(
        gettext_lazy("the Consumer Financial Protection Bureau"), "855 411 2372, consumerfinance.gov/complaint", ""
    ),
    "MX": Authority(
        gettext_lazy("CONDUSEF"),
        "55 5340 0999, condusef.gob.mx",
        gettext_lazy("You have two years from what happened."),
    ),
    "AU": Authority(
        gettext_lazy("the Australian Financial Complaints Authority (AFCA)"),
        "1800 931 678, afca.org.au",
        gettext_lazy("As a rule you have two years from the date of our answer."),
    ),
}
S = ComplaintState
# What is put right, said to the customer.
PUT_RIGHT: dict[str, str | Promise] = {
    Remedy.APOLOGY: gettext_lazy("we apologise to you"),
    Remedy.RECORDS: gettext_lazy("we correct our records"),
    Remedy.CONTACT: gettext_lazy("we contact you in another way"),
    Remedy.TRAINING: gettext_lazy("we train the people concerned"),
    Remedy.MONEY: gettext_lazy("we put the amount right and write to you about it"),
}


def letter_pdf(complaint: Complaint, *, on: date) -> bytes:
    """The letter as it would go out on a civil day. It stores nothing."""
    return pdf_of(complaint.party, lambda: data_of(complaint, on))


def data_of(complaint: Complaint, on: date) -> dict[str, Any]:
    """Every word of the letter, in the active language."""
    head = head_of(complaint.account, complaint.party, complaint.pk, on)
    head["facts"] += [
        [_("Received on"), civil(complaint.received_on)],
        [_("What it is about"), str(complaint.get_category_display())],
    ]
    if complaint.outcome:
        return head | _answer(complaint)
    return head | (_delay(complaint) if complaint.delayed_until else _received(complaint))


def _received(complaint: Complaint) -> dict[str, Any]:
    return {
        "title": _("We received your complaint"),
        "sentences": [
            _("We look into what you told us and answer you by %(day)s.") % {"day": civil(complaint.answer_by)},
            _("Until then we do not ask you for payment."),
        ],
        "quote": text_of(complaint.said),
        "closing": [],
    }


def _delay(complaint: Complaint) -> dict[str, Any]:
    """Who is told that it takes longer learns that they need not wait."""
    until, where = {"day": civil(complaint.delayed_until)}, _where(complaint)
    may_go = _("You need not wait for us: you can go to %(authority)s. It costs you nothing.")
    return {
        "title": _("Your complaint takes longer"),
        "sentences": [
            _("We have not finished looking into what you told us. We answer you by %(day)s at the latest.") % until,
            _("The reasons why it takes longer:"),
        ],
        "quote": text_of(complaint.delay_reasons),
        "closing": [may_go % {"authority": where.name}, where.reached],
    }


def _answer(complaint: Complaint) -> dict[str, Any]:
    disagree = _("This is our final answer. If you disagree, go to %(authority)s. It costs you nothing.")
    where = _where(complaint)
    route = [disagree % {"authority": where.name}, where.reached, *([str(where.within)] if where.within else [])]
    return {
        "title": _("Our answer to your complaint"),
        "sentences": _decided(complaint),
        "quote": text_of(complaint.reasons),
        "closing": [] if complaint.outcome == S.WITHDRAWN else route,
    }


def _decided(complaint: Complaint) -> list[str]:
    if complaint.outcome == S.WITHDRAWN:
        return [_("You told us that you no longer complain about it. We thank you for letting us know.")]
    if complaint.outcome == S.REJECTED:
        return [_("We looked into it and found nothing to put right, for these reasons:")]
    right = _("You are right.") if complaint.outcome == S.UPHELD else _("You are right in part.")
    put_right = "; ".join(str(PUT_RIGHT[remedy]) for remedy in complaint.remedies)
    return [right, _("What we put right: %(what)s.") % {"what": put_right}, _("Our reasons:")]


def _where(complaint: Complaint) -> Authority:
    return AUTHORITY[complaint.account.portfolio.jurisdiction]
