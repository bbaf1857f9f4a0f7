"""The sentences of refusals about messages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import register_sentences

register_sentences(
    {
        "message_of_what_is_disputed": _("All that is due is in dispute: nothing is written about what is due."),
        "no_published_template": _("There is no published template for this. An administrator must publish one."),
        "contact_point_not_usable": _("This way to reach the customer is not in use any more. Choose another."),
        "message_already_resolved": _("Somebody said already what became of this message."),
        "template_field_unknown": _("A field in braces is unknown. These can be filled: {fields}."),
    }
)
