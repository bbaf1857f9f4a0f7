"""The paper that a refused hardship case leaves: enforcement waits from the day on which it was sent."""

from __future__ import annotations

from accounts.foundation.domain_events import HardshipAnswered
from accounts.foundation.users import User
from accounts.models import Jurisdiction
from arrangements.models import HardshipCase
from communications.services.notices import record_first_notice


def note_refusals(event: HardshipAnswered) -> None:
    """In Australia nothing is enforced for 14 days from the refusal (National Credit Code s89A): the gate waits."""
    cases = HardshipCase.objects.filter(pk__in=event.ids, account__portfolio__jurisdiction=Jurisdiction.AU)
    actor = User.objects.filter(pk=event.actor_id).first()
    for case in cases.order_by("pk"):
        if case.answered_on is not None:
            record_first_notice(
                account_id=case.account_id, kind="hardship_refused", sent_on=case.answered_on, actor=actor, now=event.at
            )
