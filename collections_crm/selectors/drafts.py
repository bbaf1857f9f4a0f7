"""Finding what somebody had typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from collections_crm.models import Draft
from collections_crm.services.drafts import KEPT_FOR


def draft_of(user: Any, key: str, *, now: datetime) -> dict[str, Any]:
    """The values typed into this form within the last day, to be its `initial`; empty when there are none."""
    draft = Draft.objects.filter(user=user, key=key, saved_at__gte=now - KEPT_FOR).first()
    return draft.typed if draft else {}
