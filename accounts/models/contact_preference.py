"""What a person asked for about being contacted, and what is known of their place of work. Rows are only added."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.append_only import append_only
from accounts.foundation.purposes import Channel


class ToldBy(models.TextChoices):
    CALL = "call", pgettext_lazy("told by", "on a call")
    LETTER = "letter", pgettext_lazy("told by", "by letter")
    EMAIL = "email", pgettext_lazy("told by", "by e-mail")
    TEXT = "text", pgettext_lazy("told by", "by text")
    CREDITOR = "creditor", pgettext_lazy("told by", "through the creditor")


def week_field(**options: Any) -> ArrayField:
    """Seven windows, Monday first, as `communications.policy.weekly` reads them; or none at all."""
    return ArrayField(models.CharField(max_length=11, blank=True), default=list, blank=True, **options)


class ContactPreferenceQuerySet(models.QuerySet["ContactPreference"]):
    def current(self) -> ContactPreferenceQuerySet:
        """Wishes that stand: not withdrawn, and not replaced by a later row."""
        return self.filter(withdrawn=False, replaced_by__isnull=True)


class ContactPreference(models.Model):
    """One wish of one person about when, where and by which way they are contacted, on whichever debt.

    It speaks of every way, of one channel, or of one contact point. A wish that changes or ends is followed by a row
    that `replaces` it; the last row of a chain is the one that stands, and with `withdrawn` none does. `account` is the
    one on whose page it was noted.
    """

    party = models.ForeignKey("accounts.Party", models.PROTECT, related_name="contact_preferences")
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+")
    contact_point = models.ForeignKey("accounts.ContactPoint", models.PROTECT, null=True, related_name="preferences")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, blank=True)
    hours = week_field(verbose_name=_("hours"))
    media = ArrayField(models.CharField(max_length=10, choices=Channel.choices), default=list, blank=True)
    not_at_work = models.BooleanField(_("not at work"), default=False)
    from_on = models.DateField(_("from"), null=True)
    until_on = models.DateField(_("until"), null=True)
    told_by = models.CharField(_("how it was said"), max_length=10, choices=ToldBy.choices)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    withdrawn = models.BooleanField(default=False)

    objects = ContactPreferenceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn=True, replaces__isnull=False)
                | Q(withdrawn=False) & (~Q(hours=[]) | ~Q(media=[]) | Q(not_at_work=True)),
                name="contact_preference_says_something",
            ),
            models.CheckConstraint(condition=Q(hours=[]) | Q(hours__len=7), name="contact_preference_whole_week"),
            models.CheckConstraint(
                condition=Q(from_on__isnull=True) | Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="contact_preference_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["party"], name="contact_preference_of_party")]
        triggers = append_only("contact_preference")

    def __str__(self) -> str:
        return f"preference {self.pk}"


class EmployerStance(models.TextChoices):
    UNKNOWN = "", pgettext_lazy("employer", "not known")
    FORBIDS = "forbids", pgettext_lazy("employer", "forbids contact at work")
    ALLOWS = "allows", pgettext_lazy("employer", "has nothing against it")


class Workplace(models.Model):
    """What was known of contact at a person's work from an instant on: whether the employer wants none, and the
    person's working hours. The latest row of a party is the one that stands."""

    party = models.ForeignKey("accounts.Party", models.PROTECT, related_name="workplaces")
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+")
    employer = models.CharField(_("the employer"), max_length=10, choices=EmployerStance.choices, blank=True)
    hours = week_field(verbose_name=_("working hours"))
    told_by = models.CharField(_("how it was said"), max_length=10, choices=ToldBy.choices)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(employer__in=EmployerStance.values), name="workplace_employer_known"),
            models.CheckConstraint(condition=Q(hours=[]) | Q(hours__len=7), name="workplace_whole_week"),
        ]
        indexes = [models.Index(fields=["party", "-id"], name="workplace_of_party")]
        triggers = append_only("workplace")

    def __str__(self) -> str:
        return f"workplace {self.pk}"
