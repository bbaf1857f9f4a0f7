"""Everything that the page to decide from shows about one request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.foundation.approvals import Approval, ApprovalState
from accounts.foundation.errors import Refused
from accounts.foundation.users import User
from accounts.models import Account, Attachment, Hold, PartyRole
from accounts.services.approval_kinds import ApprovalKind, Authority, Check, kind_of
from accounts.services.approval_words import ending_in_words
from accounts.services.approvals import held_by_another, plain, refuse_decider, refuse_person, terms_changed
from arrangements.models import Escalation, EscalationKind
from arrangements.services.escalation_kinds.catalogue import CASE_KINDS
from collections_crm.selectors.account_circumstances import Figures, HistoryLine, figures_of, history_of, holds_of
from collections_crm.selectors.alternatives import alternatives_to
from collections_crm.selectors.approvals import (
    OPEN,
    authority_when_decided,
    checks_when_decided,
    failure_of,
    who_may_decide,
)
from collections_crm.selectors.prospects import Prospect, prospect_of
from collections_crm.selectors.terms_in_words import TermLine, changed_lines, term_lines

DECIDING = [ApprovalState.REQUESTED, ApprovalState.CLAIMED]


@dataclass(frozen=True)
class Decision:
    """One request as one person sees it now. `refusal` says why this person can't decide it, if so."""

    approval: Approval
    user: User
    now: datetime

    @property
    def kind(self) -> ApprovalKind:
        return kind_of(self.approval.kind)

    @property
    def account(self) -> Account | None:
        return self.approval.account

    @cached_property
    def escalation(self) -> Escalation | None:
        if self.approval.subject_type != "escalation":
            return None
        return Escalation.objects.select_related("note", "raised_by", "account").get(pk=self.approval.subject_id)

    @property
    def reason(self) -> str:
        if self.escalation is None:
            return ""
        return str(CASE_KINDS[self.escalation.kind].reasons(self.escalation.reason_code).label)

    @cached_property
    def refusal(self) -> Refused | None:
        return _refusal(refuse_decider, self.approval, self.user, self.now)

    @cached_property
    def not_theirs(self) -> Refused | None:
        """Why this person may decide nothing about it, whatever its state: they raised it, their role, their team."""
        return _refusal(refuse_person, self.approval, self.user, self.now)

    @property
    def is_waiting(self) -> bool:
        return self.approval.state in DECIDING and self.approval.expires_at > self.now

    @property
    def is_mine(self) -> bool:
        return self.approval.maker_id == self.user.pk

    @cached_property
    def changed(self) -> bool:
        open_states = [*DECIDING, ApprovalState.EXECUTION_FAILED]
        return self.approval.state in open_states and terms_changed(self.approval)

    @property
    def terms(self) -> list[TermLine]:
        return term_lines(self.approval.terms, self.approval.currency)

    @property
    def difference(self) -> list[TermLine]:
        return changed_lines(self.approval.terms, plain(self.kind.terms_now(self.approval)), self.approval.currency)

    @property
    def is_open(self) -> bool:
        return self.approval.state in OPEN

    @cached_property
    def checks(self) -> list[Check]:
        """As they stand now while it can be decided, and as they stood then once it was."""
        return self.kind.checker(self.approval, self.now) if self.is_open else checks_when_decided(self.approval)

    @property
    def failure(self) -> Refused | None:
        """Why it could not be carried out, while that is where it stands."""
        return failure_of(self.approval) if self.approval.state == ApprovalState.EXECUTION_FAILED else None

    @property
    def ending(self) -> str:
        """Why it was declined, returned or ended, in words."""
        return ending_in_words(self.approval.decision_code)

    @property
    def failed(self) -> list[Check]:
        return [check for check in self.checks if not check.holds]

    @cached_property
    def authority(self) -> Authority | None:
        return self.kind.authority(self.approval, self.user)

    @property
    def authority_then(self) -> Authority | None:
        """How far whoever approved it might go, as it was written down."""
        return None if self.is_open else authority_when_decided(self.approval)

    @property
    def within_limit(self) -> bool:
        return self.authority is None or self.authority.suffices

    @property
    def may_refuse(self) -> bool:
        return self.refusal is None

    @property
    def may_approve(self) -> bool:
        return self.may_refuse and self.within_limit and not self.changed and not self.failed

    @property
    def may_set_aside(self) -> bool:
        return self.changed and self.not_theirs is None

    @property
    def may_try_again(self) -> bool:
        if self.approval.state != ApprovalState.EXECUTION_FAILED or self.changed or self.failed:
            return False
        return self.within_limit and self.not_theirs is None

    @property
    def may_withdraw(self) -> bool:
        return self.is_mine and self.approval.state in [*DECIDING, ApprovalState.RETURNED]

    @property
    def claimed_by_me(self) -> bool:
        return self.approval.state == ApprovalState.CLAIMED and self.approval.checker_id == self.user.pk

    @property
    def claimed_by_other(self) -> bool:
        return held_by_another(self.approval, self.user, self.now)

    @property
    def may_claim(self) -> bool:
        return self.may_refuse and not self.claimed_by_me

    @cached_property
    def holds(self) -> list[Hold]:
        return holds_of(self.account) if self.account else []

    @property
    def history(self) -> list[HistoryLine]:
        return history_of(self.account, limit=10) if self.account else []

    @cached_property
    def figures(self) -> Figures | None:
        return figures_of(self.account, self.now) if self.account else None

    @property
    def customer(self) -> str:
        """The name of who owes first, as on the account's page."""
        primary = self.account.account_parties.filter(role=PartyRole.PRIMARY).first() if self.account else None
        return (primary.party.name if primary else "") or _("name not supplied")

    @property
    def prospect(self) -> Prospect | None:
        """What a case costs and may bring; an exception to a contact rule has neither."""
        if self.escalation is None or self.figures is None:
            return None
        return prospect_of(self.escalation, self.approval.amount, self.figures)

    @property
    def alternatives(self) -> list[str]:
        """Milder ways to be paid, where payment is what the request is about."""
        is_about_money = self.escalation is not None and self.escalation.kind != EscalationKind.FRAUD
        return alternatives_to(self.approval, self.user) if is_about_money else []

    @property
    def evidence(self) -> list[Attachment]:
        return list(self.escalation.evidence.defer("content")) if self.escalation else []

    @cached_property
    def others(self) -> list[User]:
        """Who else could say yes to it as it stands."""
        return [one for one in who_may_decide(self.approval) if one.pk != self.user.pk]


def _refusal(ask: Any, *given: Any) -> Refused | None:
    try:
        ask(*given)
    except Refused as refusal:
        return refusal
    return None
