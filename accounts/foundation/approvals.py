"""Approval: somebody else's yes to exact terms. Every floor uses this one."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMModelMixin, transition

from accounts.foundation.append_only import fixed, kept
from accounts.foundation.digests import digest
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.money import amount_field
from accounts.foundation.states import begins, state_field, state_trigger


class ApprovalState(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("approval", "requested")
    CLAIMED = "claimed", pgettext_lazy("approval", "being decided")
    APPROVED = "approved", pgettext_lazy("approval", "approved")
    EXECUTED = "executed", pgettext_lazy("approval", "carried out")
    EXECUTION_FAILED = "execution_failed", pgettext_lazy("approval", "could not be carried out")
    DECLINED = "declined", pgettext_lazy("approval", "declined")
    RETURNED = "returned", pgettext_lazy("approval", "returned for correction")
    WITHDRAWN = "withdrawn", pgettext_lazy("approval", "withdrawn")
    EXPIRED = "expired", pgettext_lazy("approval", "expired")
    VOIDED = "voided", pgettext_lazy("approval", "voided")


OPEN_APPROVAL = [ApprovalState.REQUESTED, ApprovalState.CLAIMED]
S = ApprovalState
_ASKED_AGAIN = "(OLD.state = 'returned' AND NEW.state = 'requested')"
_ENDED = "OLD.state IN ('executed', 'declined', 'withdrawn', 'expired', 'voided')"


class Approval(FSMModelMixin, models.Model):
    """A request that another person say yes to exact terms, and what came of it.

    `terms` are codes, ids, amounts and dates; `terms_digest` is their keyed digest, recomputed under the lock when the
    act is carried out. The maker can never be the checker: the database says so too. `answer` is the sentence to the
    maker that goes with a refusal or a return.
    """

    kind = models.CharField(_("kind"), max_length=40)
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="approvals")
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    terms = models.JSONField(_("terms"))
    terms_digest = models.CharField(max_length=64)
    amount = amount_field(null=True)
    currency = models.CharField(max_length=3, blank=True)
    state = state_field(ApprovalState, ApprovalState.REQUESTED, verbose_name=_("state"))
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="approvals_made")
    checker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="approvals_checked")
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_code = models.CharField(max_length=60, blank=True)
    answer = models.ForeignKey("accounts.Note", models.PROTECT, null=True, related_name="+")

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["requested_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ApprovalState.values), name="approval_state_known"),
            models.CheckConstraint(
                condition=Q(checker__isnull=True) | ~Q(checker=F("maker")), name="approval_maker_is_not_checker"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[S.CLAIMED, S.APPROVED, S.EXECUTED, S.EXECUTION_FAILED, S.DECLINED, S.RETURNED])
                | Q(checker__isnull=False),
                name="approval_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id"],
                condition=Q(state__in=OPEN_APPROVAL),
                name="approval_one_open_per_subject",
            ),
        ]
        indexes = [models.Index(fields=["state", "requested_at"], name="approval_inbox")]
        triggers = [
            state_trigger("accounts_approval"),
            begins("accounts_approval", S.REQUESTED),
            *kept("approval"),
            fixed("approval", "maker_id", "account_id", "subject_type", "subject_id", "kind"),
            # By whom it was decided. A returned request is corrected and asked again.
            fixed("approval_decided", "checker_id", once=f"OLD.decided_at IS NOT NULL AND NOT {_ASKED_AGAIN}"),
            fixed(
                "approval_decided_at",
                "decided_at",
                once="OLD.decided_at IS NOT NULL AND NOT (OLD.state = 'returned' AND NEW.state <> 'returned')",
            ),
            fixed("approval_ended", "decision_code", "answer_id", once=_ENDED),
            fixed("approval_term", "requested_at", "expires_at", once=f"NOT {_ASKED_AGAIN}"),
            # Nobody is asked for one thing and shown another.
            fixed("approval_asked", "terms", "terms_digest", "amount", "currency", once=f"NOT {_ASKED_AGAIN}"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def terms_unchanged(self) -> bool:
        return digest(self.terms) == self.terms_digest

    @transition(field="state", source=S.REQUESTED, target=S.CLAIMED)
    def claim(self, *, checker, until: datetime) -> None:
        self.checker, self.claimed_until = checker, until

    @transition(field="state", source=S.CLAIMED, target=S.REQUESTED)
    def unclaim(self) -> None:
        self.checker = self.claimed_until = None

    @transition(field="state", source=S.CLAIMED, target=S.APPROVED, conditions=[terms_unchanged])
    def approve(self, *, at: datetime) -> None:
        self.decided_at, self.claimed_until = at, None

    @transition(field="state", source=S.APPROVED, target=S.EXECUTED, conditions=[terms_unchanged])
    def execute(self) -> None:
        """The act was done in this transaction."""

    @transition(field="state", source=S.APPROVED, target=S.EXECUTION_FAILED)
    def fail(self, *, code: str) -> None:
        self.decision_code = code

    @transition(field="state", source=S.EXECUTION_FAILED, target=S.APPROVED)
    def try_again(self) -> None:
        self.decision_code = ""

    @transition(field="state", source=S.CLAIMED, target=S.DECLINED)
    def decline(self, *, at: datetime, code: str, answer) -> None:
        self.decided_at, self.decision_code, self.claimed_until, self.answer = at, code, None, answer

    @transition(field="state", source=S.CLAIMED, target=S.RETURNED)
    def send_back(self, *, at: datetime, code: str, answer) -> None:
        self.decided_at, self.decision_code, self.claimed_until, self.answer = at, code, None, answer

    @transition(field="state", source=S.RETURNED, target=S.REQUESTED)
    def ask_again(self, *, terms: dict, amount: Decimal | None, at: datetime, expires_at: datetime) -> None:
        self.terms, self.terms_digest, self.amount = terms, digest(terms), amount
        self.checker = self.decided_at = self.answer = None
        self.decision_code, self.requested_at, self.expires_at = "", at, expires_at

    @transition(field="state", source=[S.REQUESTED, S.CLAIMED, S.RETURNED], target=S.WITHDRAWN)
    def withdraw(self, *, at: datetime) -> None:
        self.decided_at, self.claimed_until = at, None

    @transition(field="state", source=[S.REQUESTED, S.CLAIMED, S.RETURNED], target=S.EXPIRED)
    def expire(self, *, at: datetime) -> None:
        self.decided_at, self.claimed_until = at, None

    @transition(
        field="state", source=[S.REQUESTED, S.CLAIMED, S.APPROVED, S.EXECUTION_FAILED, S.RETURNED], target=S.VOIDED
    )
    def void(self, *, at: datetime, code: str) -> None:
        # What was decided keeps the time at which it was; that it came to nothing is told by the event.
        if self.state != S.EXECUTION_FAILED and self.state != S.APPROVED:
            self.decided_at = at
        self.decision_code, self.claimed_until = code, None
