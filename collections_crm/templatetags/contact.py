"""Tags of the forms that begin a call: `{% load contact %}`."""

from __future__ import annotations

from uuid import uuid4

from django import template

from accounts.models import PartyRole

register = template.Library()


@register.simple_tag
def form_key() -> str:
    """A key for one drawing of a small form, so that sending it twice acts once."""
    return str(uuid4())


@register.simple_tag
def caller_roles() -> list[tuple[str, str]]:
    """Who may be calling: value and words."""
    return PartyRole.choices
