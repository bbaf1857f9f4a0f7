"""The sentences of refusals about emergency stops."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import register_sentences

register_sentences(
    {
        "stop_only_by_those_who_answer": _("Only managers, compliance and administrators stop or release contact."),
        "stop_note_missing": _("Say what happened."),
        "stop_covers_one_thing": _("A stop is for everybody, for one country or for one portfolio."),
        "stop_stands_already": _("This is stopped already, by stop {number}."),
        "stop_released_already": _("This stop has been released already."),
        "stop_password_known": _(
            "Whoever released it first set your password less than 30 days ago: the stop stands until somebody else "
            "agrees."
        ),
        "stop_second_person": _("You have released it. It takes a second person: until then the stop stands."),
    }
)
