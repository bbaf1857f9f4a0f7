"""What a yes costs and what may be expected of it: only what the records say, the rest is said to be not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.foundation.money import ZERO
from arrangements.models import Escalation
from collections_crm.selectors.account_circumstances import Figures
from collections_crm.ui.words import civil, money


@dataclass(frozen=True)
class Prospect:
    """Cost to us, expected recovery, and on what that rests; each a sentence."""

    cost: str
    recovery: str
    basis: str


def prospect_of(case: Escalation, asked: Decimal | None, figures: Figures) -> Prospect:
    """Of the amount that was asked, at the balance as it is now."""
    cost, recovery = TELLERS[case.kind](case, asked or ZERO)
    return Prospect(cost, recovery, _basis(case, figures))


def _basis(case: Escalation, figures: Figures) -> str:
    currency = case.account.currency
    paid = _("paid in the last year: %(amount)s") % {"amount": money(figures.paid_in_year, currency)}
    judged = figures.promises_kept + figures.promises_broken
    if not judged:
        return _("%(paid)s; no promise or settlement has been judged yet") % {"paid": paid}
    kept = ngettext("%(kept)d of %(count)d agreement kept", "%(kept)d of %(count)d agreements kept", judged)
    return f"{paid}; {kept % {'kept': figures.promises_kept, 'count': judged}}"


def _settlement(case: Escalation, asked: Decimal) -> tuple[str, str]:
    let_go = money(case.account.balance - asked, case.account.currency)
    cost = _("%(amount)s is let go once the money has cleared.") % {"amount": let_go}
    return cost, _agreed(case, asked)


def _promise(case: Escalation, asked: Decimal) -> tuple[str, str]:
    return _("Nothing is let go: the rest stays owed."), _agreed(case, asked)


def _agreed(case: Escalation, asked: Decimal) -> str:
    return _by(case, asked, case.pay_by)


def _by(case: Escalation, asked: Decimal, day: date | None) -> str:
    said = {"amount": money(asked, case.account.currency), "day": civil(day)}
    return _("%(amount)s by %(day)s, if it is kept.") % said


def _offer(case: Escalation, asked: Decimal) -> tuple[str, str]:
    """As a settlement where something is let go; its money comes by the last payment."""
    offer = case.arrangement
    last = offer.instalments.order_by("-number").first() if offer else None
    is_settled = offer is not None and offer.discount > 0
    cost = _settlement(case, asked)[0] if is_settled else _promise(case, asked)[0]
    return cost, _by(case, asked, last.due_on if last else case.pay_by)


def _write_off(case: Escalation, _asked: Decimal) -> tuple[str, str]:
    balance = money(case.account.balance, case.account.currency)
    cost = _("%(amount)s: the whole balance is given up.") % {"amount": balance}
    return cost, _("Nothing is chased any more; money that comes by itself is still taken.")


def _enforcement(case: Escalation, _asked: Decimal) -> tuple[str, str]:
    most = money(case.account.balance, case.account.currency)
    cost = _("Not known: no fee of the court, the filing or the lawyers is on record.")
    return cost, _("Not known: %(amount)s at the very most.") % {"amount": most}


def _fraud(_case: Escalation, _asked: Decimal) -> tuple[str, str]:
    return _("Not known: chasing stands still until compliance answers."), _("Not known.")


TELLERS: dict[str, Callable[[Escalation, Decimal], tuple[str, str]]] = {
    "settlement": _settlement,
    "promise": _promise,
    "offer": _offer,
    "write_off": _write_off,
    "legal": _enforcement,
    "ucc": _enforcement,
    "fraud": _fraud,
}
