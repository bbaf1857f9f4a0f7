"""Who looked at what: pages opened are written down, and a masked value is shown in full for a reason that is, too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.locks import retrying
from accounts.foundation.users import User
from accounts.models import AccountAccess, ContactPoint, Reveal

register_sentences({"reveal.no_reason": _("Say why you need to see it.")})


class RevealReason(models.TextChoices):
    CONFIRM = "confirm", _("to confirm it with the customer")
    CORRECT = "correct", _("to check or correct it")
    ELSEWHERE = "elsewhere", _("to use it outside this system, as agreed")


def note_access(*, account_ids: Sequence[int], page: str, actor: User, now: datetime) -> None:
    """Write down that somebody opened a page about these accounts. `page` is the name of its address."""
    for pk in account_ids:
        # Nearly always one: a row by itself needs no transaction around it, which a bulk insert would open.
        AccountAccess.objects.create(user=actor, account_id=pk, page=page[:40], at=now)


@retrying
def reveal_contact_point(
    *, account_id: int, contact_point_id: int, reason: str, actor: User, now: datetime
) -> ContactPoint:
    """The contact point, whose value may now be shown to this person for a minute. Refuses without a known reason."""
    if reason not in RevealReason.values:
        raise Refused("reveal.no_reason")
    point = ContactPoint.objects.get(pk=contact_point_id, erased_on=None, party__account_parties__account_id=account_id)
    Reveal.objects.create(
        user=actor,
        account_id=account_id,
        subject_type="contactpoint",
        subject_id=point.pk,
        field="value",
        reason=reason,
        at=now,
    )
    return point
