"""When the case that an outcome opens is looked at first, told before it is opened."""

from __future__ import annotations

from datetime import date

from accounts.models import COMPLAINT_CLOCKS, Account, HoldKind
from accounts.services.dispute_raising import clocks_of
from arrangements.models import HARDSHIP_CLOCKS


def first_due(hold_kind: str, account: Account, today: date) -> date | None:
    """The day that the law or the firm gives for the first thing, of what was told today; none where the outcome's own
    days count."""
    place = account.portfolio.jurisdiction
    if hold_kind == HoldKind.DISPUTE:
        acknowledge_by, _answer_by = clocks_of(account, today)
        return acknowledge_by
    if hold_kind == HoldKind.COMPLAINT:
        return COMPLAINT_CLOCKS[place].acknowledge_by(today, account.portfolio.country)
    if hold_kind == HoldKind.HARDSHIP:
        return HARDSHIP_CLOCKS[place].decide_by(today)
    return None
