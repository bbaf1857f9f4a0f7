"""Disputes: what a customer says is wrong about a debt, until it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMModelMixin, transition

from accounts.foundation.append_only import fixed, kept
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.money import amount_field
from accounts.foundation.states import begins, state_field, state_trigger


class DisputeKind(models.TextChoices):
    NOT_MINE = "not_mine", pgettext_lazy("dispute", "it isn't theirs")
    PAID = "paid", pgettext_lazy("dispute", "paid already")
    AMOUNT = "amount", pgettext_lazy("dispute", "wrong amount")
    FRAUD = "fraud", pgettext_lazy("dispute", "fraud or stolen identity")
    SERVICE = "service", pgettext_lazy("dispute", "what was promised wasn't delivered")
    UNSAID = "unsaid", pgettext_lazy("dispute", "not said yet")


class DisputeState(models.TextChoices):
    RAISED = "raised", pgettext_lazy("dispute", "raised")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("dispute", "acknowledged")
    EVIDENCE_REQUESTED = "evidence_requested", pgettext_lazy("dispute", "evidence asked for")
    UNDER_REVIEW = "under_review", pgettext_lazy("dispute", "under review")
    UPHELD = "upheld", pgettext_lazy("dispute", "upheld")
    PART_UPHELD = "part_upheld", pgettext_lazy("dispute", "upheld in part")
    REJECTED = "rejected", pgettext_lazy("dispute", "rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("dispute", "withdrawn")
    CLOSED = "closed", pgettext_lazy("dispute", "closed")


class EvidenceFrom(models.TextChoices):
    CUSTOMER = "customer", pgettext_lazy("evidence", "the customer")
    CREDITOR = "creditor", pgettext_lazy("evidence", "the creditor")


class AnswerWay(models.TextChoices):
    POST = "post", pgettext_lazy("answer", "by post")
    EMAIL = "email", pgettext_lazy("answer", "by e-mail")
    HAND = "hand", pgettext_lazy("answer", "handed over")
    PORTAL = "portal", pgettext_lazy("answer", "on the authority's portal")


@dataclass(frozen=True)
class DisputeClock:
    """Until when a dispute is acknowledged (business days) and answered (civil days) after it came, by which rule."""

    acknowledge_days: int
    answer_days: int
    source: str | Promise


# The law of these places names no day for every dispute: where it names one for some, all keep to it.
DISPUTE_CLOCKS = {
    "UK": DisputeClock(5, 28, _("Firm policy, within the eight weeks of DISP 1.6.2R; CONC 7.14")),
    "US": DisputeClock(5, 30, "12 CFR 1022.43(e)(3): 30 days for what was reported; 12 CFR 1006.38"),
    "MX": DisputeClock(2, 30, _("Firm policy; complaints reach us through REDECO")),
    "AU": DisputeClock(1, 30, "ASIC RG 271.56: 30 days; RG 271.51: acknowledged within a business day"),
}

S = DisputeState
DECIDED = [S.UPHELD, S.PART_UPHELD, S.REJECTED]
UNDECIDED = [S.RAISED, S.ACKNOWLEDGED, S.EVIDENCE_REQUESTED, S.UNDER_REVIEW]
OPEN_DISPUTE = [*UNDECIDED, *DECIDED, S.WITHDRAWN]
# Whose debt it isn't owes nothing: upheld, these take the account away instead of crediting it.
DENIES_OWING = [DisputeKind.NOT_MINE, DisputeKind.FRAUD]
_REOPENED = "(OLD.state = 'closed' AND NEW.state = 'under_review')"


class Dispute(FSMModelMixin, models.Model):
    """All or part of one debt that a customer disputes: what they say, until when we answer, what came of it.

    While it is open, a hold of its own keeps the disputed amount from being asked for; the rest stays collectable.
    `amount` is what is disputed, `original` the balance when it came, `credited` what was taken off in the end. Days
    are civil days of the portfolio; the clocks come from `DISPUTE_CLOCKS`.
    """

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="disputes")
    party = models.ForeignKey("accounts.Party", models.PROTECT, related_name="disputes")
    kind = models.CharField(_("kind"), max_length=10, choices=DisputeKind.choices)
    state = state_field(DisputeState, DisputeState.RAISED, verbose_name=_("state"))
    amount = amount_field(verbose_name=_("amount"))
    original = amount_field()
    credited = amount_field(default=0)
    currency = models.CharField(max_length=3)
    said = models.ForeignKey("accounts.Note", models.PROTECT, null=True, blank=True, related_name="+")
    in_writing = models.BooleanField(_("in writing"), default=False)
    received_on = models.DateField(_("received on"))
    acknowledge_by = models.DateField()
    answer_by = models.DateField()
    evidence_from = models.CharField(max_length=8, choices=EvidenceFrom.choices, blank=True)
    evidence_by = models.DateField(null=True, blank=True)
    hold = models.ForeignKey("accounts.Hold", models.PROTECT, null=True, blank=True, related_name="+")
    about_agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="disputes_about"
    )
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=DisputeState.choices, blank=True)
    reasons = models.ForeignKey("accounts.Note", models.PROTECT, null=True, blank=True, related_name="+")
    answered_on = models.DateField(null=True, blank=True)
    answered_how = models.CharField(max_length=8, choices=AnswerWay.choices, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=S.values), name="dispute_state_known"),
            models.CheckConstraint(condition=Q(kind__in=DisputeKind.values), name="dispute_kind_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="dispute_amount_positive"),
            models.CheckConstraint(
                condition=Q(credited__gte=0) & Q(credited__lte=F("amount")), name="dispute_credited_of_amount"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=DECIDED) | Q(decided_by__isnull=False, reasons__isnull=False),
                name="dispute_decided_with_reasons",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(about_agent__isnull=True) | ~Q(decided_by=F("about_agent")),
                name="dispute_not_decided_by_whom_it_is_about",
            ),
            models.CheckConstraint(
                condition=Q(state=S.CLOSED, ended_at__isnull=False) | ~Q(state=S.CLOSED), name="dispute_closed_has_date"
            ),
            models.CheckConstraint(
                condition=~Q(state=S.CLOSED) | Q(outcome=S.WITHDRAWN) | Q(answered_on__isnull=False),
                name="dispute_closed_was_answered",
            ),
            models.UniqueConstraint(
                fields=["account", "kind"], condition=Q(state__in=OPEN_DISPUTE), name="dispute_one_open_of_a_kind"
            ),
        ]
        indexes = [
            models.Index(fields=["account"], condition=Q(state__in=OPEN_DISPUTE), name="dispute_open_on_account"),
            models.Index(fields=["answer_by"], condition=Q(state__in=OPEN_DISPUTE), name="dispute_inbox"),
        ]
        triggers = [
            state_trigger("accounts_dispute"),
            begins("accounts_dispute", S.RAISED),
            *kept("dispute"),
            fixed("dispute", "account_id", "party_id", "amount", "original", "currency", "in_writing", "received_on"),
            fixed("dispute_said", "said_id", "about_agent_id", "raised_by_id", "raised_at"),
            fixed("dispute_kind", "kind", once="OLD.kind <> 'unsaid'"),
            fixed("dispute_clock", "acknowledge_by", "answer_by", once=f"NOT {_REOPENED}"),
            fixed(
                "dispute_decided",
                *("decided_by_id", "decided_at", "outcome", "reasons_id", "credited"),
                once=f"OLD.decided_at IS NOT NULL AND NOT {_REOPENED}",
            ),
            fixed(
                "dispute_answered",
                *("answered_on", "answered_how"),
                once=f"OLD.answered_on IS NOT NULL AND NOT {_REOPENED}",
            ),
            fixed("dispute_ended", "ended_at", once=f"OLD.ended_at IS NOT NULL AND NOT {_REOPENED}"),
        ]

    def __str__(self) -> str:
        return f"dispute {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_DISPUTE

    @property
    def is_whole(self) -> bool:
        """The whole debt was disputed, not a part of it."""
        return self.amount >= self.original

    @property
    def denies_owing(self) -> bool:
        return self.kind in DENIES_OWING

    @property
    def due_on(self) -> date:
        """The day by which the next thing is owed to the customer."""
        if self.state == S.RAISED:
            return self.acknowledge_by
        if self.state == S.EVIDENCE_REQUESTED and self.evidence_by:
            return min(self.evidence_by, self.answer_by)
        return self.answer_by

    def is_answered(self) -> bool:
        """Withdrawn ones need no answer; others were told what was decided and why."""
        return self.state == S.WITHDRAWN or self.answered_on is not None

    def may_be_reopened(self) -> bool:
        """One that was upheld has nothing left to answer."""
        return self.outcome != S.UPHELD

    def is_said(self) -> bool:
        return self.kind != DisputeKind.UNSAID

    @transition(field="state", source=S.RAISED, target=S.ACKNOWLEDGED, conditions=[is_said])
    def acknowledge(self) -> None:
        """The customer was told that it came."""

    @transition(field="state", source=S.ACKNOWLEDGED, target=S.EVIDENCE_REQUESTED)
    def ask_evidence(self, *, of: str, by: date) -> None:
        self.evidence_from, self.evidence_by = of, by

    @transition(field="state", source=[S.ACKNOWLEDGED, S.EVIDENCE_REQUESTED], target=S.UNDER_REVIEW)
    def review(self) -> None:
        """What there is to see is here, or doesn't come."""

    @transition(field="state", source=S.UNDER_REVIEW, target=S.UPHELD)
    def uphold(self, *, by, at: datetime, reasons, credited: Decimal) -> None:
        self._decide(S.UPHELD, by, at, reasons, credited)

    @transition(field="state", source=S.UNDER_REVIEW, target=S.PART_UPHELD)
    def uphold_in_part(self, *, by, at: datetime, reasons, credited: Decimal) -> None:
        self._decide(S.PART_UPHELD, by, at, reasons, credited)

    @transition(field="state", source=S.UNDER_REVIEW, target=S.REJECTED)
    def reject(self, *, by, at: datetime, reasons) -> None:
        self._decide(S.REJECTED, by, at, reasons, Decimal(0))

    def _decide(self, outcome: str, by, at: datetime, reasons, credited: Decimal) -> None:
        """What an earlier decision credited stays credited."""
        self.outcome, self.decided_by, self.decided_at, self.reasons = outcome, by, at, reasons
        self.credited += credited

    @transition(field="state", source=UNDECIDED, target=S.WITHDRAWN)
    def withdraw(self) -> None:
        """The customer doesn't dispute it any more."""
        self.outcome = S.WITHDRAWN

    @transition(field="state", source=[*DECIDED, S.WITHDRAWN], target=S.CLOSED, conditions=[is_answered])
    def close(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field="state", source=S.CLOSED, target=S.UNDER_REVIEW, conditions=[may_be_reopened])
    def reopen(self, *, answer_by: date) -> None:
        self.answer_by, self.reopened = answer_by, self.reopened + 1
        self.decided_by = self.decided_at = self.reasons = self.answered_on = self.ended_at = None
        self.outcome = self.answered_how = ""
