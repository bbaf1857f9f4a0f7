"""What refusals about disputes say."""

from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import register_sentences

register_sentences(
    {
        "dispute_kind_unknown": _("Say what the dispute is about."),
        "dispute_account_closed": _("The account is closed: nothing is asked for that could be disputed."),
        "dispute_in_the_future": _("{day} has not come yet."),
        "dispute_more_than_owed": _("What is disputed is above zero and at most the balance of {balance} {currency}."),
        "dispute_before_the_account": _("The account was placed on {day}: nothing about it came before."),
        "dispute_part_in_words": _(
            "Write in the customer's words that they dispute a part only: until now it was all."
        ),
        "dispute_open_already": _("A dispute of this kind is open on this account already."),
        "dispute_evidence_of_whom": _("Say who is asked for evidence: the customer or the creditor."),
        "dispute_evidence_day": _("Evidence is asked for until a day from today to {day}."),
        "dispute_not_your_work": _("Agents, managers and compliance work on disputes."),
        "dispute_not_your_role": _("Managers and compliance decide disputes."),
        "dispute_about_you": _("This dispute is about you: somebody else works on it."),
        "dispute_asked_already": _(
            "Somebody is asked to agree that the customer is right: wait for the answer, or have it taken back first."
        ),
        "dispute_not_yours_to_withdraw": _(
            "A manager or compliance notes that this is withdrawn: it is about somebody's identity, or one of us."
        ),
        "dispute_withdrawn_in_words": _("Write what the customer said: they withdraw it, not we."),
        "dispute_reasons_needed": _("Write the reasons, in the customer's language: they are sent to the customer."),
        "dispute_not_decided": _("This dispute isn't decided yet: there is no answer to send."),
        "dispute_answered_how": _("Say how the answer was sent."),
        "dispute_answered_when": _("The answer was sent between its decision and today, not on {day}."),
        "dispute_nothing_new": _("Keep the new evidence as a file first: only a manager reopens without any."),
        "dispute_not_under_review": _("Take the dispute under review first."),
        "dispute_credit_wrong": _(
            "Credit at most {amount} {currency}: what is still disputed, as far as it is owed or was paid. Nothing is"
            " credited only where nothing can be."
        ),
        "dispute_refund_not_yours": _("Finance pays back what stands in a customer's favour."),
        "dispute_refund_when": _("It was paid back between {day}, when it was decided, and today."),
        "dispute_nothing_to_pay_back": _("Nothing stands in the customer's favour on this account."),
    }
)
