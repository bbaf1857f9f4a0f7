"""Interest: the terms on which an account bears it."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.append_only import fixed, fixed_once_set, kept

DAYS_OF_YEAR = 365


class InterestReason(models.TextChoices):
    PLACED = "placed", pgettext_lazy("interest", "from the creditor's file")
    LOWERED = "lowered", pgettext_lazy("interest", "lowered by us")


class InterestTerms(models.Model):
    """Simple interest by the day on the principal: a yearly rate (0.24 for 24 %) over 365, from a civil day on.

    An account without terms bears none. `carry` is what of the interest up to `through_on` is no whole cent yet, so
    that rounding adds and loses nothing over the days. A rate is never raised: other terms only follow lower ones.
    """

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="interest_terms")
    yearly_rate = models.DecimalField(_("yearly rate"), max_digits=7, decimal_places=5)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=10, choices=InterestReason.choices)
    note = models.ForeignKey("accounts.Note", models.PROTECT, null=True, blank=True, related_name="+")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    set_at = models.DateTimeField()
    through_on = models.DateField(null=True, blank=True)
    carry = models.DecimalField(max_digits=18, decimal_places=12, default=0)

    class Meta:
        verbose_name = _("interest terms")
        verbose_name_plural = _("interest terms")
        ordering = ["account", "from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(until_on__isnull=True), name="interest_terms_one_in_force"
            ),
            models.UniqueConstraint(fields=["account", "from_on"], name="interest_terms_begin_once"),
            models.CheckConstraint(
                condition=Q(yearly_rate__gt=0) & Q(yearly_rate__lte=Decimal(10)), name="interest_terms_rate"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on") - 1), name="interest_terms_days"
            ),
            models.CheckConstraint(condition=Q(reason__in=InterestReason.values), name="interest_terms_reason_known"),
        ]
        triggers = [
            *kept("interest_terms"),
            fixed("interest_terms", "account_id", "yearly_rate", "from_on", "reason", "note_id", "set_by_id", "set_at"),
            *fixed_once_set("interest_terms", "until_on"),
            fixed("interest_terms_through", "through_on", once="NEW.through_on < OLD.through_on"),
            # What was bought for a fixed amount bears nothing, whoever writes the row.
            pgtrigger.Trigger(
                name="interest_terms_of_a_loan",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM accounts_account AS a
                        JOIN accounts_portfolio AS f ON f.id = a.portfolio_id
                        JOIN accounts_product AS p ON p.id = f.product_id
                        WHERE a.id = NEW.account_id AND p.kind = 'mca'
                    ) THEN
                        RAISE EXCEPTION 'account % is an advance: its amount is fixed', NEW.account_id;
                    END IF;
                    IF EXISTS (
                        SELECT 1 FROM accounts_interestterms AS t
                        WHERE t.account_id = NEW.account_id AND t.yearly_rate <= NEW.yearly_rate
                    ) THEN
                        RAISE EXCEPTION 'the interest of account % is never raised', NEW.account_id;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"interest of {self.account_id} from {self.from_on}"

    @property
    def percentage(self) -> str:
        """`24 %`, `8.25 %`."""
        return f"{(self.yearly_rate * 100).normalize():f} %"
