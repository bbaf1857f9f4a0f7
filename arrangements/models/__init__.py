"""What is agreed, and what happens when it is not. One noun a file."""

from arrangements.models.arrangement import (
    LIVE,
    SURVIVES_A_MISS,
    Acceptance,
    Arrangement,
    ArrangementKind,
    ArrangementState,
    Instalment,
    InstalmentState,
    PlanRhythm,
)
from arrangements.models.escalation import (
    OPEN_ESCALATION,
    EnforcementCase,
    EnforcementKind,
    EnforcementState,
    Escalation,
    EscalationKind,
    EscalationState,
)

__all__ = [
    "LIVE",
    "OPEN_ESCALATION",
    "SURVIVES_A_MISS",
    "Acceptance",
    "Arrangement",
    "ArrangementKind",
    "ArrangementState",
    "EnforcementCase",
    "EnforcementKind",
    "EnforcementState",
    "Escalation",
    "EscalationKind",
    "EscalationState",
    "Instalment",
    "InstalmentState",
    "PlanRhythm",
]
