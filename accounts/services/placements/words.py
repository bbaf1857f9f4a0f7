"""Sentences of the refusals of placing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import register_sentences

register_sentences(
    {
        "placement.no_such_mapping": _("There is no mapping {mapping}. Known: {known}."),
        "placement.mapping_is_shipped": _(
            "{mapping} comes with the product and can't be replaced. Choose another name."
        ),
        "placement.already_read": _(
            "This file was read already, or is being read just now. To read it another way, cancel its placement first."
        ),
        "placement.too_late_to_cancel": _("The accounts are being loaded or are live; recall them instead."),
        "placement.not_checked": _("The placement is not ready to be loaded."),
        "placement.nothing_to_place": _("No row of this file would be placed."),
        "placement.another_is_loading": _(
            "Another placement of this portfolio is being loaded. Try again when it is live."
        ),
        "placement.totals_disagree": _("The rows add up to {found}, the columns of the file to {expected}."),
        "placement.book_disagrees": _("The book holds {found}, the placed rows {expected}. Nothing went live."),
    }
)
