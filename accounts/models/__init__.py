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
from accounts.models.complaint import (
    ANSWERED_AS,
    AUTHORITIES,
    COMPLAINT_CLOCKS,
    NOT_DECIDED,
    OPEN_COMPLAINT,
    WAITS_FOR_US,
    Complaint,
    ComplaintCategory,
    ComplaintState,
    ComplaintWay,
    Remedy,
    Ruling,
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
    DisputeDecision,
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
from accounts.models.retention import LineAbout, ReportState, RetentionLine, RetentionReport
from accounts.models.sensitive_note import ConsentWay, SensitiveBasis, SensitiveKind, SensitiveNote, SupportNeed
from accounts.models.setting_change import SettingChange
from accounts.models.skip_trace import CandidateVerdict, SkipTrace, SkipTraceState, TraceCandidate
from accounts.models.staged_row import Origin, RowResult, StagedRow

__all__ = [
    "ANSWERED_AS",
    "AUTHORITIES",
    "CHANNELS_OF",
    "CLOSED_STATES",
    "COMPLAINT_CLOCKS",
    "CREDITOR",
    "DECIDED",
    "DISPUTE_CLOCKS",
    "HOLD_TERMS",
    "IN_FORCE",
    "MORATORIA",
    "NOT_DECIDED",
    "NUMBERS",
    "OPEN_APPROVAL",
    "OPEN_COMPLAINT",
    "OPEN_DISPUTE",
    "OPEN_STATES",
    "OURS_TO_COLLECT",
    "OWES",
    "REACHING",
    "USABLE",
    "WAITS_FOR_US",
    "AccessGrant",
    "Account",
    "AccountAccess",
    "AccountParty",
    "AccountState",
    "AnswerWay",
    "Approval",
    "ApprovalState",
    "Attachment",
    "AuthorityLimit",
    "CandidateVerdict",
    "Capacity",
    "Complaint",
    "ComplaintCategory",
    "ComplaintState",
    "ComplaintWay",
    "Consent",
    "ConsentBasis",
    "ConsentWay",
    "ContactPoint",
    "ContactPointKind",
    "ContactPointStatus",
    "ContactPreference",
    "Dispute",
    "DisputeDecision",
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
    "Remedy",
    "ReportState",
    "RetentionLine",
    "RetentionReport",
    "Reveal",
    "ReversalReason",
    "Role",
    "RowResult",
    "Ruling",
    "Run",
    "SavedMapping",
    "SensitiveBasis",
    "SensitiveKind",
    "SensitiveNote",
    "SettingChange",
    "SkipTrace",
    "SkipTraceState",
    "StagedRow",
    "StateMove",
    "SupportNeed",
    "Team",
    "ToldBy",
    "TraceCandidate",
    "UploadedPiece",
    "User",
    "Workplace",
]
