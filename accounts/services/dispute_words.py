"""What refusals about disputes say."""

from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import register_sentences

register_sentences(
    {
        "dispute_kind_unknown": _("Say what the dispute is about."),
        "dispute_account_closed": _("The account is closed: nothing is asked for that could be disputed."),
        "dispute_in_the_future": _("{day} has not come yet."),
        "dispute_more_than_owed": _("What is disputed is above zero and at most the balance of {balance} {currency}."),
        "dispute_open_already": _("A dispute of this kind is open on this account already."),
        "dispute_evidence_of_whom": _("Say who is asked for evidence: the customer or the creditor."),
        "dispute_evidence_day": _("Evidence is asked for until a day from today to {day}, when the answer is due."),
        "dispute_not_your_role": _("Managers and compliance decide disputes."),
        "dispute_about_you": _("This dispute is about you: somebody else decides it."),
        "dispute_reasons_needed": _("Write the reasons, in the customer's language: they are sent to the customer."),
        "dispute_not_decided": _("This dispute isn't decided yet: there is no answer to send."),
        "dispute_answered_how": _("Say how the answer was sent."),
        "dispute_answered_when": _("The answer was sent between its decision and today, not on {day}."),
        "dispute_nothing_new": _("Keep the new evidence as a file first: only a manager reopens without any."),
        "dispute_not_under_review": _("Take the dispute under review first."),
        "dispute_credit_wrong": _("What is credited is above zero and at most the disputed {amount} {currency}."),
        "dispute_balance_below": _("Only {balance} {currency} is still owed: credit that at most."),
    }
)
