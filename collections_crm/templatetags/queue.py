"""Tags of the queue page: `{% load queue %}`."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from collections_crm.selectors.queue_rows import Row
from collections_crm.ui.prepared import drawn_row

register = template.Library()


@register.simple_tag
def queue_rows(rows: list[Row], ticking: bool) -> SafeString:
    """`{% queue_rows page.rows ticking=True %}`: the rows of the list, with a box to tick for who gives them away."""
    drawn = (
        drawn_row(
            "queue/partials/_row.html", row, ticking=ticking, missed=row.missed, with_somebody=bool(row.with_whom)
        )
        for row in rows
    )
    return SafeString("".join(drawn))
