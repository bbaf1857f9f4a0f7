"""Arrangements: what was agreed, and its instalments."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMModelMixin, transition

from accounts.foundation.append_only import fixed, fixed_once_set, kept
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.money import amount_field
from accounts.foundation.states import begins, state_field, state_trigger
from arrangements.schedules.rhythms import Rhythm


class ArrangementKind(models.TextChoices):
    PROMISE = "promise", pgettext_lazy("arrangement kind", "promise to pay")
    SETTLEMENT = "settlement", pgettext_lazy("arrangement kind", "settlement")
    PLAN = "plan", pgettext_lazy("arrangement kind", "payment plan")
    TOKEN = "token", pgettext_lazy("arrangement kind", "token payments")


# Several payments, of which the portfolio says how many may be missed; any other arrangement breaks at the first.
SURVIVES_A_MISS = (ArrangementKind.PLAN, ArrangementKind.TOKEN)


class PlanRhythm(models.TextChoices):
    """How often a plan is paid; the days of each are worked out in `arrangements/schedules`."""

    ONCE = Rhythm.ONCE.value, pgettext_lazy("rhythm", "once")
    WEEKLY = Rhythm.WEEKLY.value, pgettext_lazy("rhythm", "every week")
    FORTNIGHTLY = Rhythm.FORTNIGHTLY.value, pgettext_lazy("rhythm", "every two weeks")
    MONTHLY = Rhythm.MONTHLY.value, pgettext_lazy("rhythm", "every month")
    PAY_DAYS = Rhythm.PAY_DAYS.value, pgettext_lazy("rhythm", "on pay days")


class Acceptance(models.TextChoices):
    """How the customer said yes to exactly these terms."""

    VERBAL = "verbal", pgettext_lazy("acceptance", "in a call, verified")
    WRITTEN = "written", pgettext_lazy("acceptance", "in writing")
    LINK = "link", pgettext_lazy("acceptance", "by their link, verified")


class ArrangementState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("arrangement", "draft")
    PENDING_APPROVAL = "pending_approval", pgettext_lazy("arrangement", "waiting for approval")
    OFFERED = "offered", pgettext_lazy("arrangement", "offered")
    ACTIVE = "active", pgettext_lazy("arrangement", "active")
    SUSPENDED = "suspended", pgettext_lazy("arrangement", "suspended")
    COMPLETED = "completed", pgettext_lazy("arrangement", "completed")
    BROKEN = "broken", pgettext_lazy("arrangement", "broken")
    BREACHED = "breached", pgettext_lazy("arrangement", "breached")
    CANCELLED = "cancelled", pgettext_lazy("arrangement", "cancelled")
    REPLACED = "replaced", pgettext_lazy("arrangement", "replaced")
    EXPIRED = "expired", pgettext_lazy("arrangement", "expired")
    DECLINED = "declined", pgettext_lazy("arrangement", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("arrangement", "withdrawn")


S = ArrangementState
LIVE = [S.ACTIVE, S.SUSPENDED]
_AGREED = (
    "account_id", "party_id", "kind", "amount", "currency", "discount", "balance_at_offer", "interest_from",
    "agreed_on", "expires_on", "contact_id", "made_by_id", "made_at", "rhythm", "freezes_interest", "terms_digest",
)  # fmt: skip


class Arrangement(FSMModelMixin, models.Model):
    """What a party agreed to pay on an account, when. A live one (active or suspended) pauses chasing by its hold.

    `balance_at_offer` and `discount` belong to settlements: what was owed when it was priced, and what is let go once
    every payment has cleared; interest of the days from `interest_from` on came on top. `times_reopened` counts late
    money that was accepted after a break. What is quoted has an expiry, and `terms_digest` of exactly the terms that
    were quoted: only those can be accepted.
    """

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="arrangements")
    party = models.ForeignKey("accounts.Party", models.PROTECT, related_name="arrangements")
    kind = models.CharField(_("kind"), max_length=12, choices=ArrangementKind.choices)
    state = state_field(ArrangementState, ArrangementState.DRAFT, verbose_name=_("state"))
    amount = amount_field(verbose_name=_("amount"))
    currency = models.CharField(max_length=3)
    discount = amount_field(default=0)
    balance_at_offer = amount_field(null=True, blank=True)
    interest_from = models.DateField(null=True, blank=True)
    agreed_on = models.DateField(_("agreed on"))
    expires_on = models.DateField(_("offer expires on"), null=True, blank=True)
    rhythm = models.CharField(_("rhythm"), max_length=12, choices=PlanRhythm.choices, default=PlanRhythm.ONCE)
    freezes_interest = models.BooleanField(_("interest is frozen"), default=False)
    terms_digest = models.CharField(max_length=64, blank=True)
    accepted_how = models.CharField(_("accepted"), max_length=8, choices=Acceptance.choices, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    contact_id = models.BigIntegerField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="arrangements")
    made_at = models.DateTimeField()
    approval = models.ForeignKey("accounts.Approval", models.PROTECT, null=True, blank=True, related_name="+")
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaces")
    times_reopened = models.PositiveSmallIntegerField(default=0)
    suspended_on = models.DateField(_("suspended on"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("arrangement")
        verbose_name_plural = _("arrangements")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state__in=LIVE), name="arrangement_one_live_per_account"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="arrangement_amount_positive"),
            models.CheckConstraint(condition=Q(state__in=ArrangementState.values), name="arrangement_state_known"),
            models.CheckConstraint(condition=Q(kind__in=ArrangementKind.values), name="arrangement_kind_known"),
            models.CheckConstraint(condition=Q(rhythm__in=PlanRhythm.values), name="arrangement_rhythm_known"),
            models.CheckConstraint(
                condition=~Q(state="offered") | (Q(expires_on__isnull=False) & ~Q(terms_digest="")),
                name="arrangement_offer_ends",
            ),
            models.CheckConstraint(
                condition=Q(state="suspended", suspended_on__isnull=False)
                | (~Q(state="suspended") & Q(suspended_on__isnull=True)),
                name="arrangement_suspended_since",
            ),
        ]
        indexes = [models.Index(fields=["account", "-id"], name="arrangement_of_account")]
        triggers = [
            state_trigger("arrangements_arrangement"),
            # A book that is taken over brings the promises that are in force.
            begins("arrangements_arrangement", S.DRAFT, S.ACTIVE),
            *kept("arrangement"),
            fixed("arrangement", *_AGREED, once="OLD.state <> 'draft'"),
            *fixed_once_set("arrangement", "approval_id", "replaced_by_id", "accepted_at"),
            fixed("arrangement_reopened", "times_reopened", once="NEW.times_reopened < OLD.times_reopened"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def priced_without(self) -> date:
        """The first day whose interest was not in what was owed when it was worked out."""
        return self.interest_from or self.agreed_on

    @transition(field="state", source=S.DRAFT, target=S.PENDING_APPROVAL)
    def ask_approval(self, *, approval) -> None:
        self.approval = approval

    @transition(field="state", source=[S.DRAFT, S.PENDING_APPROVAL], target=S.OFFERED)
    def offer(self) -> None:
        """Within authority, or approved."""

    @transition(field="state", source=S.OFFERED, target=S.ACTIVE)
    def accept(self, *, at: datetime, how: str = "") -> None:
        """The party said yes to exactly these terms."""
        self.accepted_at, self.accepted_how = at, how

    @transition(field="state", source=[S.PENDING_APPROVAL, S.OFFERED], target=S.DECLINED)
    def decline(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field="state", source=S.PENDING_APPROVAL, target=S.WITHDRAWN)
    def withdraw(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field="state", source=S.OFFERED, target=S.EXPIRED)
    def expire(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field="state", source=S.ACTIVE, target=S.SUSPENDED)
    def suspend(self, *, on: date) -> None:
        """A hold stopped it; its clock stands."""
        self.suspended_on = on

    @transition(field="state", source=S.SUSPENDED, target=S.ACTIVE)
    def resume(self) -> None:
        """The hold is over."""
        self.suspended_on = None

    @transition(field="state", source=S.ACTIVE, target=S.COMPLETED)
    def complete(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field="state", source=[S.ACTIVE, S.COMPLETED], target=S.BROKEN)
    def fall_through(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field="state", source=[S.ACTIVE, S.SUSPENDED], target=S.CANCELLED)
    def cancel(self, *, at: datetime) -> None:
        self.ended_at, self.suspended_on = at, None

    @transition(field="state", source=[S.ACTIVE, S.SUSPENDED], target=S.REPLACED)
    def replace(self, *, at: datetime) -> None:
        self.ended_at, self.suspended_on = at, None

    @transition(field="state", source=S.BROKEN, target=S.ACTIVE)
    def accept_late_money(self) -> None:
        self.times_reopened += 1
        self.ended_at = None

    @transition(field="state", source=S.COMPLETED, target=S.ACTIVE)
    def reopen(self) -> None:
        self.ended_at = None

    @transition(field="state", source=S.COMPLETED, target=S.BREACHED)
    def breach(self, *, at: datetime) -> None:
        self.ended_at = at


class InstalmentState(models.TextChoices):
    SCHEDULED = "scheduled", pgettext_lazy("instalment", "scheduled")
    DUE = "due", pgettext_lazy("instalment", "due")
    KEPT_PROVISIONALLY = "kept_provisionally", pgettext_lazy("instalment", "kept provisionally")
    KEPT = "kept", pgettext_lazy("instalment", "kept")
    PART_KEPT = "part_kept", pgettext_lazy("instalment", "part kept")
    BROKEN = "broken", pgettext_lazy("instalment", "broken")


I = InstalmentState  # noqa: E741
# Days move only by what was paused: both of a payment that is still waited for; of one that was missed, or kept by
# money that may come back, the day from which it counts as missed.
_PAUSED = """
    NEW.paused_days > OLD.paused_days AND (
        OLD.state IN ('scheduled', 'due') AND NEW.judged_on >= OLD.judged_on
        AND NEW.due_on - OLD.due_on = NEW.paused_days - OLD.paused_days
        OR OLD.state IN ('broken', 'part_kept', 'kept_provisionally') AND NEW.due_on = OLD.due_on
        AND NEW.judged_on - OLD.judged_on = NEW.paused_days - OLD.paused_days
    )
"""


class Instalment(FSMModelMixin, models.Model):
    """One agreed payment: an amount by a day. Money received up to that day plus grace keeps it provisionally, money
    cleared keeps it. `paused_days` have been added to its days because a hold kept the arrangement suspended."""

    arrangement = models.ForeignKey(Arrangement, models.PROTECT, related_name="instalments")
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField(_("due on"))
    judged_on = models.DateField(_("judged after"))
    paused_days = models.PositiveSmallIntegerField(_("days paused"), default=0)
    amount = amount_field(verbose_name=_("amount"))
    state = state_field(InstalmentState, InstalmentState.SCHEDULED, verbose_name=_("state"))
    decided_on: date = models.DateField(null=True, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ["due_on", "number"]
        constraints = [
            models.UniqueConstraint(fields=["arrangement", "number"], name="instalment_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_amount_positive"),
            models.CheckConstraint(condition=Q(state__in=InstalmentState.values), name="instalment_state_known"),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="instalment_of_the_day")]
        triggers = [
            state_trigger("arrangements_instalment"),
            begins("arrangements_instalment", I.SCHEDULED, I.DUE),
            *kept("instalment"),
            fixed("instalment", "arrangement_id", "account_id", "number", "amount"),
            fixed("instalment_days", "due_on", "judged_on", "paused_days", once=f"NOT ({_PAUSED})"),
        ]

    def __str__(self) -> str:
        return f"instalment {self.number} of {self.arrangement_id}"

    @transition(field="state", source=[I.SCHEDULED, I.KEPT_PROVISIONALLY, I.KEPT, I.PART_KEPT], target=I.DUE)
    def fall_due(self) -> None:
        self.decided_on = None

    @transition(field="state", source=[I.SCHEDULED, I.DUE, I.BROKEN, I.PART_KEPT], target=I.KEPT_PROVISIONALLY)
    def keep_provisionally(self, *, on: date) -> None:
        self.decided_on = on

    @transition(field="state", source=[I.SCHEDULED, I.DUE, I.KEPT_PROVISIONALLY, I.BROKEN, I.PART_KEPT], target=I.KEPT)
    def keep(self, *, on: date) -> None:
        self.decided_on = on

    @transition(field="state", source=[I.DUE, I.BROKEN, I.KEPT_PROVISIONALLY, I.KEPT], target=I.PART_KEPT)
    def keep_in_part(self, *, on: date) -> None:
        self.decided_on = on

    @transition(field="state", source=[I.DUE, I.KEPT_PROVISIONALLY, I.KEPT, I.PART_KEPT], target=I.BROKEN)
    def fall_through(self, *, on: date) -> None:
        self.decided_on = on
