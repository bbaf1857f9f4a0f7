"""Staged rows: a file's rows on their way into the book, and what became of each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.append_only import fixed, kept, never_emptied
from accounts.foundation.money import ZERO, amount_field


class RowResult(models.TextChoices):
    PLACED = "placed", pgettext_lazy("placement row", "placed")
    SKIPPED = "skipped", pgettext_lazy("placement row", "skipped")
    REJECTED = "rejected", pgettext_lazy("placement row", "rejected")


class StagedRow(models.Model):
    """One row of a placement's file, read. The numbers of its account and party are taken when it is staged.

    A placed row goes away once its account is live; a rejected one keeps its cells for the reject file.
    """

    placement = models.ForeignKey("accounts.Placement", models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    result = models.CharField(_("result"), max_length=8, choices=RowResult.choices)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    column = models.CharField(_("column"), max_length=120, blank=True)
    status = models.CharField(max_length=40, blank=True)
    warnings = ArrayField(ArrayField(models.CharField(max_length=120)), default=list)
    cells = models.JSONField(null=True)

    account_number = models.BigIntegerField(null=True)
    party_number = models.BigIntegerField(null=True)
    reference = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=200, blank=True)
    search_name = models.CharField(max_length=200, blank=True)
    party_kind = models.CharField(max_length=12, blank=True)
    language = models.CharField(max_length=8, blank=True)
    birth_date = models.DateField(null=True)
    tax_id = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    phone_line = models.CharField(max_length=12, blank=True)
    phone_2 = models.CharField(max_length=20, blank=True)
    phone_2_line = models.CharField(max_length=12, blank=True)
    email = models.CharField(max_length=254, blank=True)
    address = models.CharField(max_length=160, blank=True)
    city = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=40, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    country = models.CharField(max_length=2, blank=True)
    creditor = models.CharField(max_length=200, blank=True)
    originated_on = models.DateField(null=True)
    lent = amount_field(null=True)
    purchased_amount = amount_field(null=True)
    principal = amount_field(default=0)
    interest = amount_field(default=0)
    fees = amount_field(default=0)
    costs = amount_field(default=0)
    due_on = ArrayField(models.DateField(), default=list)
    due_amounts = ArrayField(amount_field(), default=list)
    due_basis = models.CharField(max_length=12, blank=True)
    charged_off_on = models.DateField(null=True)
    last_paid_on = models.DateField(null=True)
    limitation_on = models.DateField(null=True)
    purchase_price = amount_field(null=True)
    share = models.DecimalField(max_digits=6, decimal_places=5, null=True)
    rhythm = models.CharField(max_length=6, blank=True)
    remittance = amount_field(null=True)
    yearly_rate = models.DecimalField(max_digits=7, decimal_places=5, null=True)

    class Meta:
        ordering = ["placement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "number"], name="staged_row_once"),
            models.CheckConstraint(condition=Q(result__in=RowResult.values), name="staged_row_result_known"),
        ]
        indexes = [
            models.Index(
                fields=["placement", "result", "number"], condition=~Q(result="placed"), name="staged_row_not_placed"
            )
        ]
        triggers = [
            fixed("staged_row", "placement_id", "number"),
            # A placed row may turn out to be known already; what was refused stays so, with its cells while they last.
            fixed("staged_row_result", "result", "reason", "column", "warnings", once="OLD.result <> 'placed'"),
            fixed("staged_row_cells", "cells", once="NEW.cells IS NOT NULL"),
            never_emptied("staged_row"),
            pgtrigger.Trigger(
                name="staged_row_outcome_kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.result <> 'placed'"),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM accounts_placement AS p WHERE p.id = OLD.placement_id AND p.state = 'cancelled'
                    ) THEN
                        RAISE EXCEPTION 'cannot delete row % of placement %: what became of it stands',
                            OLD.number, OLD.placement_id;
                    END IF;
                    RETURN OLD;
                """,
            ),
        ]

    @property
    def owed(self) -> Decimal:
        return self.principal + self.interest + self.fees + self.costs

    @property
    def due(self) -> Decimal:
        return sum(self.due_amounts, ZERO)

    @property
    def since(self) -> date:
        return self.due_on[0]

    def __str__(self) -> str:
        return f"row {self.number} of {self.placement_id}"


class Origin(models.Model):
    """What the creditor's file said about an account on the day it was placed, where the book has no other place.

    `due_basis` says how the past-due date was known: empty, it was given; else the code of its estimate.
    """

    account = models.OneToOneField("accounts.Account", models.PROTECT, primary_key=True, related_name="origin")
    creditor = models.CharField(_("original creditor"), max_length=200, blank=True)
    status = models.CharField(_("creditor's status"), max_length=40, blank=True)
    originated_on = models.DateField(_("credit given on"), null=True)
    lent = amount_field(null=True, verbose_name=_("amount lent"))
    last_paid_on = models.DateField(_("last paid on"), null=True)
    due_basis = models.CharField(max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    region = models.CharField(_("state or region"), max_length=40, blank=True)
    postcode = models.CharField(_("post code"), max_length=16, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    warnings = ArrayField(models.CharField(max_length=60), default=list)

    class Meta:
        triggers = [
            *kept("origin", key="account_id"),
            fixed(
                "origin",
                *("creditor", "status", "originated_on", "lent", "last_paid_on", "due_basis", "country", "warnings"),
            ),
            pgtrigger.Trigger(
                name="origin_place_only_erased",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("city", "region", "postcode"),
                condition=pgtrigger.Condition(
                    "ROW(OLD.city, OLD.region, OLD.postcode) IS DISTINCT FROM ROW(NEW.city, NEW.region, NEW.postcode)"
                ),
                func="""
                    IF NEW.city <> '' OR NEW.region <> '' OR NEW.postcode <> '' OR NOT EXISTS (
                        SELECT 1 FROM accounts_erasure AS e
                        JOIN accounts_party AS person ON person.person_id = e.person_id
                        JOIN accounts_accountparty AS r ON r.party_id = person.id
                        WHERE e.txid = txid_current() AND r.account_id = OLD.account_id
                    ) THEN
                        RAISE EXCEPTION 'cannot rewrite the place of account %: only an erasure blanks it',
                            OLD.account_id;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"origin of {self.account_id}"
