"""Portfolios: whose debts, of which product, where, and in which capacity we collect them."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.foundation.append_only import traced
from accounts.foundation.money import Currency, amount_field


class ProductKind(models.TextChoices):
    LOAN = "loan", _("loan")
    PAYDAY = "payday", _("payday loan")
    MCA = "mca", _("merchant cash advance")


class Product(models.Model):
    """A kind of credit. What differs between products is data here, not code elsewhere."""

    code = models.SlugField(unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=ProductKind.choices)
    name_en = models.CharField(_("name (English)"), max_length=80)
    name_es = models.CharField(_("name (Spanish)"), max_length=80)
    bucket_bounds = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        verbose_name=_("bucket lower bounds"),
        help_text=_("Days past due at which each bucket begins, ascending. A bucket ends where the next begins."),
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [models.CheckConstraint(condition=Q(kind__in=ProductKind.values), name="product_kind_known")]
        triggers = [traced("product")]

    def __str__(self) -> str:
        return self.code

    @property
    def is_advance(self) -> bool:
        """A merchant cash advance is never worded or chased as in default before a declared default event."""
        return self.kind == ProductKind.MCA


class Jurisdiction(models.TextChoices):
    UK = "UK", _("United Kingdom")
    US = "US", _("United States")
    MX = "MX", _("Mexico")
    AU = "AU", _("Australia")


COUNTRY_OF = {"UK": "GB", "US": "US", "MX": "MX", "AU": "AU"}


class Capacity(models.TextChoices):
    ORIGINAL_CREDITOR = "original_creditor", _("original creditor")
    SERVICER = "servicer", _("servicer")
    THIRD_PARTY_COLLECTOR = "third_party_collector", _("third-party collector")
    DEBT_BUYER = "debt_buyer", _("debt buyer")


def default_clearing_days() -> dict[str, int]:
    """Business days until money by each method can no longer be returned in the ordinary way."""
    return {"cash": 0, "card": 0, "transfer": 0, "direct_debit": 3, "cheque": 5}


class Portfolio(models.Model):
    """Debts of one creditor, product, currency and jurisdiction, collected in one capacity.

    Civil days of the portfolio are those of `zone`. A day is closed after `cash_cut_off` on the day after it, once its
    cash is posted; `closed_through` is the last day closed.
    """

    code = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=120)
    creditor = models.CharField(_("creditor"), max_length=120)
    product = models.ForeignKey(Product, models.PROTECT, related_name="portfolios", verbose_name=_("product"))
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=2, choices=Jurisdiction.choices)
    capacity = models.CharField(_("capacity"), max_length=24, choices=Capacity.choices)
    regulated = models.BooleanField(_("regulated consumer credit"), default=True)
    zone = models.CharField(_("time zone"), max_length=64)
    holiday_subdivision = models.CharField(_("holiday calendar subdivision"), max_length=8, blank=True)
    cash_cut_off = models.TimeField(_("cash cut-off on the next day"), default=time(6, 0))
    clearing_days = models.JSONField(_("clearing days by method"), default=default_clearing_days)
    grace_business_days = models.PositiveSmallIntegerField(_("grace, business days"), default=1)
    promise_tolerance = amount_field(verbose_name=_("promise tolerance"), default=Decimal("0.00"))
    offer_days = models.PositiveSmallIntegerField(_("an offer stands for, days"), default=7)
    cost_of_money = models.DecimalField(
        _("cost of money a year"),
        max_digits=5,
        decimal_places=4,
        default=Decimal("0.1000"),
        help_text=_("A share: 0.1 for 10 %. What later payments are worth today is worked out with it."),
    )
    plan_missed_allowed = models.PositiveSmallIntegerField(
        _("plan: missed payments that it survives"),
        default=1,
        help_text=_("One more missed payment at a time breaks the plan. A promise or settlement survives none."),
    )
    plan_missed_days = models.PositiveSmallIntegerField(
        _("plan: days that a missed payment may stay unpaid"),
        default=30,
        help_text=_("Counted from the last day in time of the oldest one; after them the plan is broken."),
    )
    statement_days = models.PositiveSmallIntegerField(
        _("reconciliation: days in which statements are wanted"),
        default=10,
        help_text=_("Civil days from the merchant's request. After them it may be refused."),
    )
    reconciliation_days = models.PositiveSmallIntegerField(
        _("reconciliation: business days to make it"),
        default=2,
        help_text=_("As the contract has it: counted from the request and the statements, whichever came last."),
    )
    reage_allowed = models.BooleanField(
        _("re-ageing is allowed"),
        default=False,
        help_text=_("What is overdue may be expected later, by two people. The figures below bind it."),
    )
    reage_kept = models.PositiveSmallIntegerField(_("re-ageing: payments kept in a row before it"), default=3)
    reage_months = models.PositiveSmallIntegerField(_("re-ageing: least age of the account, months"), default=9)
    reage_per_year = models.PositiveSmallIntegerField(_("re-ageing: times in twelve months at most"), default=1)
    reage_per_five_years = models.PositiveSmallIntegerField(_("re-ageing: times in five years at most"), default=2)
    closed_through = models.DateField(_("closed through"), null=True, blank=True)
    cash_posted_through = models.DateField(_("cash posted through"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("portfolio")
        verbose_name_plural = _("portfolios")
        constraints = [
            models.CheckConstraint(
                condition=Q(jurisdiction__in=Jurisdiction.values), name="portfolio_jurisdiction_known"
            ),
            models.CheckConstraint(condition=Q(capacity__in=Capacity.values), name="portfolio_capacity_known"),
        ]
        # What is closed and posted through is the closing's to say, each day.
        triggers = [traced("portfolio", "closed_through", "cash_posted_through")]

    def __str__(self) -> str:
        return self.code

    @property
    def country(self) -> str:
        return COUNTRY_OF[self.jurisdiction]


# Not a person's role: how far anybody may go on this creditor's behalf, whatever their own limits are.
CREDITOR = "creditor"


class AuthorityLimit(models.Model):
    """How far a role may go alone, by portfolio, product and jurisdiction (empty: everywhere).

    Of several rows the most particular one counts: a portfolio's before a product's before a jurisdiction's before a
    currency's. The rows of `CREDITOR` bind everybody, and the stricter figure of both wins. What is beyond needs an
    approval. An amount without a currency would be another one in each book: it names one, or a portfolio.
    """

    role = models.CharField(_("role"), max_length=12)
    portfolio = models.ForeignKey(Portfolio, models.PROTECT, null=True, blank=True, verbose_name=_("portfolio"))
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, verbose_name=_("product"))
    jurisdiction = models.CharField(_("jurisdiction"), max_length=2, choices=Jurisdiction.choices, blank=True)
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices, blank=True)
    promise_max_days = models.PositiveSmallIntegerField(_("promise: days ahead at most"), default=14)
    promise_min_share = models.DecimalField(
        _("promise: least share of the amount due"), max_digits=4, decimal_places=3, default=Decimal("0.100")
    )
    promise_max_open_breaks = models.PositiveSmallIntegerField(_("promise: broken ones in 90 days at most"), default=2)
    plan_max_days = models.PositiveSmallIntegerField(_("plan: days to its last payment at most"), default=180)
    plan_min_first_share = models.DecimalField(
        _("plan: least first payment, as a share of the amount due"),
        max_digits=4,
        decimal_places=3,
        default=Decimal("0.050"),
    )
    settlement_max_discount = models.DecimalField(
        _("settlement: largest discount"), max_digits=4, decimal_places=3, default=Decimal("0.000")
    )
    write_off_max = amount_field(verbose_name=_("write-off: largest amount"), default=Decimal("0.00"))

    class Meta:
        verbose_name = _("authority limit")
        verbose_name_plural = _("authority limits")
        constraints = [
            models.UniqueConstraint(
                fields=["role", "portfolio", "product", "jurisdiction", "currency"],
                nulls_distinct=False,
                name="authority_limit_once_per_role",
            ),
            models.CheckConstraint(
                condition=Q(plan_min_first_share__range=(0, 1), promise_min_share__range=(0, 1)),
                name="authority_limit_shares",
            ),
            models.CheckConstraint(
                condition=Q(write_off_max=0) | Q(portfolio__isnull=False) | ~Q(currency=""),
                name="authority_limit_amount_has_currency",
                violation_error_message=_("Say in which currency the write-off limit is, or for which portfolio."),
            ),
        ]
        triggers = [traced("authority_limit")]

    def __str__(self) -> str:
        return f"{self.role} {self.portfolio_id or '*'}"
