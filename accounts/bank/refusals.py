"""Why a whole bank file is refused, and where in it. Nothing of a refused file is ever posted."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import Refused, register_sentences


class BankFileRefused(Refused):
    """The file can't be used. `place` (a line, a statement, an item) says where to look."""

    def __init__(self, code: str, place: str = "", **params: object) -> None:
        super().__init__(f"bank.{code}", place=place or "-", **params)


register_sentences(
    {
        "bank.empty": _("The file is empty."),
        "bank.too_large": _("The file has {size} bytes; at most {limit} are read."),
        "bank.unknown_format": _(
            "This is no bank file that we know: camt, MT940, OFX, BAI2, NACHA returns, pain.002, ARUDD, Australian "
            "direct-entry returns."
        ),
        "bank.damaged": _("{place}: the file is damaged or cut ({problem})."),
        "bank.has_doctype": _(
            "{place}: the file brings definitions of its own. No bank sends that; it was not opened."
        ),
        "bank.no_statement": _("{place}: the message holds no statement."),
        "bank.no_account": _("{place}: it isn't said of which bank account this is."),
        "bank.no_currency": _("{place}: no currency."),
        "bank.no_movement": _("{place}: no movement, and no balances that would say that there was none."),
        "bank.amount_unreadable": _("{place}: “{found}” is no amount."),
        "bank.movements_unreadable": _("{place}: {written} movements are written there, {found} can be read."),
        "bank.day_missing": _("{place}: a movement without its day."),
        "bank.day_unreadable": _("{place}: “{found}” is no day."),
        "bank.mixed_currencies": _("{place}: a movement in {found} on an account in {expected}."),
        "bank.not_balanced": _(
            "{place}: {opening} and movements of {booked} make {expected}, but the closing balance is {closing}: "
            "{difference} apart."
        ),
        "bank.totals_differ": _("{place}: the total says {expected}, the entries make {found}."),
        "bank.record_missing": _("{place}: the record {expected} is missing."),
        "bank.record_unknown": _("{place}: a record “{found}”, which this format doesn't have."),
        "bank.record_misplaced": _("{place}: a record {found} out of its order."),
        "bank.record_length": _("{place}: a record of {found} characters; {expected} are needed."),
        "bank.only_forward": _(
            "There are no returns in this file: what stands in it goes out ({count}), nothing comes back."
        ),
        "bank.code_unknown": _("{place}: “{found}” is no code for a return or a change."),
        "bank.nothing_returned": _("{place}: there are no returns in this file."),
        "bank.sign_on_failed": _("{place}: the bank refused to answer: {found}."),
        "bank.only_investments": _("{place}: {count} entries of investments, and no movement of a bank account."),
    }
)
