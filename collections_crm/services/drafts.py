"""Started forms, kept on the server so that nothing typed is lost to a closed lid or another language."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.foundation.card_numbers import contains_card_number
from accounts.foundation.errors import Refused, register_sentences
from collections_crm.models import Draft

KEPT_FOR = timedelta(hours=24)
MOST_LETTERS = 20_000

register_sentences(
    {
        "draft.card_number": _("This looks like a card number. Don't write card numbers here."),
        "draft.too_long": _("This text is too long to keep."),
    }
)


@transaction.atomic
def keep_draft(*, user_id: int, key: str, typed: dict[str, Any], now: datetime) -> Draft:
    """Keep what was typed so far in place of the last draft. Refuses card numbers and more than 20,000 letters."""
    typed = {name: _without_nul(value) for name, value in typed.items()}
    written = " ".join(str(value) for value in typed.values())
    if contains_card_number(written):
        raise Refused("draft.card_number")
    if len(written) > MOST_LETTERS:
        raise Refused("draft.too_long")

    draft, _created = Draft.objects.update_or_create(
        user_id=user_id, key=key, defaults={"typed": typed, "saved_at": now}
    )
    return draft


def _without_nul(value: Any) -> Any:
    """What no database keeps is no part of what was typed."""
    return [_without_nul(one) for one in value] if isinstance(value, list) else value.replace("\0", "")


def forget_draft(*, user_id: int, key: str) -> None:
    """The form was saved, or given up. A draft that isn't there is fine."""
    Draft.objects.filter(user_id=user_id, key=key).delete()


def forget_old_drafts(*, now: datetime) -> int:
    """Delete what nobody came back to within a day; how many that was."""
    deleted, _by_model = Draft.objects.filter(saved_at__lt=now - KEPT_FOR).delete()
    return deleted
