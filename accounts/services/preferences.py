"""What a person chooses for themselves: language, keyboard."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.users import Language, User

register_sentences({"preferences.unknown_language": _("There is no such language.")})


@transaction.atomic
def choose_language(*, user_id: int, language: str) -> None:
    """Every page is in this language for the person from now on. Refuses one that we don't have."""
    if language not in Language.values:
        raise Refused("preferences.unknown_language")
    User.objects.filter(pk=user_id).update(language=language)


@transaction.atomic
def switch_single_keys(*, user_id: int, on: bool) -> None:
    """Single letters act, or don't: some people's speech or hands press letters that they don't mean."""
    User.objects.filter(pk=user_id).update(single_key_shortcuts=on)
