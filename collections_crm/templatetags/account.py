"""Tags of the account page: `{% load account %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.defaultfilters import linebreaksbr
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.foundation.users import User
from accounts.models import Account, Hold, Party, Product
from accounts.placements.reasons import reason_words
from accounts.services.reveals import RevealReason
from collections_crm.pages.account_panels import panels_of
from collections_crm.selectors.timeline import Happening
from collections_crm.selectors.timeline_words import told as told_in_words
from collections_crm.services.holds_by_hand import may_lift
from collections_crm.templatetags.crm import VERDICT_CLASSES, ago
from collections_crm.ui import words
from collections_crm.ui.erased import name_of, tombstone
from collections_crm.ui.prepared import drawn_row

register = template.Library()


@register.simple_tag(takes_context=True)
def panels(context: template.Context, slot: str) -> str:
    """`{% panels "resolve" %}`: what other rooms bring to this slot."""
    return SafeString("".join(_panel(context, *part) for part in panels_of(context["page"], slot)))


def _panel(context: template.Context, name: str, own: dict[str, Any]) -> str:
    with context.push(**own):
        return get_template(name).template.render(context)


class _Line:
    """A line of the timeline as its template shows it."""

    def __init__(self, happening: Happening, account: Account) -> None:
        self.when = ago(happening.at)
        self.head, detail = told_in_words(happening)
        self.detail = linebreaksbr(detail)
        self.by = happening.by
        self.is_file = happening.source == "file" and not happening.facts["erased"]
        self.decided = bool(happening.facts.get("decision"))
        self.url = ""
        if self.is_file:
            self.url = reverse("account-file", args=[account.reference, happening.id])
        elif self.decided:
            self.url = reverse("decision", args=[happening.facts["decision"]])


@register.simple_tag
def happenings(rows: list[Happening], account: Account) -> SafeString:
    """`{% happenings history.rows account %}`: the lines of the timeline."""
    return SafeString("".join(_drawn(happening, account) for happening in rows))


def _drawn(happening: Happening, account: Account) -> str:
    line = _Line(happening, account)
    return drawn_row(
        "account/partials/_happening.html",
        line,
        by=bool(line.by),
        decided=line.decided,
        is_file=line.is_file,
        is_note=happening.source == "note",
    )


@register.filter
def told(happening: Happening) -> tuple[str, str]:
    """(headline, detail) of a line of the timeline."""
    return told_in_words(happening)


@register.filter
def in_words(status: str) -> str:
    """The creditor's status; those of the shipped mappings have words of ours."""
    return reason_words(status)


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
def party_name(party: Party) -> str:
    """`{{ party|party_name }}`: the name, or what stands in its place."""
    return name_of(party)


@register.filter
def tombstone_of(row: Any) -> str:
    """`{{ note|tombstone_of }}`: when and under which rule a row was blanked."""
    return tombstone(row.erased_on, row.erased_under)


@register.filter
def may_be_lifted_by(hold: Hold, user: User) -> bool:
    return may_lift(user, hold)
