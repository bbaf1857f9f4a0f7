"""The sentences of the refusals about hardship."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import register_sentences

register_sentences(
    {
        "hardship_account_closed": _("The account is closed: nobody is asked to pay, so there is no case to open."),
        "hardship_in_the_future": _("It can't have been received on {day}: that day hasn't come."),
        "hardship_before_placed": _("It can't have been received before the account was placed, on {day}."),
        "hardship_told_before": _(
            "A case is open whose days run from {day}. If the customer told us earlier, a manager or compliance ends "
            "that one as opened in error; then open it again."
        ),
        "hardship_answered_since": _("Help was granted on {day}, after that: it answers what was received before."),
        "hardship_not_your_part": _("Agents, managers and compliance work hardship cases."),
        "hardship_asked_too_late": _("Information could be asked for until {day}: decide by what is known."),
        "hardship_informed_when": _("The information came between {asked}, when it was asked for, and today."),
        "hardship_needs_budget": _("Take the customer's budget first: help is decided by what comes in and goes out."),
        "hardship_which_help": _("Choose which help is granted."),
        "hardship_help_until": _("Help is looked at again on a day from tomorrow to {last}."),
        "hardship_help_beyond_you": _(
            "You grant help for {days} days in all, renewals included: here until {last}. Beyond that a manager or "
            "compliance grants it."
        ),
        "hardship_needs_arrangement": _(
            "Agree the plan or token payments on the workbench (L) first: an ordinary promise is no help, nor is what "
            "was agreed before the customer told us."
        ),
        "hardship_debts_without_plan": _(
            "With a plan as help the hold is lifted, so each debt of the customer needs one: {accounts} has none yet. "
            "A pause holds for all of them."
        ),
        "hardship_not_your_role": _("Managers and compliance refuse help."),
        "hardship_not_yours_to_void": _("Managers and compliance say that a case was opened in error."),
        "hardship_information_awaited": _(
            "The customer may answer until {day}: help is refused by a budget, or once that day has passed."
        ),
        "hardship_refused_by_you_before": _("You refused this customer's last case: somebody else decides this one."),
        "hardship_reasons_needed": _("Write the reasons, in the customer's language: they are sent to the customer."),
        "hardship_word_needed": _("Write why it ends: it is kept with the case."),
        "hardship_decided_already": _("It is decided: it goes on from there."),
        "hardship_review_first": _("Help was granted: look at it again first, then it may end."),
        "hardship_not_declined": _("Help wasn't refused: there is no refusal to send."),
        "hardship_answered_how": _("Say how the refusal was sent."),
        "hardship_answered_when": _("The refusal was sent between its decision and today, not on {day}."),
        "hardship_answer_first": _("Send the customer the refusal with its reasons first, and record its day."),
    }
)
