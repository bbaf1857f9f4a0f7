"""Cases raised or corrected together with a new file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.foundation.locks import retrying
from accounts.foundation.users import User
from accounts.services.attachments import keep_file
from accounts.services.door import lock_account_with_people
from arrangements.models import Escalation
from arrangements.services.escalations import correct_escalation, raise_escalation


@retrying
def raise_with_file(
    *, account_id: int, upload: Any, evidence: Iterable[int], actor: User, now: datetime, **asked: Any
) -> Escalation:
    """Keep the file, when there is one, and raise the case with it. When the case is refused, the file isn't kept."""
    lock_account_with_people(account_id)
    evidence = _with(upload, account_id, evidence, actor, now)
    return raise_escalation(account_id=account_id, evidence=evidence, actor=actor, now=now, **asked)


@retrying
def correct_with_file(
    *, escalation_id: int, upload: Any, evidence: Iterable[int], actor: User, now: datetime, **asked: Any
) -> Escalation:
    """The same for a case that came back."""
    account_id = Escalation.objects.values_list("account_id", flat=True).get(pk=escalation_id)
    lock_account_with_people(account_id)
    evidence = _with(upload, account_id, evidence, actor, now)
    return correct_escalation(escalation_id=escalation_id, evidence=evidence, actor=actor, now=now, **asked)


def _with(upload: Any, account_id: int, evidence: Iterable[int], actor: User, now: datetime) -> list[int]:
    ids = [int(pk) for pk in evidence]
    if upload is None:
        return ids
    kept = keep_file(
        account_id=account_id, kind="evidence", name=upload.name, content=upload.read(), actor=actor, now=now
    )
    return sorted({*ids, kept.pk})
