"""Advances: the terms on which a merchant's receipts were bought, and the events that are a default."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.append_only import append_only, own_transaction
from accounts.foundation.money import amount_field
from accounts.remittance.schedule import Calendar, Rhythm


class RemittanceRhythm(models.TextChoices):
    DAILY = Rhythm.DAILY.value, pgettext_lazy("remittance", "every business day")
    WEEKLY = Rhythm.WEEKLY.value, pgettext_lazy("remittance", "every week")


class TermsReason(models.TextChoices):
    PLACED = "placed", pgettext_lazy("terms of an advance", "from the creditor's file")
    CONTRACT = "contract", pgettext_lazy("terms of an advance", "read from the contract")
    AMENDED = "amended", pgettext_lazy("terms of an advance", "amended with the merchant")
    MISTAKE = "mistake", pgettext_lazy("terms of an advance", "noted by mistake")
    TRUE_UP = "true_up", pgettext_lazy("terms of an advance", "reconciliation")


class AdvanceTerms(models.Model):
    """One version of an advance's terms: what was paid for which receipts, and how they are delivered.

    `share` is the specified percentage of the receipts (0.12 for 12 %), `remittance` the present estimate of one
    remittance. The last version counts, from `from_on` on. Versions are only added, each with its reason.
    """

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="advance_terms")
    version = models.PositiveSmallIntegerField(_("version"))
    currency = models.CharField(max_length=3)
    purchase_price = amount_field(verbose_name=_("purchase price"))
    factor_rate = models.DecimalField(_("factor rate"), max_digits=7, decimal_places=4)
    purchased_amount = amount_field(verbose_name=_("purchased amount"))
    share = models.DecimalField(_("specified percentage"), max_digits=6, decimal_places=5)
    rhythm = models.CharField(_("rhythm"), max_length=6, choices=RemittanceRhythm.choices)
    remittance = amount_field(verbose_name=_("estimated remittance"))
    from_on = models.DateField(_("from"))
    reason = models.CharField(_("reason"), max_length=12, choices=TermsReason.choices)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    set_at = models.DateTimeField()
    txid = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("terms of an advance")
        verbose_name_plural = _("terms of advances")
        ordering = ["account", "version"]
        constraints = [
            models.UniqueConstraint(fields=["account", "version"], name="advance_terms_version_once"),
            models.CheckConstraint(condition=Q(rhythm__in=RemittanceRhythm.values), name="advance_terms_rhythm_known"),
            models.CheckConstraint(condition=Q(reason__in=TermsReason.values), name="advance_terms_reason_known"),
            models.CheckConstraint(condition=Q(share__gt=0) & Q(share__lte=1), name="advance_terms_share"),
            models.CheckConstraint(condition=Q(remittance__gte=0), name="advance_terms_remittance"),
            models.CheckConstraint(
                condition=Q(purchase_price__gt=0) & Q(purchased_amount__gt=F("purchase_price")),
                name="advance_terms_bought_for_less",
            ),
        ]
        triggers = [*append_only("advance_terms"), own_transaction("advance_terms_transaction")]

    def __str__(self) -> str:
        return f"terms {self.version} of {self.account_id}"

    @property
    def percentage(self) -> str:
        """`12 %`, `8.25 %`."""
        return f"{(self.share * 100).normalize():f} %"


def calendar_of(account: models.Model) -> Calendar:
    portfolio = account.portfolio  # type: ignore[attr-defined]
    return Calendar(portfolio.country, portfolio.holiday_subdivision)


class DefaultFact(models.TextChoices):
    """What happened. Slow receipts alone are no default: the funder bought a share of what comes in."""

    DIVERTED = "diverted", pgettext_lazy("default", "receipts were diverted elsewhere")
    BLOCKED = "blocked", pgettext_lazy("default", "debits were blocked without notice")
    SOLD = "sold", pgettext_lazy("default", "the business was sold or closed outside the contract")
    FALSE = "false", pgettext_lazy("default", "statements were false")
    SLOW = "slow", pgettext_lazy("default", "receipts are slow")


DEFAULT_FACTS = [DefaultFact.DIVERTED, DefaultFact.BLOCKED, DefaultFact.SOLD, DefaultFact.FALSE]


class DefaultEvent(models.Model):
    """A default that was declared of an advance: which facts, since when, by whom, with whose yes.

    The evidence is the files of the approved request. Written once, by the approval that it carries.
    """

    account = models.OneToOneField("accounts.Account", models.PROTECT, related_name="default_event")
    facts = ArrayField(models.CharField(max_length=10, choices=DefaultFact.choices), verbose_name=_("what happened"))
    happened_on = models.DateField(_("happened on"))
    declared_on = models.DateField(_("declared on"))
    said = models.ForeignKey("accounts.Note", models.PROTECT, related_name="+")
    approval = models.OneToOneField("accounts.Approval", models.PROTECT, related_name="+")
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("default event")
        verbose_name_plural = _("default events")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(facts__overlap=[fact.value for fact in DEFAULT_FACTS]),
                name="default_event_more_than_slow",
            ),
            models.CheckConstraint(condition=~Q(declared_by=F("agreed_by")), name="default_event_by_two"),
            models.CheckConstraint(condition=Q(happened_on__lte=F("declared_on")), name="default_event_happened_first"),
        ]
        triggers = append_only("default_event")

    def __str__(self) -> str:
        return f"default of {self.account_id}"

    @property
    def facts_in_words(self) -> list[str]:
        return [str(DefaultFact(fact).label) for fact in self.facts]
