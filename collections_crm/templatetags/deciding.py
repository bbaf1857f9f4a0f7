"""Words about requests: `{% load deciding %}`."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from accounts.foundation.approvals import Approval
from accounts.services.approval_kinds import Authority, kind_of
from collections_crm.ui.words import money

register = template.Library()


@register.filter
def approval_label(approval: Approval) -> str:
    """`{{ approval|approval_label }}`: what kind of request it is."""
    return str(kind_of(approval.kind).label)


@register.simple_tag
def authority_words(authority: Authority, currency: str) -> str:
    """`{% authority_words authority currency %}`: what is asked against how far the person may go."""
    if authority.unit == "amount":
        asked, limit = money(authority.asked, currency), money(authority.limit, currency)
    else:
        asked, limit = authority.in_words(authority.asked), authority.in_words(authority.limit)
    if authority.at_least:
        return _("%(asked)s asked, %(limit)s the least allowed") % {"asked": asked, "limit": limit}
    return _("%(asked)s asked, %(limit)s allowed") % {"asked": asked, "limit": limit}
