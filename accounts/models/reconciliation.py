"""Reconciliations: a merchant asks that what is remitted be the share of what really came in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMModelMixin, transition

from accounts.foundation.append_only import append_only, fixed, fixed_once_set, kept
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.money import amount_field
from accounts.foundation.states import begins, state_field, state_trigger
from accounts.models.dispute import AnswerWay
from accounts.remittance.true_up import Period, TrueUp


class ReconciliationState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("reconciliation", "asked for")
    STATEMENTS_RECEIVED = "statements_received", pgettext_lazy("reconciliation", "statements are here")
    PROPOSED = "proposed", pgettext_lazy("reconciliation", "proposed")
    APPROVED = "approved", pgettext_lazy("reconciliation", "approved")
    DONE = "done", pgettext_lazy("reconciliation", "made")
    REFUSED = "refused", pgettext_lazy("reconciliation", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("reconciliation", "withdrawn")


S = ReconciliationState
UNDECIDED_RECONCILIATION = [S.ASKED, S.STATEMENTS_RECEIVED, S.PROPOSED]
FIGURES = ("period_first", "period_last", "receipts", "due", "remitted", "remittance")


class Reconciliation(FSMModelMixin, models.Model):
    """One request of a merchant to be reconciled, with its clock, its figures and what became of it.

    While it is open a hold of its own keeps the estimate from being asked for, nothing is enforced and no default is
    declared. It is open until it was made, withdrawn, or refused by an answer that was sent. `before` are the terms
    that it looks back on, `after` those that it made. Days are civil days of the portfolio.
    """

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="reconciliations")
    party = models.ForeignKey("accounts.Party", models.PROTECT, related_name="reconciliations")
    state = state_field(ReconciliationState, ReconciliationState.ASKED, verbose_name=_("state"))
    currency = models.CharField(max_length=3)
    asked_on = models.DateField(_("asked on"))
    in_writing = models.BooleanField(_("in writing"), default=False)
    said = models.ForeignKey("accounts.Note", models.PROTECT, null=True, blank=True, related_name="+")
    statements_by = models.DateField(_("statements wanted by"))
    received_on = models.DateField(_("statements received on"), null=True, blank=True)
    true_up_by = models.DateField(_("to be made by"), null=True, blank=True)
    before = models.ForeignKey("accounts.AdvanceTerms", models.PROTECT, related_name="+")
    after = models.OneToOneField("accounts.AdvanceTerms", models.PROTECT, null=True, blank=True, related_name="+")
    period_first = models.DateField(null=True, blank=True)
    period_last = models.DateField(null=True, blank=True)
    receipts = amount_field(null=True, blank=True, verbose_name=_("receipts"))
    due = amount_field(null=True, blank=True, verbose_name=_("share of the receipts"))
    remitted = amount_field(null=True, blank=True, verbose_name=_("remitted"))
    remittance = amount_field(null=True, blank=True, verbose_name=_("new estimated remittance"))
    hold = models.ForeignKey("accounts.Hold", models.PROTECT, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reasons = models.ForeignKey("accounts.Note", models.PROTECT, null=True, blank=True, related_name="+")
    answer_by = models.DateField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_how = models.CharField(max_length=8, choices=AnswerWay.choices, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=S.values), name="reconciliation_state_known"),
            models.CheckConstraint(
                condition=Q(state=S.ASKED)
                | Q(state__in=[S.REFUSED, S.WITHDRAWN])
                | Q(received_on__isnull=False, true_up_by__isnull=False),
                name="reconciliation_has_its_clock",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[S.PROPOSED, S.APPROVED, S.DONE])
                | Q(**{f"{name}__isnull": False for name in FIGURES}),
                name="reconciliation_has_its_figures",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.DONE) | Q(after__isnull=False, decided_by__isnull=False, ended_at__isnull=False),
                name="reconciliation_done_by_new_terms",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(decided_by=F("proposed_by"))
                | Q(state=S.REFUSED),
                name="reconciliation_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.REFUSED) | Q(decided_by__isnull=False, reasons__isnull=False),
                name="reconciliation_refused_with_reasons",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.REFUSED) | Q(ended_at__isnull=True) | Q(answered_on__isnull=False),
                name="reconciliation_refusal_was_sent",
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at__isnull=True), name="reconciliation_one_open"
            ),
        ]
        indexes = [
            models.Index(
                fields=["account"],
                condition=Q(ended_at__isnull=True) | Q(state=S.DONE, answered_on__isnull=True),
                name="reconciliation_inbox",
            )
        ]
        triggers = [
            state_trigger("accounts_reconciliation"),
            begins("accounts_reconciliation", S.ASKED),
            *kept("reconciliation"),
            fixed(
                "reconciliation",
                *("account_id", "party_id", "currency", "asked_on", "in_writing", "said_id", "statements_by"),
                *("before_id", "asked_by_id", "asked_at"),
            ),
            *fixed_once_set(
                "reconciliation", "received_on", "true_up_by", "after_id", "reasons_id", "answered_on", "ended_at"
            ),
            fixed(
                "reconciliation_decided",
                *FIGURES, "proposed_by_id", "decided_by_id", "decided_at", "answer_by",
                once="OLD.decided_at IS NOT NULL",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"reconciliation {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def is_undecided(self) -> bool:
        return self.state in UNDECIDED_RECONCILIATION

    @property
    def waits_to_be_told(self) -> bool:
        """It is decided, and the merchant wasn't sent what and why."""
        return self.state in (S.DONE, S.REFUSED) and self.answered_on is None

    @property
    def due_on(self) -> date:
        """The day by which the next thing is owed."""
        return self.answer_by or self.true_up_by or self.statements_by

    @property
    def period(self) -> Period | None:
        return Period(self.period_first, self.period_last) if self.period_first and self.period_last else None

    @property
    def figures(self) -> TrueUp | None:
        """What was proposed; none before."""
        if self.receipts is None or self.due is None or self.remitted is None or self.remittance is None:
            return None
        return TrueUp(self.receipts, self.due, self.remitted, self.remittance)

    def waits_for_statements(self, on: date) -> bool:
        """The merchant may still send statements; one whose default was declared is told at once."""
        return self.state == S.ASKED and on <= self.statements_by and self.account.default_declared_on is None

    @transition(field="state", source=[S.ASKED, S.STATEMENTS_RECEIVED, S.PROPOSED], target=S.STATEMENTS_RECEIVED)
    def receive_statements(self, *, on: date, true_up_by: date) -> None:
        """The first statement starts the clock; each one makes an earlier proposal void."""
        self.received_on, self.true_up_by = self.received_on or on, self.true_up_by or true_up_by
        self._forget_figures()

    @transition(field="state", source=[S.STATEMENTS_RECEIVED, S.PROPOSED], target=S.STATEMENTS_RECEIVED)
    def take_statement_out(self) -> None:
        self._forget_figures()

    def _forget_figures(self) -> None:
        self.proposed_by = None
        for name in FIGURES:
            setattr(self, name, None)

    @transition(field="state", source=[S.STATEMENTS_RECEIVED, S.PROPOSED], target=S.PROPOSED)
    def propose(self, *, period: Period, figures: TrueUp, by: Any) -> None:
        self.period_first, self.period_last, self.proposed_by = period.first, period.last, by
        self.receipts, self.due = figures.receipts, figures.due
        self.remitted, self.remittance = figures.remitted, figures.remittance

    @transition(field="state", source=S.PROPOSED, target=S.APPROVED)
    def approve(self, *, by: Any, at: datetime, answer_by: date) -> None:
        self.decided_by, self.decided_at, self.answer_by = by, at, answer_by

    @transition(field="state", source=S.APPROVED, target=S.DONE)
    def make(self, *, after: Any, at: datetime) -> None:
        self.after, self.ended_at = after, at

    @transition(field="state", source=UNDECIDED_RECONCILIATION, target=S.REFUSED)
    def refuse(self, *, reasons: Any, by: Any, at: datetime, answer_by: date) -> None:
        self.reasons, self.decided_by, self.decided_at, self.answer_by = reasons, by, at, answer_by

    @transition(field="state", source=UNDECIDED_RECONCILIATION, target=S.WITHDRAWN)
    def withdraw(self, *, at: datetime) -> None:
        """The merchant doesn't want it any more."""
        self.ended_at = at


class MerchantStatement(models.Model):
    """Receipts of some days, as a bank statement or the merchant says them. One that was wrong is taken out again,
    whole; what it said stays readable.

    `left_out` counts rows that are no receipts (debits), `rejected` are [row, column, reason] of rows not read.
    """

    reconciliation = models.ForeignKey(Reconciliation, models.PROTECT, related_name="statements")
    file = models.ForeignKey("accounts.Attachment", models.PROTECT, null=True, blank=True, related_name="+")
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    total = amount_field(verbose_name=_("receipts"))
    left_out = models.PositiveIntegerField(default=0)
    rejected = models.JSONField(default=list)
    is_other_account = models.BooleanField(_("of another bank account"), default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    taken_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("statement of a merchant")
        verbose_name_plural = _("statements of merchants")
        ordering = ["first", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(total__gte=0), name="merchant_statement_total"),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="merchant_statement_days"),
        ]
        triggers = [
            *kept("merchant_statement"),
            fixed(
                "merchant_statement",
                *("reconciliation_id", "file_id", "first", "last", "total", "left_out", "rejected"),
                *("is_other_account", "added_by_id", "added_at"),
            ),
            *fixed_once_set("merchant_statement", "taken_out_at"),
        ]

    def __str__(self) -> str:
        return f"statement {self.first} to {self.last}"


class MerchantReceipt(models.Model):
    """What came in at a merchant on a day, by one line of a statement. A day without any may have an amount of 0."""

    statement = models.ForeignKey(MerchantStatement, models.PROTECT, related_name="lines")
    row = models.PositiveIntegerField()
    on = models.DateField(_("on"))
    amount = amount_field(verbose_name=_("amount"))

    class Meta:
        verbose_name = _("receipt of a merchant")
        verbose_name_plural = _("receipts of merchants")
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="merchant_receipt_amount"),
            models.UniqueConstraint(fields=["statement", "row", "on"], name="merchant_receipt_row_once"),
        ]
        triggers = append_only("merchant_receipt")

    def __str__(self) -> str:
        return f"receipt of {self.on}"
