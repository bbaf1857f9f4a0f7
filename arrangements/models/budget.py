"""Affordability: what comes in and goes out, by the categories of the Standard Financial Statement."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.append_only import append_only, fixed, kept, own_transaction
from accounts.foundation.money import amount_field


class Household(models.TextChoices):
    SINGLE = "single", pgettext_lazy("household", "one person's")
    JOINT = "joint", pgettext_lazy("household", "a couple's, together")


class BudgetPeriod(models.TextChoices):
    WEEKLY = "weekly", pgettext_lazy("budget", "a week")
    FORTNIGHTLY = "fortnightly", pgettext_lazy("budget", "two weeks")
    FOUR_WEEKLY = "four_weekly", pgettext_lazy("budget", "four weeks")
    MONTHLY = "monthly", pgettext_lazy("budget", "a month")
    YEARLY = "yearly", pgettext_lazy("budget", "a year")


# A year has 52 weeks here, as the Standard Financial Statement counts.
PER_MONTH = {
    BudgetPeriod.WEEKLY: Decimal(52) / 12,
    BudgetPeriod.FORTNIGHTLY: Decimal(26) / 12,
    BudgetPeriod.FOUR_WEEKLY: Decimal(13) / 12,
    BudgetPeriod.MONTHLY: Decimal(1),
    BudgetPeriod.YEARLY: Decimal(1) / 12,
}


class BudgetGroup(models.TextChoices):
    INCOME = "income", pgettext_lazy("budget", "what comes in")
    FIXED = "fixed", pgettext_lazy("budget", "fixed costs")
    FLEXIBLE = "flexible", pgettext_lazy("budget", "flexible costs")
    DEBTS = "debts", pgettext_lazy("budget", "other debts")
    SAVINGS = "savings", pgettext_lazy("budget", "savings")


class BudgetCategory(models.TextChoices):
    EARNINGS = "earnings", pgettext_lazy("budget", "earnings")
    PARTNERS_EARNINGS = "partners_earnings", pgettext_lazy("budget", "partner's earnings")
    BENEFITS = "benefits", pgettext_lazy("budget", "benefits")
    PENSIONS = "pensions", pgettext_lazy("budget", "pensions")
    OTHER_INCOME = "other_income", pgettext_lazy("budget", "other income")
    HOME = "home", pgettext_lazy("budget", "home: rent or mortgage, local tax")
    UTILITIES = "utilities", pgettext_lazy("budget", "gas and electricity")
    WATER = "water", pgettext_lazy("budget", "water")
    CARE_AND_HEALTH = "care_and_health", pgettext_lazy("budget", "care and health")
    TRANSPORT = "transport", pgettext_lazy("budget", "transport and travel")
    SCHOOL = "school", pgettext_lazy("budget", "school")
    INSURANCE = "insurance", pgettext_lazy("budget", "pensions and insurance")
    PROFESSIONAL = "professional", pgettext_lazy("budget", "professional costs")
    OTHER_ESSENTIAL = "other_essential", pgettext_lazy("budget", "other essential costs")
    COMMUNICATIONS = "communications", pgettext_lazy("budget", "communications and leisure")
    FOOD = "food", pgettext_lazy("budget", "food and housekeeping")
    PERSONAL = "personal", pgettext_lazy("budget", "personal costs")
    PRIORITY_DEBTS = "priority_debts", pgettext_lazy("budget", "priority debts: arrears of home, energy, tax")
    OTHER_DEBTS = "other_debts", pgettext_lazy("budget", "payments to other creditors")
    SAVINGS = "savings", pgettext_lazy("budget", "savings")


C, G = BudgetCategory, BudgetGroup
GROUPS: dict[BudgetGroup, tuple[BudgetCategory, ...]] = {
    G.INCOME: (C.EARNINGS, C.PARTNERS_EARNINGS, C.BENEFITS, C.PENSIONS, C.OTHER_INCOME),
    G.FIXED: (
        *(C.HOME, C.UTILITIES, C.WATER, C.CARE_AND_HEALTH, C.TRANSPORT),
        *(C.SCHOOL, C.INSURANCE, C.PROFESSIONAL, C.OTHER_ESSENTIAL),
    ),
    G.FLEXIBLE: (C.COMMUNICATIONS, C.FOOD, C.PERSONAL),
    G.DEBTS: (C.PRIORITY_DEBTS, C.OTHER_DEBTS),
    G.SAVINGS: (C.SAVINGS,),
}


class Budget(models.Model):
    """What a person, or a couple, has and needs a month, as they told it on a day; it holds until `valid_until`.

    `income` and `spending` are the sums of its lines a month, `disposable` what is left, below zero where nothing is.
    It is never rewritten: another day has another budget. Guideline figures belong to licensees and are not here.
    """

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="budgets")
    party = models.ForeignKey("accounts.Party", models.PROTECT, related_name="budgets")
    currency = models.CharField(max_length=3)
    household = models.CharField(_("household"), max_length=6, choices=Household.choices)
    made_on = models.DateField(_("made on"))
    valid_until = models.DateField(_("valid until"))
    income = amount_field(verbose_name=_("income"))
    spending = amount_field(verbose_name=_("spending"))
    disposable = amount_field(verbose_name=_("left a month"))
    evidence = models.ManyToManyField("accounts.Attachment", through="arrangements.BudgetEvidence", related_name="+")
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    # What belongs to it is written in the same transaction, and nothing is added to it later.
    txid = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(disposable=F("income") - F("spending")), name="budget_disposable_is_what_is_left"
            ),
            models.CheckConstraint(condition=Q(income__gte=0, spending__gte=0), name="budget_sums_not_negative"),
            models.CheckConstraint(condition=Q(valid_until__gte=F("made_on")), name="budget_valid_after_made"),
        ]
        indexes = [models.Index(fields=["party", "-id"], name="budget_of_party")]
        triggers = [
            *kept("budget"),
            own_transaction("budget_txid"),
            fixed("budget", "account_id", "party_id", "currency", "household", "made_on", "valid_until"),
            fixed("budget_sums", "income", "spending", "disposable", "taken_by_id", "taken_at", "txid"),
        ]

    def __str__(self) -> str:
        return f"budget {self.pk}"


def _with_its_budget(name: str) -> pgtrigger.Trigger:
    """Refuse a row of a budget that wasn't taken in this transaction: its sums were worked out without it."""
    return pgtrigger.Trigger(
        name=f"{name}_with_its_budget",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF NOT EXISTS (
                SELECT 1 FROM arrangements_budget AS b WHERE b.id = NEW.budget_id AND b.txid = txid_current()
            ) THEN
                RAISE EXCEPTION 'cannot add to %: a budget stands as it was told', TG_TABLE_NAME;
            END IF;
            RETURN NEW;
        """,
    )


class BudgetLine(models.Model):
    """One sum of a budget, as it was told: so much a week, a month, a year."""

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="lines")
    category = models.CharField(max_length=20, choices=BudgetCategory.choices)
    amount = amount_field()
    period = models.CharField(max_length=12, choices=BudgetPeriod.choices)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "category"], name="budget_line_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="budget_line_positive"),
            models.CheckConstraint(condition=Q(category__in=C.values), name="budget_line_category_known"),
        ]
        triggers = [
            *kept("budget_line"),
            fixed("budget_line", "budget_id", "category", "amount", "period"),
            _with_its_budget("budget_line"),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.amount} {self.period}"


class BudgetEvidence(models.Model):
    """A file that was seen when a budget was taken."""

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="+")
    attachment = models.ForeignKey("accounts.Attachment", models.PROTECT, related_name="+")

    class Meta:
        db_table = "arrangements_budget_evidence"
        constraints = [models.UniqueConstraint(fields=["budget", "attachment"], name="budget_evidence_once")]
        triggers = [*append_only("budget_evidence"), _with_its_budget("budget_evidence")]

    def __str__(self) -> str:
        return f"file {self.attachment_id} of budget {self.budget_id}"
