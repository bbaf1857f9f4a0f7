"""Tags of the forms that begin a call: `{% load contact %}`."""

from __future__ import annotations

from uuid import uuid4

from django import template

from accounts.foundation.approvals import Approval
from accounts.models import PartyRole
from communications.models import PolicyDecision, Verdict
from communications.selectors.messages import unsent_in_words
from communications.selectors.told_reasons import ToldReason, told_reasons

register = template.Library()


@register.simple_tag
def stands_against(approval: Approval) -> list[ToldReason]:
    """What the gate had against the contact for which an exception is asked."""
    asked = PolicyDecision.objects.filter(actor=approval.maker, contact_point_id=approval.subject_id)
    held_back = asked.filter(verdict=Verdict.NEEDS_OVERRIDE, at__lte=approval.requested_at).first()
    return told_reasons(held_back) if held_back else []


@register.simple_tag
def form_key() -> str:
    """A key for one drawing of a small form, so that sending it twice acts once."""
    return str(uuid4())


@register.filter
def why_not_sent(code: str) -> str:
    return unsent_in_words(code)


@register.simple_tag
def caller_roles() -> list[tuple[str, str]]:
    """Who may be calling: value and words."""
    return PartyRole.choices
