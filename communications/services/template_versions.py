"""Versions of templates: a draft is published once, and never changes afterwards."""

from __future__ import annotations

import re
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import Role, User
from communications.models import Template
from communications.services.templates import KNOWN_FIELDS

FIELD = re.compile(r"\{(\w+)\}")
COPIED = ("code", "channel", "purpose", "jurisdiction", "subject_en", "subject_es", "body_en", "body_es")


@retrying
def publish_template(*, template_id: int, actor: User, now: datetime) -> Template:
    """Put a draft in force. Refuses other roles than admin, one that is published, a missing language, and languages
    that don't use the same fields."""
    template = _enter(template_id, actor)
    if template.published_at is not None:
        raise Refused("template_already_published")
    if not (template.body_en.strip() and template.body_es.strip()):
        raise Refused("template_in_one_language")
    if bool(template.subject_en.strip()) != bool(template.subject_es.strip()):
        raise Refused("template_in_one_language")
    if _fields(template.subject_en, template.body_en) != _fields(template.subject_es, template.body_es):
        raise Refused("template_fields_differ")
    if _fields(template.subject_en, template.body_en) - KNOWN_FIELDS:
        raise Refused("template_field_unknown", fields=", ".join(sorted(KNOWN_FIELDS)))
    template.published_at = now
    template.save(update_fields=["published_at"])
    record("template.publish", subject=template, actor=actor, at=now, codes={"version": template.version})
    return template


@retrying
def next_version(*, template_id: int, actor: User, now: datetime) -> Template:
    """Begin the next version as a copy of this one; a draft that is already begun is answered instead."""
    template = _enter(template_id, actor)
    family = Template.objects.filter(code=template.code, channel=template.channel, jurisdiction=template.jurisdiction)
    if draft := family.filter(published_at__isnull=True).first():
        return draft
    number = family.aggregate(newest=Max("version"))["newest"] + 1
    made = Template.objects.create(version=number, **{name: getattr(template, name) for name in COPIED})
    record("template.draft", subject=made, actor=actor, at=now, codes={"version": number})
    return made


def _enter(template_id: int, actor: User) -> Template:
    if actor.role != Role.ADMIN:
        raise Refused("template_not_your_role")
    return Template.objects.select_for_update(no_key=True, of=("self",)).get(pk=template_id)


def _fields(*texts: str) -> set[str]:
    return {name for text in texts for name in FIELD.findall(text)}


register_sentences(
    {
        "template_already_published": _("A published version never changes: begin the next one."),
        "template_in_one_language": _("Write it in English and in Spanish first."),
        "template_fields_differ": _("English and Spanish must use the same fields in braces."),
        "template_not_your_role": _("Administrators change templates."),
    }
)
