"""Tags of the pages about personal data: `{% load privacy %}`."""

from __future__ import annotations

from django import template
from django.utils.translation import ngettext

from accounts.foundation.errors import Refused
from accounts.retention.periods import title_of
from collections_crm.privacy.kinds import in_words
from communications.models import PolicyRule

register = template.Library()


@register.filter
def ground(code: str) -> str:
    """`{{ erasure.rule|ground }}`: a period or ground in words."""
    return title_of(code)


@register.filter
def values_in_words(counts: dict[str, int]) -> str:
    """`{{ erasure.counts|values_in_words }}`: `messages sent 12, notes 3`."""
    return in_words(counts)


@register.filter
def people_in_words(counts: dict[str, int]) -> str:
    """`{{ counts|people_in_words }}`: `3 people`."""
    number = counts.get("people", 0)
    return ngettext("%(count)s person", "%(count)s people", number) % {"count": f"{number:,}"}


@register.filter
def why_left(code: str) -> str:
    """`{{ line.left_because|why_left }}`: the duty that stood against it."""
    return str(Refused(code, reference="…", until="…"))


@register.filter
def confidence(letter: str) -> str:
    """`{{ period.confidence|confidence }}`: how the source was confirmed."""
    return str(dict(PolicyRule._meta.get_field("confidence").choices)[letter])
