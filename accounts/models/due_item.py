"""Due items: what the contract asks for, and when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.foundation.append_only import fixed, kept
from accounts.foundation.money import amount_field


class DueItem(models.Model):
    """A contractual amount and its date. For an advance: an expected remittance.

    Which items are met follows from the ledger: what was credited meets the oldest first. Nothing is stored here.
    """

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="due_items")
    due_on = models.DateField(_("due on"))
    amount = amount_field(verbose_name=_("amount"))

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="due_item_amount_positive")]
        indexes = [
            models.Index(fields=["account", "due_on", "id"], include=["amount"], name="due_item_oldest_first"),
            models.Index(fields=["due_on"], name="due_item_of_the_day"),
        ]
        triggers = [*kept("due_item"), fixed("due_item", "account_id", "due_on", "amount")]

    def __str__(self) -> str:
        return f"{self.due_on} of {self.account_id}"
