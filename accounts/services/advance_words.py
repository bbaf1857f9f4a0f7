"""What refusals about advances, their reconciliation and their default say."""

from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import register_sentences

register_sentences(
    {
        "advance_only": _("Only a merchant cash advance has remittances."),
        "advance_account_closed": _("The account is closed: nothing is remitted any more."),
        "advance_not_your_role": _("Managers set the terms of an advance."),
        "advance_bought_for_less": _("The purchased amount is more than the purchase price."),
        "advance_percentage": _("The specified percentage is above 0 and at most 100."),
        "advance_remittance_too_large": _("One remittance is at most what is left: {remaining} {currency}."),
        "advance_reconciling": _("A reconciliation is open: the terms change with it."),
        "advance_has_no_terms": _("Set the terms of the advance first: without its percentage nothing is reconciled."),
        "reconciliation_open_already": _("A reconciliation is open on this account already."),
        "reconciliation_day_to_come": _("{day} has not come yet."),
        "reconciliation_decided": _("This reconciliation is decided: no statement changes it."),
        "statement_not_csv": _("Save the statement as CSV (UTF-8): workbooks and documents aren't read here."),
        "statement_columns_unknown": _("Say which column holds the day and which another one holds the amount."),
        "statement_no_receipts": _("No row of this statement is a receipt that could be read."),
        "statement_days": _("The first day is no later than the last one, and neither is after {day}."),
        "statement_outside": _("A receipt of {day} lies outside the statement's days."),
        "statement_before_account": _("What was remitted before {day} isn't in our ledger: begin there."),
        "statement_reconciled_already": _("Receipts up to {day} were reconciled before: begin after that day."),
        "statement_said_already": _("An earlier statement covers {day}. Is this one of another bank account? Say so."),
        "statement_out_already": _("That statement was taken out already."),
        "reconciliation_needs_statements": _("Add the statements first: nothing can be proposed without receipts."),
        "reconciliation_days_missing": _(
            "No statement covers {first} to {last}. Add the receipts of those days, 0 where nothing came."
        ),
        "reconciliation_period_short": _("The statements cover {found} open days; at least {least} are needed."),
        "reconciliation_not_your_role": _("Managers and compliance refuse a reconciliation."),
        "reconciliation_reasons_needed": _("Write the reasons, in the merchant's language: they are sent to them."),
        "reconciliation_not_proposed": _("Propose the true-up first."),
        "reconciliation_before_time": _("The merchant has until {day} to send statements: refuse after that day."),
        "reconciliation_nothing_to_tell": _("Nothing is decided that the merchant could be sent."),
        "reconciliation_answered_how": _("Say how the answer was sent."),
        "reconciliation_answered_when": _("The answer was sent between its decision and today, not on {day}."),
        "default_not_your_role": _("Managers and compliance declare a default."),
        "default_declared_already": _("A default was declared on {day}."),
        "default_only_slow": _(
            "Slow receipts are no default: a share of what comes in was bought. Reconcile, or name what else happened."
        ),
        "default_fact_unknown": _("Say what happened."),
        "default_day": _("It happened on a day up to today, not on {day}."),
        "default_evidence_missing": _("Attach the evidence: a file that is kept with the account."),
        "default_said_missing": _("Write what happened and how we know."),
        "default_reconciling": _("A reconciliation is open: make or refuse it before a default is declared."),
    }
)
