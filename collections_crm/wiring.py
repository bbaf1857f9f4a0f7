"""Who hears which event, in which order. Handlers run in the publisher's transaction and call services only."""

from __future__ import annotations

from accounts.foundation.domain_events import (
    AccountsChanged,
    AccountsClosed,
    AccountsPlaced,
    ApprovalDecided,
    ArrangementChanged,
    ContactPointChanged,
    ContactRecorded,
    DisputeAnswered,
    DisputeCredited,
    DisputeRaised,
    DisputeWithdrawn,
    HardshipAnswered,
    HardshipTold,
    HoldPlaced,
    HoldReleased,
    PartiesChanged,
    PaymentCleared,
    PaymentPosted,
    PaymentReversed,
    PolicyChanged,
    ReconciliationAsked,
    ReconciliationEnded,
    Wiring,
    wiring,
)
from accounts.services import (  # noqa: F401 - some register what somebody else says yes to
    default_events,
    dispute_outcomes,
    interest,
    nothing_due,
    reconciliation_outcomes,
    reconciliations,
)
from accounts.services.approval_ends import void_of_closed_accounts
from arrangements.services import (  # noqa: F401 - some register what somebody else says yes to
    after_credits,
    hardship_ends,
    hardship_notices,
    hardship_opening,
    keeping,
    promises,
    reageing,
    suspending,
)
from arrangements.services.enforcement import close_cases_of_closed_accounts
from arrangements.services.escalations import follow_decisions
from arrangements.services.reminders import withdraw_outdated, withdraw_reminders
from collections_crm.privacy import erasure, retention  # noqa: F401 - register what somebody else says yes to
from collections_crm.services.dispute_letter import keep_letters
from collections_crm.work import heard
from communications.services import notices
from communications.services.disputed_messages import withdraw_what_asks


def connect(to: Wiring = wiring) -> None:
    """List every handler. Called once, when the top floor starts."""
    to.connect(PaymentPosted, keeping.judge_after_payment, withdraw_outdated)
    to.connect(PaymentCleared, keeping.judge_after_payment)
    to.connect(PaymentReversed, keeping.judge_after_payment)
    to.connect(PaymentPosted, nothing_due.wait_until_due)
    to.connect(PaymentReversed, nothing_due.ask_again)
    to.connect(ApprovalDecided, follow_decisions)
    to.connect(AccountsClosed, promises.cancel_of_closed_accounts)
    to.connect(AccountsClosed, reconciliations.withdraw_of_closed_accounts)
    to.connect(AccountsClosed, void_of_closed_accounts, close_cases_of_closed_accounts)
    to.connect(AccountsClosed, hardship_ends.follow_accounts)
    to.connect(ArrangementChanged, withdraw_reminders, hardship_ends.follow_arrangements)
    to.connect(HoldPlaced, interest.freeze_held)
    to.connect(HoldPlaced, suspending.suspend_held)
    to.connect(HoldReleased, suspending.resume_freed)
    to.connect(HardshipTold, hardship_opening.open_told)
    to.connect(HardshipAnswered, hardship_notices.note_refusals)
    to.connect(DisputeRaised, notices.note_written_disputes, withdraw_what_asks)
    to.connect(DisputeAnswered, notices.note_verifications, keep_letters, after_credits.look_again)
    to.connect(DisputeWithdrawn, notices.note_withdrawals)
    to.connect(DisputeCredited, after_credits.look_again)
    to.connect(ReconciliationAsked, notices.note_reconciliation_requests)
    to.connect(ReconciliationEnded, notices.note_reconciliations)
    to.connect(AccountsChanged, heard.accounts_changed)
    to.connect(AccountsPlaced, heard.accounts_changed)
    to.connect(AccountsClosed, heard.accounts_changed)
    to.connect(HoldPlaced, heard.holds_changed)
    to.connect(HoldReleased, heard.holds_changed)
    to.connect(ContactRecorded, heard.contacts_changed)
    to.connect(ContactPointChanged, heard.contact_points_changed)
    to.connect(PartiesChanged, heard.parties_changed)
    to.connect(PaymentPosted, heard.payments_changed)
    to.connect(PaymentReversed, heard.payments_changed)
    to.connect(ArrangementChanged, heard.arrangements_changed)
    to.connect(PolicyChanged, heard.policy_changed)
