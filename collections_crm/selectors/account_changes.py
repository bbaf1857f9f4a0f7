"""What happened to an account since a page of it was drawn."""

from __future__ import annotations

from django.db.models import Max

from accounts.foundation.errors import StaleRecord
from accounts.foundation.users import User
from accounts.models import Account, Event
from collections_crm.selectors.timeline import Happening
from collections_crm.selectors.timeline_words import told


def version_of(account_id: int) -> int:
    """The id of the account's latest event."""
    return Event.objects.filter(account_id=account_id).aggregate(latest=Max("pk"))["latest"] or 0


def changes_since(account: Account, version: int, *, by_others_than: User | None = None) -> list[Happening]:
    """Events after a version, newest first, those of the asking person left out. At most ten."""
    events = Event.objects.filter(account=account, pk__gt=version).select_related("actor")
    if by_others_than is not None:
        events = events.exclude(actor=by_others_than)
    return [
        Happening(e.at, "event", e.pk, e.actor.username if e.actor else "", _facts(e))
        for e in events.order_by("-pk")[:10]
    ]


def _facts(event: Event) -> dict:
    return {"kind": event.kind, "reason": event.reason, "codes": event.codes}


def refuse_stale(account: Account, version: int | None, *, by_others_than: User) -> None:
    """Refuse a save over a change of somebody else: the refusal says what changed, and by whom."""
    if version is None:
        return
    news = changes_since(account, version, by_others_than=by_others_than)
    if news:
        raise StaleRecord("account.changed_meanwhile", what=said(news[0]), who=news[0].by or "-")


def said(happening: Happening) -> str:
    head, detail = told(happening)
    return f"{head}: {detail}" if detail else head
