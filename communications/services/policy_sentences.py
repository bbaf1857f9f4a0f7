"""The sentences of refusals about the policy and its gate."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import register_sentences

register_sentences(
    {
        "override_not_approved": _("The exception has not been approved, its time has passed, or it was used already."),
        "override_for_another_contact": _("The exception was approved for another contact."),
        "override_needs_reason": _("Say why this call should be made in spite of the rule: a manager decides by it."),
        "override_not_possible": _("No exception can be made here: the answer of the gate is {verdict}."),
        "verification_before_answer": _(
            "A written dispute is open: its verification is sent with the answer, and recorded there."
        ),
        "notice_in_the_future": _("A notice can't have been sent on {day}: that day has not come yet."),
        "policy_only_admin_drafts": _("Only an administrator drafts policy."),
        "policy_only_compliance_publishes": _("Only compliance publishes policy."),
        "policy_maker_is_not_checker": _(
            "You drafted, edited or submitted this version: somebody else must publish it."
        ),
        "policy_password_known": _(
            "Whoever made this version set your password less than 30 days ago: somebody else must publish it."
        ),
        "policy_draft_exists": _("Version {number} of this pack is being prepared already. Finish or drop it first."),
        "policy_not_a_draft": _("Only a draft can be changed. This version stands as it is."),
        "policy_not_submitted": _("Only a submitted version can be published or sent back."),
        "policy_changed_since_submitted": _("The rules are no longer those that were submitted."),
        "policy_has_faults": _("This draft can't be submitted yet: {faults}"),
        "policy_rule_senseless": _("This rule makes no sense as it is: {fault}"),
        "policy_nothing_live": _("Nothing of this pack is in force that a draft could start from."),
        "policy_nothing_newer": _("This release ships nothing of this pack that is newer."),
        "policy_one_begins_later": _(
            "Version {number} of this pack is published and begins later. Wait for it, or let compliance call it off."
        ),
        "policy_no_way_back": _("The way back leads only to a version that rules no more or was called off."),
        "policy_begins_in_the_past": _("That instant has passed. Choose a later one, or publish at once."),
        "policy_begins_too_late": _("A version can be published a year ahead at most."),
        "policy_call_off_reason_missing": _("Say why it is called off."),
        "policy_has_begun": _("Only a version that has not begun can be called off: this one is replaced by another."),
        "policy_rule_changed_meanwhile": _("Somebody else has changed this rule since you opened it."),
        "policy_note_missing": _("Say what changes and why."),
        "simulation.not_yours": _("Only administrators and compliance simulate a version."),
        "simulation.not_in_preparation": _("Only a draft or a submitted version can be simulated."),
        "simulation.days": _("A simulation covers 1 to {most} days."),
        "simulation.another_runs": _(
            "Another simulation of this version is running. Cancel it, or wait until it has ended."
        ),
        "simulation.ended": _("This simulation has ended already."),
    }
)
