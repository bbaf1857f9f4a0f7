"""What is agreed, and what happens when it is not. One noun a file."""

from arrangements.models.arrangement import (
    LIVE,
    Arrangement,
    ArrangementKind,
    ArrangementState,
    Instalment,
    InstalmentState,
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
]
