"""The sentences of refusals about contacts and verification."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import register_sentences

register_sentences(
    {
        "contact_still_open": _("You have a call to wrap up first. It is in the bar at the foot of the page."),
        "contact_already_wrapped_up": _("This contact was wrapped up already. Nothing was saved twice."),
        "contact_of_somebody_else": _("Only the person who made this contact can conclude it."),
        "outcome_unknown": _("Choose how the call ended."),
        "outcome_needs_verified": _("Verify the person first: this outcome is for somebody who proved who they are."),
        "outcome_after_verification": _("The person was verified in this call: choose what they said."),
        "outcome_after_answer": _("Somebody answered this call: choose what they said."),
        "outcome_needs_number": _("This outcome is about the number, and this contact used none of ours."),
        "callback_needs_time": _("Write the day and time at which the customer wants to be called."),
        "callback_in_the_past": _("Choose a time that is still to come."),
        "next_step_in_the_past": _("Choose a day from today on: {day} has passed."),
        "next_step_held": _(
            "A hold ({hold}) stands until {day}: the next step is its review and can't be replaced here."
        ),
        "account_of_another_person": _("One of the accounts isn't this person's. Choose again."),
        "verification_not_possible": _(
            "We don't know enough about this person to verify anybody. Say nothing about a debt; take a message."
        ),
        "verification_locked": _("Three wrong answers today. Only a manager can open verification again."),
        "verification_closed": _("This contact is over: nobody can be verified in it."),
        "verification_not_locked": _("Verification of this person isn't locked any more."),
        "unlock_needs_manager": _("Only a manager can open verification again."),
        "unlock_own_tries": _("These were your own calls: another manager must open verification again."),
        "contact_not_your_role": _("Only agents and managers speak with customers."),
        "call_needs_number": _("Choose the number to call, and only accounts of the same person."),
        "caller_role_unknown": _("Say who is calling."),
        "agreement_not_recorded": _(
            "Nothing was agreed or asked for in this call: take the promise (P) or the plan (L) first, then save."
        ),
        "promise_not_said": _("Write how much was promised, and by which day."),
    }
)
