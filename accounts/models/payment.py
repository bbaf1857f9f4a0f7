"""Payments: money on its way in, until nobody can take it back."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMModelMixin, transition

from accounts.foundation.append_only import fixed, fixed_once_set, kept
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.money import amount_field
from accounts.foundation.states import begins, state_field, state_trigger


class PaymentState(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("payment", "received")
    IDENTIFIED = "identified", pgettext_lazy("payment", "identified")
    SUSPENSE = "suspense", pgettext_lazy("payment", "in suspense")
    POSTED = "posted", pgettext_lazy("payment", "posted")
    CLEARED = "cleared", pgettext_lazy("payment", "cleared")
    REVERSED = "reversed", pgettext_lazy("payment", "reversed")


class PaymentMethod(models.TextChoices):
    TRANSFER = "transfer", _("bank transfer")
    CARD = "card", _("card")
    DIRECT_DEBIT = "direct_debit", _("direct debit")
    CHEQUE = "cheque", _("cheque")
    CASH = "cash", _("cash")


class ReversalReason(models.TextChoices):
    DISHONOUR = "dishonour", _("dishonour")
    CHARGEBACK = "chargeback", _("chargeback")
    ERROR = "error", _("posted in error")


S = PaymentState


class Payment(FSMModelMixin, models.Model):
    """Money received for an account. It is posted to the ledger at once and clears after its method's clearing days."""

    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, blank=True, related_name="payments")
    amount = amount_field(verbose_name=_("amount"))
    currency = models.CharField(max_length=3)
    method = models.CharField(_("method"), max_length=14, choices=PaymentMethod.choices)
    received_on = models.DateField(_("received on"))
    clears_on = models.DateField(_("clears on"))
    state = state_field(PaymentState, PaymentState.RECEIVED, verbose_name=_("state"))
    reference = models.CharField(_("bank reference"), max_length=80, blank=True)
    entry = models.OneToOneField("accounts.LedgerEntry", models.PROTECT, null=True, related_name="payment")
    reversal_reason = models.CharField(max_length=12, choices=ReversalReason.choices, blank=True)
    reversed_on = models.DateField(_("reversed on"), null=True, blank=True)
    source = models.CharField(max_length=40)
    source_key = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-received_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "source_key"], name="payment_source_key_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(condition=Q(state__in=PaymentState.values), name="payment_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[S.POSTED, S.CLEARED, S.REVERSED])
                | Q(account__isnull=False, entry__isnull=False),
                name="payment_posted_has_entry",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "received_on"], name="payment_of_account"),
            models.Index(fields=["state", "clears_on"], name="payment_clearing_today"),
        ]
        triggers = [
            state_trigger("accounts_payment"),
            # One that was taken in with its entry may come in posted.
            begins("accounts_payment", S.RECEIVED, S.POSTED),
            *kept("payment"),
            fixed("payment", "amount", "currency", "method", "received_on", "source", "source_key", "recorded_at"),
            fixed("payment_bank", "clears_on", "reference"),
            *fixed_once_set("payment", "account_id", "entry_id"),
            fixed("payment_reversed", "reversal_reason", "reversed_on", once="OLD.state = 'reversed'"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} on {self.received_on}"

    @transition(field="state", source=[S.RECEIVED, S.SUSPENSE], target=S.IDENTIFIED)
    def identify(self, *, account_id: int) -> None:
        self.account_id = account_id

    @transition(field="state", source=S.RECEIVED, target=S.SUSPENSE)
    def suspend(self) -> None:
        """Nobody knows whose it is yet."""

    @transition(field="state", source=S.IDENTIFIED, target=S.POSTED)
    def post(self, *, entry) -> None:
        self.entry = entry

    @transition(field="state", source=S.POSTED, target=S.CLEARED)
    def clear(self) -> None:
        """Its clearing days are over."""

    @transition(field="state", source=[S.POSTED, S.CLEARED], target=S.REVERSED)
    def reverse(self, *, reason: str, on: date) -> None:
        self.reversal_reason, self.reversed_on = reason, on
