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
from arrangements.models.budget import (
    GROUPS,
    PER_MONTH,
    Budget,
    BudgetCategory,
    BudgetGroup,
    BudgetLine,
    BudgetPeriod,
    Household,
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
    "GROUPS",
    "LIVE",
    "OPEN_ESCALATION",
    "PER_MONTH",
    "SURVIVES_A_MISS",
    "Acceptance",
    "Arrangement",
    "ArrangementKind",
    "ArrangementState",
    "Budget",
    "BudgetCategory",
    "BudgetGroup",
    "BudgetLine",
    "BudgetPeriod",
    "EnforcementCase",
    "EnforcementKind",
    "EnforcementState",
    "Escalation",
    "EscalationKind",
    "EscalationState",
    "Household",
    "Instalment",
    "InstalmentState",
    "PlanRhythm",
]
