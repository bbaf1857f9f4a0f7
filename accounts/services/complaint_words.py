"""What refusals about complaints say."""

from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import register_sentences

register_sentences(
    {
        "complaint_not_your_role": _("Agents, managers and compliance keep complaints."),
        "complaint_category_unknown": _("Say what the complaint is about."),
        "complaint_way_elsewhere": _("Say how it reached us: by a way that there is where the account is."),
        "complaint_of_a_stranger": _("This person doesn't owe on the account."),
        "complaint_in_the_future": _("{day} has not come yet."),
        "complaint_open_already": _("This person's complaint about the same is open on this account already."),
        "complaint_not_yours_to_decide": _("Managers and compliance decide complaints and tell customers of delays."),
        "complaint_about_you": _("This complaint is about you: somebody else takes it on."),
        "complaint_reasons_needed": _("Write the reasons, in the customer's language: they are sent to the customer."),
        "complaint_remedy_needed": _("Choose what is put right."),
        "complaint_outcome_unknown": _("Say whether all of it is right, or a part."),
        "complaint_delay_state": _("Acknowledge it first; what is decided isn't delayed any more."),
        "complaint_delay_day": _("Give a day after {after}, and no later than {last}."),
        "complaint_not_decided": _("This complaint isn't decided yet: there is no answer to send."),
        "complaint_answered_how": _("Say how the answer was sent."),
        "complaint_answered_when": _("The answer was sent between its decision and today, not on {day}."),
        "complaint_referred_when": _("It went to the authority on a day from {received} to today."),
        "complaint_ruled_already": _("The authority has decided this complaint: it is over for good."),
        "complaint_not_referred": _("This complaint isn't with the authority."),
        "complaint_ruling_unknown": _("Say what the authority decided."),
        "complaint_ruled_when": _("The authority decided on a day from {referred} to today."),
    }
)
