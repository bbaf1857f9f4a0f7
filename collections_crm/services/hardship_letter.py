"""The letter about a hardship case as a PDF in the customer's language: that it came, what is granted, or why not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.foundation import days
from accounts.foundation.users import User
from arrangements.models import HardshipCase, HardshipEnding, HardshipState
from arrangements.services.hardship import answer_hardship
from collections_crm.services.case_letter import ROUTES, head_of, pdf_of
from collections_crm.ui.erased import text_of
from collections_crm.ui.words import civil

S = HardshipState


def letter_pdf(case: HardshipCase, *, on: date) -> bytes:
    """The letter as it would go out on a civil day. It stores nothing."""
    return pdf_of(case.party, lambda: data_of(case, on))


def send_refusal(*, case_id: int, how: str, on: date, actor: User, now: datetime) -> HardshipCase:
    """Keep that the customer was sent the refusal, with the letter as it went that day. Refuses what `answer_hardship`
    refuses; twice changes nothing."""
    case = HardshipCase.objects.select_related("account__portfolio", "party", "reasons").get(pk=case_id)
    letter = letter_pdf(case, on=on) if case.state == S.DECLINED else b""
    return answer_hardship(case_id=case_id, how=how, on=on, letter=letter, actor=actor, now=now)


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
    if case.ended_at is not None:
        return _ended(case)
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


def _ended(case: HardshipCase) -> list[str]:
    """Nothing is promised any more; who is in difficulty again may say so again."""
    ended = {"day": civil(days.civil_day(case.ended_at, case.account.portfolio.zone))} if case.ended_at else {}
    told = {
        HardshipEnding.WITHDRAWN: _("On %(day)s you took back that you cannot pay as agreed."),
        HardshipEnding.IN_ERROR: _("On %(day)s we found that we noted by mistake that you cannot pay as agreed."),
        HardshipEnding.TOLD_AGAIN: _("You told us again that you cannot pay. Since %(day)s we look at it anew."),
        HardshipEnding.ACCOUNT_CLOSED: _("On %(day)s the account closed."),
    }.get(HardshipEnding(case.ending), _("On %(day)s the help that we agreed ended."))
    return [told % ended, _("If you cannot pay as agreed, tell us at any time.")]
