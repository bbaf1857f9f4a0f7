"""The ledger: append-only, and the only thing that moves a balance."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.append_only import append_only
from accounts.foundation.money import amount_field


class EntryKind(models.TextChoices):
    OPENING = "opening", pgettext_lazy("ledger entry", "opening balance")
    PAYMENT = "payment", pgettext_lazy("ledger entry", "payment")
    DISHONOUR = "dishonour", pgettext_lazy("ledger entry", "dishonoured payment")
    CHARGEBACK = "chargeback", pgettext_lazy("ledger entry", "chargeback")
    INTEREST = "interest", pgettext_lazy("ledger entry", "interest")
    FEE = "fee", pgettext_lazy("ledger entry", "fee")
    COST = "cost", pgettext_lazy("ledger entry", "cost")
    ADJUSTMENT = "adjustment", pgettext_lazy("ledger entry", "adjustment")
    CREDIT_MEMO = "credit_memo", pgettext_lazy("ledger entry", "credit memo")
    DISCOUNT = "discount", pgettext_lazy("ledger entry", "settlement discount")
    WRITE_OFF = "write_off", pgettext_lazy("ledger entry", "write-off")
    CORRECTION = "correction", pgettext_lazy("ledger entry", "correction")
    RECOVERY = "recovery", pgettext_lazy("ledger entry", "recovery of what was written off")


class LedgerEntry(models.Model):
    """One movement of money on one account: positive adds to what is owed, negative takes from it.

    `meets_due` entries (payments and what takes them back, credits) count towards the due items. A mistake is reversed
    by a linked entry of the opposite amounts, once. `effective_on` is the civil day it counts from, `recorded_at` the
    moment we knew, taken after the account's lock.
    """

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="ledger")
    currency = models.CharField(max_length=3)
    kind = models.CharField(_("kind"), max_length=12, choices=EntryKind.choices)
    amount = amount_field(verbose_name=_("amount"))
    principal = amount_field(default=0)
    interest = amount_field(default=0)
    fees = amount_field(default=0)
    costs = amount_field(default=0)
    meets_due = models.BooleanField(default=False)
    effective_on = models.DateField(_("effective on"))
    recorded_at = models.DateTimeField(_("recorded at"))
    source = models.CharField(max_length=40)
    source_key = models.CharField(max_length=120)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "source_key"], name="ledger_source_key_once"),
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="ledger_kind_known"),
            models.CheckConstraint(
                condition=Q(amount=F("principal") + F("interest") + F("fees") + F("costs")), name="ledger_parts_sum"
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_amount_not_zero"),
        ]
        indexes = [models.Index(fields=["account", "effective_on", "id"], name="ledger_statement")]
        triggers = [
            *append_only("ledger"),
            pgtrigger.Trigger(
                name="ledger_moves_balance",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),
                func="""
                    UPDATE accounts_account AS a
                    SET balance = a.balance + s.amount, principal = a.principal + s.principal,
                        interest = a.interest + s.interest, fees = a.fees + s.fees, costs = a.costs + s.costs,
                        credited = a.credited + s.credited
                    FROM (
                        SELECT account_id, sum(amount) AS amount, sum(principal) AS principal,
                               sum(interest) AS interest, sum(fees) AS fees, sum(costs) AS costs,
                               coalesce(-sum(amount) FILTER (WHERE meets_due), 0) AS credited
                        FROM added GROUP BY account_id
                    ) AS s
                    WHERE a.id = s.account_id;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"
