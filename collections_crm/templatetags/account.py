"""Tags of the account page: `{% load account %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.safestring import SafeString

from accounts.foundation.users import User
from accounts.models import Hold, Product
from accounts.services.reveals import RevealReason
from collections_crm.pages.account_panels import panels_of
from collections_crm.selectors.timeline import Happening
from collections_crm.selectors.timeline_words import told as told_in_words
from collections_crm.services.holds_by_hand import may_lift
from collections_crm.templatetags.crm import VERDICT_CLASSES
from collections_crm.ui import words

register = template.Library()


@register.simple_tag(takes_context=True)
def panels(context: template.Context, slot: str) -> str:
    """`{% panels "resolve" %}`: what other rooms bring to this slot."""
    outer = context.flatten()
    parts = panels_of(outer["page"], slot)
    return SafeString("".join(get_template(name).template.render(context.new(outer | own)) for name, own in parts))


@register.simple_tag(takes_context=True)
def part_if_any(context: template.Context, name: str, **own: Any) -> str:
    """`{% part_if_any "contact/partials/_call_button.html" point=point %}`: the part, when this house has that room."""
    try:
        found = get_template(name)
    except TemplateDoesNotExist:
        return ""
    return found.template.render(context.new(context.flatten() | own))


@register.filter
def told(happening: Happening) -> tuple[str, str]:
    """(headline, detail) of a line of the timeline."""
    return told_in_words(happening)


@register.simple_tag
def verdict_class(verdict: str) -> str:
    """The class of a small badge for one channel."""
    return VERDICT_CLASSES[verdict]


@register.filter
def named(product: Product) -> str:
    """A product in the reader's language."""
    return product.name_es if words.in_spanish() else product.name_en


@register.simple_tag
def reveal_reasons() -> list[tuple[str, str]]:
    """Why a masked value may be looked at."""
    return RevealReason.choices


@register.filter
def may_be_lifted_by(hold: Hold, user: User) -> bool:
    return may_lift(user, hold)
