"""A form posted twice has the effect of once.

Each writing form carries a key made when the page was drawn. The first use writes a receipt in the same transaction as
its effect; a second use finds it and answers the first result.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction

from accounts.foundation.append_only import append_only


class Receipt(models.Model):
    """What one form did, so that the same form again can be answered with it."""

    key = models.CharField(max_length=64)
    act = models.CharField(max_length=60)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    subject_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "act", "key"], name="receipt_once")]
        triggers = append_only("receipt")

    def __str__(self) -> str:
        return f"{self.act} {self.key}"


def once(*, key: str, act: str, actor: Any, at: datetime, effect: Callable[[], Any]) -> tuple[Any, bool]:
    """Run `effect` the first time the key is seen; answer (subject id, True) then, (the first subject id, False) later.

    Two at the same moment wait for each other on the key, so the second always sees the first one's receipt. `effect`
    returns a model instance, an id or None. A refusal inside it leaves no receipt: a corrected form may be sent again.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"{actor.pk}:{act}:{key}"])
        if done := Receipt.objects.filter(key=key, act=act, actor=actor).first():
            return done.subject_id, False
        subject = effect()
        subject_id = getattr(subject, "pk", subject)
        Receipt.objects.create(key=key, act=act, actor=actor, subject_id=subject_id, at=at)
        return subject_id, True
