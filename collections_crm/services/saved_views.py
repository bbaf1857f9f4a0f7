"""Keeping a person's own views of the queue."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.db import transaction

from collections_crm.models import SavedView

KEPT = {"tab", "whose", "portfolio", "bucket", "product", "language", "channel", "amount"}


@transaction.atomic
def save_view(*, user_id: int, name: str, query: str) -> SavedView:
    """Keep tab and filters under a name; the same name again replaces them. What isn't a filter is left out."""
    kept = [(key, value) for key, value in parse_qsl(query) if key in KEPT]
    view, _made = SavedView.objects.update_or_create(
        user_id=user_id, name=name.strip(), defaults={"query": urlencode(kept)[:400]}
    )
    return view


@transaction.atomic
def drop_view(*, user_id: int, view_id: UUID) -> None:
    """Forget a view of one's own. One that isn't there is fine."""
    SavedView.objects.filter(user_id=user_id, pk=view_id).delete()
