"""Standing authorities to charge a customer's card, and each attempt to use one. No card number is ever held here."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.append_only import append_only, fixed, fixed_once_set, kept
from accounts.foundation.money import amount_field

# How often in a row a charge of a short-term loan may fail before the customer is asked: CONC 7.6.12R in the United
# Kingdom, National Consumer Credit Protection Regulations 79C in Australia. Other places: none is held here.
MOST_FAILED = 2
FAILURES_COUNT_IN = ("UK", "AU")


class AuthorityEnd(models.TextChoices):
    CANCELLED = "cancelled", pgettext_lazy("card authority", "taken back by the customer")
    RENEWED = "renewed", pgettext_lazy("card authority", "given anew")


class CardAuthority(models.Model):
    """The customer lets the creditor charge their card when something is due, until they take it back: at any time, to
    anybody of ours. `in_part`: they agreed that less than what is due may be charged as well."""

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="card_authorities")
    party = models.ForeignKey("accounts.Party", models.PROTECT, related_name="card_authorities")
    given_on = models.DateField(_("given on"))
    in_part = models.BooleanField(_("may be charged in part"), default=False)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    ended_why = models.CharField(_("ended"), max_length=10, choices=AuthorityEnd.choices, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("card authority")
        verbose_name_plural = _("card authorities")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at__isnull=True), name="card_authority_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_why="", ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_why__in=AuthorityEnd.values, ended_by__isnull=False),
                name="card_authority_ended_whole",
            ),
        ]
        triggers = [
            *kept("card_authority"),
            fixed("card_authority", "account_id", "party_id", "given_on", "in_part", "noted_by_id", "noted_at"),
            fixed("card_authority_ended", "ended_why", "ended_by_id", once="OLD.ended_at IS NOT NULL"),
            *fixed_once_set("card_authority", "ended_at"),
        ]

    def __str__(self) -> str:
        return f"card authority {self.pk}"


class AttemptResult(models.TextChoices):
    COLLECTED = "collected", pgettext_lazy("card attempt", "collected")
    FAILED = "failed", pgettext_lazy("card attempt", "failed")


class CardAttempt(models.Model):
    """One charge that was tried under an authority, on a civil day. A collected one has its payment."""

    authority = models.ForeignKey(CardAuthority, models.PROTECT, related_name="attempts")
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="card_attempts")
    amount = amount_field(verbose_name=_("amount"))
    currency = models.CharField(max_length=3)
    on = models.DateField(_("tried on"))
    result = models.CharField(_("result"), max_length=10, choices=AttemptResult.choices)
    payment = models.OneToOneField("accounts.Payment", models.PROTECT, null=True, blank=True, related_name="+")
    tried_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    tried_at = models.DateTimeField()

    class Meta:
        verbose_name = _("card attempt")
        verbose_name_plural = _("card attempts")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="card_attempt_amount_positive"),
            models.CheckConstraint(
                condition=Q(result="failed", payment__isnull=True) | Q(result="collected", payment__isnull=False),
                name="card_attempt_collected_is_paid",
            ),
        ]
        triggers = [
            *append_only("card_attempt"),
            pgtrigger.Trigger(
                name="card_attempt_allowed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("failed", "int")],
                func=f"""
                    IF EXISTS (
                        SELECT 1 FROM accounts_cardauthority AS c
                        WHERE c.id = NEW.authority_id AND (c.ended_at IS NOT NULL OR c.account_id <> NEW.account_id)
                    ) THEN
                        RAISE EXCEPTION 'cannot charge account %: its authority is no longer in force', NEW.account_id;
                    END IF;
                    SELECT count(*) INTO failed FROM accounts_cardattempt AS t
                    WHERE t.authority_id = NEW.authority_id AND t.result = 'failed' AND t.id > coalesce((
                        SELECT max(s.id) FROM accounts_cardattempt AS s
                        WHERE s.authority_id = NEW.authority_id AND s.result = 'collected'), 0);
                    IF failed >= {MOST_FAILED} AND EXISTS (
                        SELECT 1 FROM accounts_account AS a
                        JOIN accounts_portfolio AS f ON f.id = a.portfolio_id
                        JOIN accounts_product AS p ON p.id = f.product_id
                        WHERE a.id = NEW.account_id AND p.kind = 'payday' AND f.jurisdiction IN {FAILURES_COUNT_IN}
                    ) THEN
                        RAISE EXCEPTION 'cannot charge account %: the customer is asked first', NEW.account_id;
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 (constants of ours)
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.pk} on {self.account_id}"
