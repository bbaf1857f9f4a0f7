"""Hardship: a customer says that they can't pay, and what we do about it by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMModelMixin, transition

from accounts.foundation.append_only import fixed, fixed_once_set, kept
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.states import begins, state_field, state_trigger


class HardshipState(models.TextChoices):
    SIGNALLED = "signalled", pgettext_lazy("hardship", "signalled")
    RECORDED = "recorded", pgettext_lazy("hardship", "recorded")
    INFORMATION_REQUESTED = "information_requested", pgettext_lazy("hardship", "information asked for")
    ASSESSED = "assessed", pgettext_lazy("hardship", "assessed")
    GRANTED = "granted", pgettext_lazy("hardship", "help granted")
    DECLINED = "declined", pgettext_lazy("hardship", "declined")
    UNDER_REVIEW = "under_review", pgettext_lazy("hardship", "under review")
    ENDED = "ended", pgettext_lazy("hardship", "ended")


class HardshipMeasure(models.TextChoices):
    PAUSE = "pause", pgettext_lazy("hardship", "nothing is asked for a while")
    ARRANGEMENT = "arrangement", pgettext_lazy("hardship", "a plan or token payments")
    REFERRAL = "referral", pgettext_lazy("hardship", "referred to free debt advice")


@dataclass(frozen=True)
class HardshipClock:
    """Days, by which rule: until when information may be asked for, how long the customer then has, when it is decided
    at the latest: after the notice, after the information came, and after it was asked for and never came."""

    ask_within: int
    answer_within: int
    decide_after_notice: int
    decide_after_information: int
    decide_without_it: int
    source: str | Promise


HARDSHIP_CLOCKS = {
    "AU": HardshipClock(21, 21, 21, 21, 28, "National Credit Code s72(2)-(5)"),
    "UK": HardshipClock(30, 30, 30, 30, 60, "CONC 7.3.11R, 7.3.12G: 30 days, and 30 more"),
    "US": HardshipClock(30, 30, 30, 30, 60, _("Firm policy")),
    "MX": HardshipClock(30, 30, 30, 30, 60, _("Firm policy")),
}
# A notice within four months (122 days) of the last protects only when it is materially different: NCC s89A.
REPEAT_WITHIN = timedelta(days=122)

S = HardshipState
OPEN_HARDSHIP = [S.SIGNALLED, S.RECORDED, S.INFORMATION_REQUESTED, S.ASSESSED, S.GRANTED, S.DECLINED, S.UNDER_REVIEW]


class HardshipCase(FSMModelMixin, models.Model):
    """One customer's notice that they can't pay, with its clocks, what was found, and what was granted or refused.

    It begins with its hold and ends with it. What is kept is what they need, never why: that belongs to a sensitive
    note. Days are civil days of the portfolio.
    """

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="hardship_cases")
    party = models.ForeignKey("accounts.Party", models.PROTECT, related_name="hardship_cases")
    state = state_field(HardshipState, HardshipState.SIGNALLED, verbose_name=_("state"))
    noticed_on = models.DateField(_("noticed on"))
    hold = models.OneToOneField("accounts.Hold", models.PROTECT, related_name="+")
    earlier = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeats")
    is_different = models.BooleanField(_("materially different from the last one"), default=False)
    asked_on = models.DateField(_("information asked for on"), null=True, blank=True)
    information_by = models.DateField(null=True, blank=True)
    informed_on = models.DateField(_("information came on"), null=True, blank=True)
    decide_by = models.DateField()
    budget = models.ForeignKey("arrangements.Budget", models.PROTECT, null=True, blank=True, related_name="+")
    measure = models.CharField(_("help"), max_length=12, choices=HardshipMeasure.choices, blank=True)
    arrangement = models.ForeignKey(
        "arrangements.Arrangement", models.PROTECT, null=True, blank=True, related_name="hardship_cases"
    )
    review_on = models.DateField(_("looked at again on"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reasons = models.ForeignKey("accounts.Note", models.PROTECT, null=True, blank=True, related_name="+")
    answered_on = models.DateField(null=True, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("hardship case")
        verbose_name_plural = _("hardship cases")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=S.values), name="hardship_state_known"),
            models.CheckConstraint(
                condition=~Q(state=S.GRANTED) | (~Q(measure="") & Q(review_on__isnull=False)),
                name="hardship_granted_what_until_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.DECLINED) | Q(reasons__isnull=False, decided_by__isnull=False),
                name="hardship_declined_with_reasons",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.ENDED) | Q(ended_at__isnull=False), name="hardship_ended_has_date"
            ),
            models.CheckConstraint(
                condition=~Q(state=S.ENDED) | Q(reasons__isnull=True) | Q(answered_on__isnull=False),
                name="hardship_refusal_was_sent",
            ),
            models.UniqueConstraint(
                fields=["party"], condition=Q(state__in=OPEN_HARDSHIP), name="hardship_one_open_per_party"
            ),
        ]
        indexes = [models.Index(fields=["decide_by"], condition=Q(state__in=OPEN_HARDSHIP), name="hardship_inbox")]
        triggers = [
            state_trigger("arrangements_hardshipcase"),
            begins("arrangements_hardshipcase", S.SIGNALLED),
            *kept("hardship"),
            fixed(
                "hardship", "account_id", "party_id", "noticed_on", "hold_id", "earlier_id", "opened_by_id", "opened_at"
            ),
            *fixed_once_set("hardship", "asked_on", "information_by", "informed_on", "ended_at", "answered_on"),
            fixed("hardship_clock", "decide_by", once="OLD.informed_on IS NOT NULL OR OLD.decided_at IS NOT NULL"),
            fixed("hardship_reasons", "reasons_id", once="OLD.reasons_id IS NOT NULL"),
        ]

    def __str__(self) -> str:
        return f"hardship case {self.pk}"

    @property
    def clock(self) -> HardshipClock:
        return HARDSHIP_CLOCKS[self.account.portfolio.jurisdiction]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_HARDSHIP

    @property
    def is_undecided(self) -> bool:
        return self.state in (S.SIGNALLED, S.RECORDED, S.INFORMATION_REQUESTED, S.ASSESSED)

    @property
    def due_on(self) -> date:
        """The day by which the next thing is to happen."""
        if self.state == S.INFORMATION_REQUESTED and self.information_by and not self.informed_on:
            return self.information_by
        if self.state in (S.GRANTED, S.UNDER_REVIEW) and self.review_on:
            return self.review_on
        return self.decide_by

    def has_budget(self) -> bool:
        return self.budget_id is not None

    def is_answered(self) -> bool:
        """Who was declined was sent why, before anything goes on."""
        return self.state != S.DECLINED or self.answered_on is not None

    @transition(field="state", source=S.SIGNALLED, target=S.RECORDED)
    def record(self, *, is_different: bool) -> None:
        self.is_different = is_different

    @transition(field="state", source=S.RECORDED, target=S.INFORMATION_REQUESTED)
    def ask_information(self, *, on: date) -> None:
        self.asked_on, self.information_by = on, on + timedelta(days=self.clock.answer_within)
        self.decide_by = on + timedelta(days=self.clock.decide_without_it)

    @transition(field="state", source=[S.RECORDED, S.INFORMATION_REQUESTED], target=S.ASSESSED, conditions=[has_budget])
    def assess(self, *, on: date) -> None:
        if self.asked_on is not None:
            self.informed_on = on
            self.decide_by = min(self.decide_by, on + timedelta(days=self.clock.decide_after_information))

    @transition(field="state", source=[S.ASSESSED, S.UNDER_REVIEW], target=S.GRANTED)
    def grant(self, *, measure: str, arrangement, review_on: date, by, at: datetime) -> None:
        self.measure, self.arrangement, self.review_on = measure, arrangement, review_on
        self.decided_by, self.decided_at = by, at

    @transition(field="state", source=S.ASSESSED, target=S.DECLINED)
    def decline(self, *, reasons, by, at: datetime) -> None:
        self.reasons, self.decided_by, self.decided_at = reasons, by, at

    @transition(field="state", source=S.GRANTED, target=S.UNDER_REVIEW)
    def review(self) -> None:
        """The day came on which the help is looked at again."""

    @transition(field="state", source=OPEN_HARDSHIP, target=S.ENDED, conditions=[is_answered])
    def end(self, *, at: datetime) -> None:
        self.ended_at = at
