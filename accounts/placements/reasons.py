"""The reasons and warnings of rows, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REASONS = {
    # Skipped: in order, but not for us.
    "current": _("not overdue"),
    "not_overdue": _("nothing is overdue"),
    "paid": _("paid"),
    "already_placed": _("already in the portfolio"),
    # Rejected.
    "wrong_number_of_cells": _("more or fewer cells than the header"),
    "reference_missing": _("no reference"),
    "reference_repeated": _("the reference was in an earlier row of this file"),
    "status_unknown": _("the mapping doesn't know this status"),
    "other_currency": _("another currency than the portfolio's"),
    "nothing_owed": _("nothing is owed (amount 0)"),
    "amount_negative": _("the amount is less than zero"),
    "amount_unreadable": _("not an amount: write 1240.50 or 1,240.50"),
    "amount_too_precise": _("more than two decimals"),
    "amount_too_large": _("the amount is too large"),
    "date_unreadable": _("not a date in the expected form"),
    "date_of_no_living": _("a date before 1900 or after 2200: it can't be right"),
    "date_after_as_of": _("the date is after the day of the file"),
    "past_due_on_missing": _("it isn't said since when it is overdue"),
    "due_now_missing": _("it isn't said how much is overdue"),
    "due_exceeds_balance": _("more is overdue than is owed"),
    "formula_cell": _("computed by a formula: the value isn't in the file"),
    "card_number": _("a card number: it isn't kept"),
    "text_too_long": _("the text is too long"),
    "country_unreadable": _("not a country code of two letters"),
    "language_unreadable": _("not a language that we speak (en, es)"),
    "party_kind_unreadable": _("not person, sole_trader or business"),
    "percentage_unreadable": _("not a percentage above 0 and up to 100"),
    "yearly_rate_unreadable": _("not a yearly rate of 0 to 1000 %"),
    "rhythm_unreadable": _("not daily or weekly"),
    # Of a merchant's statement.
    "day_missing": _("no day"),
    "day_to_come": _("the day has not come yet"),
    # Warnings.
    "advance_terms_incomplete": _("the terms of the advance aren't whole: left out"),
    "past_due_estimated": _("past-due date estimated from the status"),
    "name_missing": _("no name"),
    "originated_on_missing": _("it isn't said when the credit was given"),
    "creditor_missing": _("no creditor"),
    "interest_above_cap": _("more interest than the law allows on a short-term loan: only what it allows is added"),
    "owes_more_than_lent": _("owes more than was lent"),
    "postcode_padded": _("ZIP code completed with leading zeros"),
    "postcode_blanked": _("ZIP code left blank: it can't be one"),
    "phone_unreadable": _("phone left out: not a number of that country"),
    "email_unreadable": _("e-mail left out: not an address"),
    "formula_kept_as_text": _("looks like a formula, kept as text"),
    "damaged_text": _("a character was damaged before it reached us"),
    # Notes on a whole file.
    "no_final_line_end": _("the last line has no end: compare the totals, the file may be cut"),
    "other_sheets": _("the workbook has more sheets; only the first was read"),
    # The statuses of the shipped mappings.
    "in_grace": _("in grace"),
    "late_16_30": _("late 16 to 30 days"),
    "late_31_120": _("late 31 to 120 days"),
    "charged_off": _("charged off"),
}


def reason_words(code: str) -> str:
    """The words for a code; a creditor's own status, which is nobody's code, stands for itself."""
    return str(REASONS.get(code, code.replace("_", " ")))
