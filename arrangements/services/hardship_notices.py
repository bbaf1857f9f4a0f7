"""The papers that a hardship case leaves when it isn't helped: enforcement waits from that day on."""

from __future__ import annotations

from accounts.foundation.domain_events import HardshipAnswered
from accounts.foundation.users import User
from accounts.models import Jurisdiction
from accounts.services.accounts import today_of
from arrangements.models import HardshipCase
from arrangements.services.hardship_door import debts_of
from communications.services.notices import record_first_notice


def note_refusals(event: HardshipAnswered) -> None:
    """In Australia nothing is enforced for 14 days from the refusal (National Credit Code s89A), on any debt of the
    person there: the gate waits. A notice that the customer withdrew is waited out as long."""
    cases = HardshipCase.objects.filter(pk__in=event.ids, jurisdiction=Jurisdiction.AU).select_related("party")
    actor = User.objects.filter(pk=event.actor_id).first()
    for case in cases.select_related("account__portfolio").order_by("pk"):
        sent_on = case.answered_on or today_of(case.account, event.at)
        for account_id in debts_of(case).values_list("pk", flat=True):
            record_first_notice(
                account_id=account_id, kind="hardship_refused", sent_on=sent_on, actor=actor, now=event.at
            )
