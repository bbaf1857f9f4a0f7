"""Why a request is declined, returned or ends by itself, and what the deciding of requests refuses."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.errors import register_sentences


class DeclineReason(models.TextChoices):
    NOT_JUSTIFIED = "not_justified", pgettext_lazy("decline reason", "not justified by the case")
    CUSTOMER_CIRCUMSTANCES = "customer_circumstances", pgettext_lazy("decline reason", "the customer's circumstances")
    TOO_COSTLY = "too_costly", pgettext_lazy("decline reason", "costs more than it brings")
    BETTER_ALTERNATIVE = "better_alternative", pgettext_lazy("decline reason", "a better way exists")
    AGAINST_POLICY = "against_policy", pgettext_lazy("decline reason", "against policy")


class ReturnReason(models.TextChoices):
    EVIDENCE_MISSING = "evidence_missing", pgettext_lazy("return reason", "evidence is missing")
    TERMS_TO_CHANGE = "terms_to_change", pgettext_lazy("return reason", "the terms should change")
    CONTACT_FIRST = "contact_first", pgettext_lazy("return reason", "contact the customer first")
    UNCLEAR = "unclear", pgettext_lazy("return reason", "the reason is unclear")


ENDINGS = {
    "terms_changed": _("the terms changed while it was open"),
    "account_closed": _("the account closed"),
    "dispute_decided": _("the dispute was decided otherwise"),
    "not_carried_out": _("it could not be carried out in time"),
}


def ending_in_words(code: str) -> str:
    """The reason of a refusal, a return or an ending, in the active language; nothing for other codes."""
    coded = {str(reason): reason.label for reasons in (DeclineReason, ReturnReason) for reason in reasons}
    return str((coded | ENDINGS).get(code, ""))


register_sentences(
    {
        "approval_already_open": _("This is already waiting for a decision."),
        "approval_own": _("You raised this: somebody else must decide."),
        "approval_password_known": _(
            "Whoever asks for this set your password less than 30 days ago: somebody else must decide."
        ),
        "approval_not_your_role": _("Your role doesn't decide requests of this kind."),
        "approval_not_your_team": _("This account belongs to another team, whose manager decides."),
        "approval_not_the_maker": _("Only the person who raised it may do that."),
        "approval_not_in_your_hands": _("You don't hold this request: there is nothing to give back."),
        "approval_claimed": _(
            "Somebody else is deciding this one. It comes free when they give it back or run out of time."
        ),
        "approval_already_decided": _("This request is no longer open: {state}."),
        "approval_expired": _("Its time ran out before anybody decided. Whoever raised it may raise it again."),
        "approval_beyond_limit": _(
            "This is beyond your limit: {asked} asked, {limit} allowed. Somebody with more authority must decide."
        ),
        "approval_terms_stand": _("The terms haven't changed: approve, decline or return it."),
        "approval_reason_needed": _("Choose a reason."),
        "approval_sentence_needed": _("Write a sentence to the person who raised it."),
    }
)
