"""Outcomes: how a contact ended, and what follows from it. Data, edited by an admin."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.foundation.append_only import traced


class Reached(models.TextChoices):
    NOBODY = "nobody", _("nobody")
    MACHINE = "machine", _("a machine")
    SOMEBODY = "somebody", _("somebody else")
    PARTY = "party", _("the right party")


class Outcome(models.Model):
    """One way in which a contact can end, and its effects.

    `counts_attempt` says whether rules that count attempts count it, `counts_conversation` whether it is a
    conversation with the right party. `hold_kind` is placed with a review after `review_days`; the next step becomes
    `next_kind` in `next_days`. `point_status` is what the contact point becomes. `uncounts` takes earlier calls to that
    point out of the counts.
    """

    code = models.SlugField(_("code"), unique=True)
    label_en = models.CharField(_("label (English)"), max_length=60)
    label_es = models.CharField(_("label (Spanish)"), max_length=60)
    key = models.CharField(_("key"), max_length=1, blank=True)
    channels = models.JSONField(_("channels"), default=list)
    reached = models.CharField(_("reached"), max_length=10, choices=Reached.choices)
    needs_verified = models.BooleanField(_("only after verification"), default=False)
    counts_attempt = models.BooleanField(_("counts as an attempt"), default=True)
    counts_conversation = models.BooleanField(_("counts as a conversation"), default=False)
    uncounts = models.BooleanField(_("uncounts earlier calls to the number"), default=False)
    point_status = models.CharField(_("the number or address becomes"), max_length=12, blank=True)
    hold_kind = models.CharField(_("hold that it places"), max_length=20, blank=True)
    review_days = models.PositiveSmallIntegerField(_("days until the hold's review"), default=0)
    next_kind = models.CharField(_("next step"), max_length=16, default="act")
    next_days = models.PositiveSmallIntegerField(_("days until the next step"), default=1)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    active = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        triggers = [traced("outcome")]

    def __str__(self) -> str:
        return self.code

    @property
    def is_of_strangers(self) -> bool:
        """Nobody, a machine or somebody else was reached: it can't be how a call with the verified person ended. What
        others tell of the person, a death for one, places a hold."""
        return self.reached != Reached.PARTY and not self.hold_kind

    @property
    def label(self) -> str:
        return self.label_es if (get_language() or "").startswith("es") else self.label_en
