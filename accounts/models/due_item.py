"""Due items: what the contract asks for, and when."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.foundation.append_only import fixed, fixed_once_set, kept
from accounts.foundation.money import amount_field


class DueItemQuerySet(models.QuerySet["DueItem"]):
    def expected(self) -> DueItemQuerySet:
        """Without those that a later version of the terms, or a re-ageing, replaced."""
        return self.filter(replaced_by=None, reaged_by=None)


class DueItem(models.Model):
    """A contractual amount and its date. For an advance: an expected remittance.

    Which items are met follows from the ledger: what was credited meets the oldest first. Nothing is stored here.
    Items of an advance come from a version of its terms; one that a later version `replaced_by` is expected no more,
    nor one that a re-ageing (`reaged_by`) moved.
    """

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="due_items")
    due_on = models.DateField(_("due on"))
    amount = amount_field(verbose_name=_("amount"))
    terms = models.ForeignKey("accounts.AdvanceTerms", models.PROTECT, null=True, blank=True, related_name="due_items")
    replaced_by = models.ForeignKey(
        "accounts.AdvanceTerms", models.PROTECT, null=True, blank=True, related_name="replaced_items"
    )

    reaged_by = models.ForeignKey(
        "accounts.ReAgeing", models.PROTECT, null=True, blank=True, related_name="replaced_items"
    )

    objects = DueItemQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="due_item_amount_positive")]
        indexes = [
            models.Index(fields=["account", "due_on", "id"], include=["amount"], name="due_item_oldest_first"),
            models.Index(fields=["due_on"], name="due_item_of_the_day"),
        ]
        triggers = [
            *kept("due_item"),
            fixed("due_item", "account_id", "due_on", "amount", "terms_id"),
            *fixed_once_set("due_item", "replaced_by_id", "reaged_by_id"),
            pgtrigger.Trigger(
                name="due_item_reaged_with_its_row",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("reaged_by_id"),
                condition=pgtrigger.Condition("NEW.reaged_by_id IS NOT NULL AND OLD.reaged_by_id IS NULL"),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM accounts_reageing AS r WHERE r.id = NEW.reaged_by_id
                            AND r.account_id = OLD.account_id AND r.txid = txid_current()
                    ) THEN
                        RAISE EXCEPTION 'cannot move due item %: no re-ageing of its account says so', OLD.id;
                    END IF;
                    RETURN NEW;
                """,
            ),
            # Only new terms of the same account, in the transaction that writes them, take an expectation away.
            pgtrigger.Trigger(
                name="due_item_replaced_with_terms",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("replaced_by_id"),
                condition=pgtrigger.Condition("NEW.replaced_by_id IS NOT NULL AND OLD.replaced_by_id IS NULL"),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM accounts_advanceterms AS t WHERE t.id = NEW.replaced_by_id
                            AND t.account_id = OLD.account_id AND t.txid = txid_current()
                    ) THEN
                        RAISE EXCEPTION 'cannot replace due item %: no new terms of its account say so', OLD.id;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due_on} of {self.account_id}"
