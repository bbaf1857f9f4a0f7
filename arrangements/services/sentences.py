"""The sentences of the refusals about promises and settlements."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import register_sentences

register_sentences(
    {
        "cannot_agree_in_state": _("Nothing can be agreed on this account: it is {state}."),
        "party_does_not_owe": _("This person does not owe on the account. Only a borrower or guarantor can promise."),
        "hold_forbids_agreeing": _("No promise may be taken while this hold is in force: {hold}."),
        "promise_after_the_call": _("That call is over, and nothing was promised in it. Call again."),
        "party_not_verified": _("Verify the person first. A promise is taken from the right party only."),
        "day_has_passed": _("{day} has passed. Choose a day from today on."),
        "promise_not_your_role": _("Promises are taken by agents and managers."),
        "promise_more_than_owed": _(
            "Write an amount above zero, {balance} {currency} at most: that is all that is owed."
        ),
        "part_is_disputed": _(
            "{disputed} {currency} is in dispute and rests until it is answered: agree on {most} {currency} at most."
        ),
        "all_is_disputed": _("All that is owed is in dispute: nothing can be agreed until it is answered."),
        "settlement_while_disputed": _("A part is in dispute: settle once it is answered."),
        "promise_too_far": _(
            "That day is too far ahead for you: {last_day} is the last one you may accept. "
            "It needs a manager: ask one under Promise to pay."
        ),
        "promise_too_small": _(
            "That is too little for you to accept: {least} {currency} is the least. "
            "It needs a manager: ask one under Promise to pay."
        ),
        "promise_after_broken_ones": _(
            "{broken} promises were broken in the last 90 days, and you may accept one after {allowed} at most. "
            "It needs a manager: ask one under Promise to pay."
        ),
        "cancel_reason_unknown": _("Choose why the promise is cancelled."),
        "cancel_not_yours": _("Only the person who took the promise or a manager may cancel it."),
        "budget_not_your_role": _("Budgets are taken by agents, managers and compliance."),
        "budget_of_a_stranger": _("This person doesn't owe on the account."),
        "budget_says_nothing": _("Write at least one amount: what comes in, or what is spent."),
        "budget_below_zero": _("Amounts are above zero; leave empty what there isn't."),
        "offer_within_limits": _("You may offer this alone: nobody has to be asked."),
        "offer_too_long": _("The last payment is too far ahead for you: {last_day} is the last day you may offer."),
        "offer_starts_too_small": _(
            "The first payment is too small for you to offer: {least} {currency} is the least."
        ),
        "offer_discount": _("That lets too much go for you to offer: {most} {currency} is the most."),
        "offer_after_broken_ones": _(
            "{broken} promises were broken in the last 90 days, and you may offer after {allowed} at most."
        ),
        "offer_needs_paper": _("Keep what the customer signed or wrote as a file of the account first, and choose it."),
        "offer_terms_changed": _("These are not the terms that were offered. Open the offer again and read them anew."),
        "offer_not_open": _("This offer can't be accepted or refused any more: it is {state}."),
        "offer_expired": _("This offer ended on {day}. Make a new one."),
        "offer_balance_changed": _(
            "The balance is {balance} {currency} now, another than when it was offered. Make a new offer."
        ),
        "offer_accepted_how": _("Say whether the customer accepted in a call or in writing."),
        "offer_reason_unknown": _("Choose why the offer is refused."),
        "settlement_not_below_balance": _("A settlement is above zero and below the balance of {balance} {currency}."),
    }
)
