"""Re-ageing: what was overdue is expected later, without having been paid."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.foundation.append_only import append_only, own_transaction
from accounts.foundation.money import amount_field


class ReAgeing(models.Model):
    """Once: the unmet due items of an account were replaced by one of `moved_to`. Written by the approval it carries.

    How often it may be done is the portfolio's to say; the database counts as well.
    """

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="reageings")
    on = models.DateField(_("on"))
    amount = amount_field(verbose_name=_("amount moved"))
    moved_to = models.DateField(_("expected on"))
    said = models.ForeignKey("accounts.Note", models.PROTECT, related_name="+")
    approval = models.OneToOneField("accounts.Approval", models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    txid = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("re-ageing")
        verbose_name_plural = _("re-ageings")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="reageing_amount_positive"),
            models.CheckConstraint(condition=Q(moved_to__gt=models.F("on")), name="reageing_moves_ahead"),
        ]
        triggers = [
            *append_only("reageing"),
            own_transaction("reageing_transaction"),
            pgtrigger.Trigger(
                name="reageing_counted",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                # Whoever comes second waits, and counts the first.
                func="""
                    PERFORM FROM accounts_account WHERE id = NEW.account_id FOR NO KEY UPDATE;
                    IF EXISTS (
                        SELECT 1 FROM accounts_account AS a JOIN accounts_portfolio AS f ON f.id = a.portfolio_id
                        WHERE a.id = NEW.account_id AND (
                            NOT f.reage_allowed
                            OR f.reage_per_year <= (SELECT count(*) FROM accounts_reageing AS r
                                WHERE r.account_id = a.id AND r.on > NEW.on - interval '12 months')
                            OR f.reage_per_five_years <= (SELECT count(*) FROM accounts_reageing AS r
                                WHERE r.account_id = a.id AND r.on > NEW.on - interval '5 years'))
                    ) THEN
                        RAISE EXCEPTION 'cannot re-age account %: its portfolio does not allow it again',
                            NEW.account_id;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"re-ageing {self.pk} of {self.account_id}"
