"""Emergency stops: one person halts contact at once, two together let it go on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMModelMixin, transition

from accounts.foundation.append_only import fixed, fixed_once_set, kept
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.purposes import Channel
from accounts.foundation.states import begins, state_field, state_trigger
from accounts.models import Jurisdiction


class StopCause(models.TextChoices):
    """Why contact is stopped: codes, so that the gate can tell it in both languages and decisions can keep it."""

    WRONG_CONTENT = "wrong_content", _("wrong amounts or texts")
    WRONG_PEOPLE = "wrong_people", _("the wrong people are contacted")
    TOO_MUCH = "too_much", _("too many contacts go out")
    SYSTEM_FAULT = "system_fault", _("a fault of a system or provider")
    BREACH = "breach", _("personal data may be exposed")
    AUTHORITY = "authority", _("a regulator or court asks for it")
    OTHER = "other", _("another cause, as noted")


class StopState(models.TextChoices):
    STANDING = "standing", pgettext_lazy("emergency stop", "stands")
    HALF_RELEASED = "half_released", pgettext_lazy("emergency stop", "stands, one of two released it")
    RELEASED = "released", pgettext_lazy("emergency stop", "released")


S = StopState
_SAID = ("channel", "jurisdiction", "portfolio_id", "cause", "note", "stopped_by_id", "stopped_at")


class ContactStop(FSMModelMixin, models.Model):
    """One emergency stop of a channel (empty: of all), for everybody, one jurisdiction or one portfolio.

    While it stands the gate refuses every contact of ours that it covers, whatever the policy in force says. One person
    stops; the first yes of two different people changes nothing yet, the second releases it.
    """

    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, blank=True)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=2, choices=Jurisdiction.choices, blank=True)
    portfolio = models.ForeignKey(
        "accounts.Portfolio", models.PROTECT, null=True, blank=True, related_name="stops", verbose_name=_("portfolio")
    )
    cause = models.CharField(_("cause"), max_length=20, choices=StopCause.choices)
    note = models.CharField(_("what happened"), max_length=200)
    state = state_field(StopState, StopState.STANDING, verbose_name=_("state"))
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(_("stopped"))
    first_yes_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    first_yes_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(_("released"), null=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("emergency stop")
        verbose_name_plural = _("emergency stops")
        # Asked by every decision and every page: what stands is found without reading what ever stood.
        indexes = [models.Index(fields=["id"], condition=Q(released_at__isnull=True), name="contact_stop_standing")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=StopState.values), name="contact_stop_state_known"),
            models.CheckConstraint(condition=Q(cause__in=StopCause.values), name="contact_stop_cause_known"),
            models.CheckConstraint(
                condition=Q(channel="") | Q(channel__in=Channel.values), name="contact_stop_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(jurisdiction="") | Q(portfolio__isnull=True), name="contact_stop_covers_one_thing"
            ),
            models.CheckConstraint(condition=~Q(note=""), name="contact_stop_has_a_reason"),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("first_yes_by")),
                name="contact_stop_released_by_two",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="released",
                    first_yes_by__isnull=False,
                    first_yes_at__isnull=False,
                    released_by__isnull=False,
                    released_at__isnull=False,
                )
                | ~Q(state="released") & Q(released_by__isnull=True, released_at__isnull=True),
                name="contact_stop_released_by_somebody",
            ),
        ]
        triggers = [
            state_trigger("communications_contactstop"),
            begins("communications_contactstop", S.STANDING),
            *kept("contact_stop"),
            fixed("contact_stop", *_SAID),
            *fixed_once_set("contact_stop", "first_yes_by_id", "first_yes_at", "released_by_id", "released_at"),
        ]

    def __str__(self) -> str:
        return f"stop {self.pk}"

    @property
    def stands(self) -> bool:
        return self.released_at is None

    @transition(field="state", source=S.STANDING, target=S.HALF_RELEASED)
    def agree(self, *, by: Any, at: datetime) -> None:
        self.first_yes_by, self.first_yes_at = by, at

    @transition(field="state", source=S.HALF_RELEASED, target=S.RELEASED)
    def release(self, *, by: Any, at: datetime) -> None:
        self.released_by, self.released_at = by, at
