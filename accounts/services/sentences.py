"""The sentences of this floor's refusals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import register_sentences

register_sentences(
    {
        "move_not_allowed": _(
            "This can't be done while it is {state}. Look at it again: somebody may have changed it."
        ),
        "admin_exists": _("There is an administrator already, who can add people in the administration."),
        "next_step_of_closed_account": _("Account {account} is closed: nothing is left to do on it."),
        "portfolio_without_team": _("No team works the portfolio {portfolio}. An administrator must give it to one."),
        "payment_not_positive": _("Write an amount above zero."),
        "payment_in_the_future": _("Money can't have been received on {day}: that day has not come yet."),
        "payment_for_recalled_account": _("Account {account} went back to the creditor. Send the money there."),
        "payment_without_reference": _("Write what the bank says of this money: it is all that there is to go by."),
        "payment_identified": _("This money is posted to account {account} already."),
        "payment_other_currency": _("The money is in {currency}, the account in {expected}."),
        "payment_alike": _("The same payment is posted already."),
        "payment_not_posted": _("This payment was never posted: there is nothing to take back."),
        "reversal_before_payment": _("The payment was received on {day}: it can't have been returned before."),
        "hold_begins_today": _("This hold begins today. Only a moratorium, an insolvency or a death may lie earlier."),
        "hold_review_in_the_past": _("Choose a review date from today on: {day} has passed."),
        "phone_not_readable": _("That is not a phone number. Write it with its area code."),
        "phone_not_valid": _(
            "That number can't exist in {country}. Check its digits, or begin with + and the country."
        ),
        "email_not_valid": _("That is not an e-mail address."),
        "consent_opted_out_of_all": _(
            "They opted out of this channel there, for all accounts. Agreement about one doesn't undo that."
        ),
        "consent_other_account": _("That account isn't this person's."),
    }
)
