"""Who owes what and why. One noun a file."""

from accounts.foundation.approvals import OPEN_APPROVAL, Approval, ApprovalState
from accounts.foundation.events import Event
from accounts.foundation.receipts import Receipt
from accounts.foundation.runs import Run
from accounts.foundation.states import StateMove
from accounts.foundation.users import Language, Role, Team, User
from accounts.models.access import AccountAccess, Reveal
from accounts.models.account import (
    CLOSED_STATES,
    OPEN_STATES,
    OURS_TO_COLLECT,
    AccessGrant,
    Account,
    AccountState,
    NextKind,
)
from accounts.models.advance import (
    DEFAULT_FACTS,
    AdvanceTerms,
    DefaultEvent,
    DefaultFact,
    RemittanceRhythm,
    TermsReason,
    calendar_of,
)
from accounts.models.contact_point import (
    CHANNELS_OF,
    NUMBERS,
    REACHING,
    USABLE,
    Consent,
    ConsentBasis,
    ContactPoint,
    ContactPointKind,
    ContactPointStatus,
    LineType,
    Provenance,
)
from accounts.models.contact_preference import ContactPreference, EmployerStance, ToldBy, Workplace
from accounts.models.dispute import (
    DECIDED,
    DISPUTE_CLOCKS,
    OPEN_DISPUTE,
    AnswerWay,
    Dispute,
    DisputeKind,
    DisputeState,
    EvidenceFrom,
)
from accounts.models.due_item import DueItem
from accounts.models.erasure import Erasure
from accounts.models.follow_up import Attachment, FollowUp, Note
from accounts.models.hold import HOLD_TERMS, IN_FORCE, MORATORIA, Hold, HoldKind, HoldScope, HoldState
from accounts.models.ledger import EntryKind, LedgerEntry
from accounts.models.limitation import LimitationAct, LimitationActKind
from accounts.models.party import OWES, AccountParty, Party, PartyKind, PartyRole
from accounts.models.payment import Payment, PaymentMethod, PaymentState, ReversalReason
from accounts.models.placement import Placement, PlacementState, SavedMapping, UploadedPiece
from accounts.models.portfolio import CREDITOR, AuthorityLimit, Capacity, Jurisdiction, Portfolio, Product, ProductKind
from accounts.models.reconciliation import (
    UNDECIDED_RECONCILIATION,
    MerchantReceipt,
    MerchantStatement,
    Reconciliation,
    ReconciliationState,
)
from accounts.models.retention import LineAbout, ReportState, RetentionLine, RetentionReport
from accounts.models.sensitive_note import ConsentWay, SensitiveBasis, SensitiveKind, SensitiveNote, SupportNeed
from accounts.models.skip_trace import CandidateVerdict, SkipTrace, SkipTraceState, TraceCandidate
from accounts.models.staged_row import Origin, RowResult, StagedRow

__all__ = [
    "CHANNELS_OF",
    "CLOSED_STATES",
    "CREDITOR",
    "DECIDED",
    "DEFAULT_FACTS",
    "DISPUTE_CLOCKS",
    "HOLD_TERMS",
    "IN_FORCE",
    "MORATORIA",
    "NUMBERS",
    "OPEN_APPROVAL",
    "OPEN_DISPUTE",
    "OPEN_STATES",
    "OURS_TO_COLLECT",
    "OWES",
    "REACHING",
    "UNDECIDED_RECONCILIATION",
    "USABLE",
    "AccessGrant",
    "Account",
    "AccountAccess",
    "AccountParty",
    "AccountState",
    "AdvanceTerms",
    "AnswerWay",
    "Approval",
    "ApprovalState",
    "Attachment",
    "AuthorityLimit",
    "CandidateVerdict",
    "Capacity",
    "Consent",
    "ConsentBasis",
    "ConsentWay",
    "ContactPoint",
    "ContactPointKind",
    "ContactPointStatus",
    "ContactPreference",
    "DefaultEvent",
    "DefaultFact",
    "Dispute",
    "DisputeKind",
    "DisputeState",
    "DueItem",
    "EmployerStance",
    "EntryKind",
    "Erasure",
    "Event",
    "EvidenceFrom",
    "FollowUp",
    "Hold",
    "HoldKind",
    "HoldScope",
    "HoldState",
    "Jurisdiction",
    "Language",
    "LedgerEntry",
    "LimitationAct",
    "LimitationActKind",
    "LineAbout",
    "LineType",
    "MerchantReceipt",
    "MerchantStatement",
    "NextKind",
    "Note",
    "Origin",
    "Party",
    "PartyKind",
    "PartyRole",
    "Payment",
    "PaymentMethod",
    "PaymentState",
    "Placement",
    "PlacementState",
    "Portfolio",
    "Product",
    "ProductKind",
    "Provenance",
    "Receipt",
    "Reconciliation",
    "ReconciliationState",
    "RemittanceRhythm",
    "ReportState",
    "RetentionLine",
    "RetentionReport",
    "Reveal",
    "ReversalReason",
    "Role",
    "RowResult",
    "Run",
    "SavedMapping",
    "SensitiveBasis",
    "SensitiveKind",
    "SensitiveNote",
    "SkipTrace",
    "SkipTraceState",
    "StagedRow",
    "StateMove",
    "SupportNeed",
    "Team",
    "TermsReason",
    "ToldBy",
    "TraceCandidate",
    "UploadedPiece",
    "User",
    "Workplace",
    "calendar_of",
]
