"""The letter about a dispute as a PDF in the customer's language: that it came, or what was decided and why."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.foundation.domain_events import DisputeAnswered
from accounts.foundation.money import ZERO
from accounts.foundation.users import User
from accounts.models import IN_FORCE, Dispute, DisputeState
from accounts.selectors.askable import asked_beside
from accounts.selectors.payments import balance_on
from accounts.services.attachments import LETTER_SENT, keep_file
from collections_crm.services.case_letter import ROUTES, head_of, pdf_of
from collections_crm.ui.erased import text_of
from collections_crm.ui.words import civil, money

S = DisputeState


def letter_pdf(dispute: Dispute, *, on: date) -> bytes:
    """The letter as it would go out on a civil day. It stores nothing."""
    return pdf_of(dispute.party, lambda: data_of(dispute, on))


def keep_letters(event: DisputeAnswered) -> None:
    """What the customer was sent is kept with the account, as it was on the day on which it went."""
    actor = User.objects.get(pk=event.actor_id)
    related = ("account__portfolio", "party", "reasons")
    for dispute in Dispute.objects.filter(pk__in=event.ids).select_related(*related).order_by("pk"):
        if dispute.answered_on is None:
            continue
        kept = keep_file(
            account_id=dispute.account_id,
            kind=LETTER_SENT,
            name=letter_name(dispute),
            content=letter_pdf(dispute, on=dispute.answered_on),
            actor=actor,
            now=event.at,
        )
        dispute.decisions.filter(round=dispute.reopened).update(letter=kept)


def letter_name(dispute: Dispute) -> str:
    number = f"-{dispute.reopened + 1}" if dispute.reopened else ""
    return f"{dispute.account.reference}-dispute-{dispute.pk}{number}.pdf"


def data_of(dispute: Dispute, on: date) -> dict[str, Any]:
    """Every word of the letter on a civil day, in the active language."""
    account = dispute.account
    head = head_of(account, dispute.party, dispute.pk, on)
    head["facts"] += [
        [_("Received on"), civil(dispute.received_on)],
        [_("What is disputed"), f"{dispute.get_kind_display()}, {money(dispute.amount, dispute.currency)}"],
    ]
    return head | {
        "title": _("Our answer to your dispute") if dispute.outcome else _("We received your dispute"),
        "sentences": _decided(dispute, on) if dispute.outcome else _received(dispute),
        "quote": text_of(dispute.reasons),
        "closing": [str(ROUTES[account.portfolio.jurisdiction])] if dispute.outcome else [],
    }


def _received(dispute: Dispute) -> list[str]:
    said = [
        _("We look into what you told us and answer you by %(day)s.") % {"day": civil(dispute.answer_by)},
        _("Until then we do not ask you for the amount that you dispute."),
    ]
    if dispute.customer_evidence_by:
        wanted = {"day": civil(dispute.customer_evidence_by)}
        said.append(_("Please send us by %(day)s whatever shows that you are right.") % wanted)
    return said


def _decided(dispute: Dispute, on: date) -> list[str]:
    if dispute.outcome == S.WITHDRAWN:
        return [_("You told us that you no longer dispute it, in these words:")]
    if dispute.outcome != S.REJECTED and dispute.denies_owing:
        return [
            _("You are right: we ask you for nothing more, and the account goes back to the creditor."),
            _("Our reasons:"),
        ]
    told = _rejected(dispute) if dispute.outcome == S.REJECTED else [*_credited(dispute), _("Our reasons:")]
    return [*_owed(dispute, on), *told]


def _rejected(dispute: Dispute) -> list[str]:
    """What an earlier decision took off stays off."""
    if not dispute.credited:
        return [_("We looked into it. The amount is owed as it stands, for these reasons:")]
    off = {"amount": money(dispute.credited, dispute.currency)}
    return [
        _("We looked into it again. We had taken %(amount)s off what is owed, and that stays so.") % off,
        _("The rest of what you dispute is owed as it stands, for these reasons:"),
    ]


def _credited(dispute: Dispute) -> list[str]:
    if not dispute.credited:
        return [_("You are right. There is nothing left that could be taken off what is owed.")]
    credit = {"amount": money(dispute.credited, dispute.currency)}
    said = [_("You are right about %(amount)s: it is taken off what is owed.") % credit]
    back = sum(decision.to_pay_back for decision in dispute.decisions.all())
    if back:
        paid = {"amount": money(back, dispute.currency)}
        said.append(_("You had paid %(amount)s of it already: we pay that back to you.") % paid)
    return said


def _owed(dispute: Dispute, on: date) -> list[str]:
    """What is owed at the end of the day, and how much of it rests for another dispute."""
    account = dispute.account
    owed = max(balance_on(account, on), ZERO)
    said = [_("What is owed today is %(balance)s.") % {"balance": money(owed, account.currency)}]
    others = account.holds.filter(state__in=IN_FORCE).exclude(placed_for_type="dispute", placed_for_id=dispute.pk)
    resting = asked_beside(account, others).disputed
    if resting:
        still = {"amount": money(min(resting, owed), account.currency)}
        said.append(_("We do not ask you for %(amount)s of it, which you still dispute.") % still)
    return said
