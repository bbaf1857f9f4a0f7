"""Every contact, allowed or refused. One noun a file."""

from communications.models.contact import (
    AccountContact,
    Contact,
    ContactState,
    Direction,
    FirstNotice,
    Origin,
    VerificationTry,
)
from communications.models.decision import CONTACT_ALLOWED, PolicyDecision, Verdict
from communications.models.message import LocalMail, Message, MessageState, ReceivedText, Template
from communications.models.outcome import Outcome, Reached
from communications.models.policy import PolicyPack, PolicyRule, PolicyVersion, VersionState
from communications.models.policy_simulation import PolicySimulation, SimulatedChange, SimulationState
from communications.models.stop import ContactStop, StopCause, StopState
from communications.models.verification import UnlockReason, VerificationUnlock

__all__ = [
    "CONTACT_ALLOWED",
    "AccountContact",
    "Contact",
    "ContactState",
    "ContactStop",
    "Direction",
    "FirstNotice",
    "LocalMail",
    "Message",
    "MessageState",
    "Origin",
    "Outcome",
    "PolicyDecision",
    "PolicyPack",
    "PolicyRule",
    "PolicySimulation",
    "PolicyVersion",
    "Reached",
    "ReceivedText",
    "SimulatedChange",
    "SimulationState",
    "StopCause",
    "StopState",
    "Template",
    "UnlockReason",
    "Verdict",
    "VerificationTry",
    "VerificationUnlock",
    "VersionState",
]
