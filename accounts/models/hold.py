"""Holds: dated, typed, stackable restrictions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMModelMixin, transition

from accounts.foundation.append_only import fixed, kept
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.money import amount_field
from accounts.foundation.purposes import Channel, Purpose
from accounts.foundation.states import begins, state_field, state_trigger


class HoldKind(models.TextChoices):
    DISPUTE = "dispute", pgettext_lazy("hold", "dispute")
    COMPLAINT = "complaint", pgettext_lazy("hold", "complaint")
    HARDSHIP = "hardship", pgettext_lazy("hold", "hardship")
    BREATHING_SPACE = "breathing_space", pgettext_lazy("hold", "breathing space")
    MENTAL_HEALTH_CRISIS = "mental_health_crisis", pgettext_lazy("hold", "mental health crisis moratorium")
    SCOTTISH_MORATORIUM = "scottish_moratorium", pgettext_lazy("hold", "moratorium (Scotland)")
    INSOLVENCY = "insolvency", pgettext_lazy("hold", "insolvency")
    DECEASED = "deceased", pgettext_lazy("hold", "deceased")
    FRAUD = "fraud", pgettext_lazy("hold", "fraud concern")
    CEASE = "cease", pgettext_lazy("hold", "cease request")
    REPRESENTATION = "representation", pgettext_lazy("hold", "represented")
    INCAPACITY = "incapacity", pgettext_lazy("hold", "lack of capacity")
    VULNERABILITY = "vulnerability", pgettext_lazy("hold", "vulnerability")
    PAID_CLAIM = "paid_claim", pgettext_lazy("hold", "customer says paid")
    PAUSE = "pause", pgettext_lazy("hold", "pause agreed")
    ARRANGEMENT = "arrangement", pgettext_lazy("hold", "arrangement")
    LIMITATION = "limitation", pgettext_lazy("hold", "limitation period passed")
    OPT_OUT = "opt_out", pgettext_lazy("hold", "opt-out")
    APPROVAL = "approval", pgettext_lazy("hold", "waiting for approval")
    RECONCILIATION = "reconciliation", pgettext_lazy("hold", "reconciliation")
    ADMIN = "admin", pgettext_lazy("hold", "administrative")


class HoldScope(models.TextChoices):
    PERSON = "person", pgettext_lazy("hold scope", "person")
    ACCOUNT = "account", pgettext_lazy("hold scope", "account")
    CONTACT_POINT = "contact_point", pgettext_lazy("hold scope", "contact point")
    CHANNEL = "channel", pgettext_lazy("hold scope", "channel")
    AMOUNT = "amount", pgettext_lazy("hold scope", "part of the amount")


MORATORIA = [HoldKind.BREATHING_SPACE, HoldKind.MENTAL_HEALTH_CRISIS, HoldKind.SCOTTISH_MORATORIUM]
P = Purpose
ANSWERING = [P.REPLY, P.CONFIRMATION, P.INBOUND, P.STATUTORY_NOTICE]


@dataclass(frozen=True)
class HoldTerms:
    """What a kind of hold means unless somebody says otherwise: its scope, what stays permitted, and how it ends.

    `self_ending` holds lift on their date; all others keep forbidding and become a review. `runs_days` above 0: the law
    gives it so many days, which is what its second review is set to unless somebody says otherwise.
    `freezes_interest`: while it stands nothing is added to the debts of whoever it is on.
    """

    scope: HoldScope
    permits: tuple[Purpose, ...]
    review_days: int
    self_ending: bool = False
    runs_days: int = 0
    freezes_interest: bool = False


HOLD_TERMS: dict[HoldKind, HoldTerms] = {
    HoldKind.DISPUTE: HoldTerms(HoldScope.ACCOUNT, tuple(ANSWERING), 14),
    HoldKind.COMPLAINT: HoldTerms(HoldScope.PERSON, tuple(ANSWERING), 14),
    HoldKind.HARDSHIP: HoldTerms(HoldScope.PERSON, tuple(ANSWERING), 21),
    # An adviser looks at it again between days 25 and 35 and may end it early: that is the review. It runs 60 days.
    HoldKind.BREATHING_SPACE: HoldTerms(HoldScope.PERSON, tuple(ANSWERING), 30, runs_days=60, freezes_interest=True),
    # As long as the crisis is treated and 30 days more: nobody knows its end, so it is asked about each month.
    HoldKind.MENTAL_HEALTH_CRISIS: HoldTerms(HoldScope.PERSON, tuple(ANSWERING), 30, freezes_interest=True),
    HoldKind.SCOTTISH_MORATORIUM: HoldTerms(HoldScope.PERSON, tuple(ANSWERING), 30, freezes_interest=True),
    HoldKind.INSOLVENCY: HoldTerms(HoldScope.PERSON, tuple(ANSWERING), 30, freezes_interest=True),
    HoldKind.DECEASED: HoldTerms(HoldScope.PERSON, tuple(ANSWERING), 30, freezes_interest=True),
    HoldKind.FRAUD: HoldTerms(HoldScope.ACCOUNT, tuple(ANSWERING), 14),
    HoldKind.CEASE: HoldTerms(HoldScope.ACCOUNT, tuple(ANSWERING), 30),
    HoldKind.REPRESENTATION: HoldTerms(HoldScope.PERSON, tuple(ANSWERING), 14),
    HoldKind.INCAPACITY: HoldTerms(HoldScope.PERSON, tuple(ANSWERING), 30),
    HoldKind.VULNERABILITY: HoldTerms(HoldScope.PERSON, tuple(ANSWERING), 14),
    HoldKind.PAID_CLAIM: HoldTerms(HoldScope.ACCOUNT, (*ANSWERING,), 5),
    HoldKind.PAUSE: HoldTerms(HoldScope.ACCOUNT, (*ANSWERING, P.TRACE), 30, self_ending=True),
    HoldKind.ARRANGEMENT: HoldTerms(HoldScope.ACCOUNT, (*ANSWERING, P.REMINDER), 60, self_ending=True),
    HoldKind.LIMITATION: HoldTerms(HoldScope.ACCOUNT, (*ANSWERING, P.TRACE), 365),
    HoldKind.OPT_OUT: HoldTerms(HoldScope.CHANNEL, (P.REPLY, P.INBOUND), 365),
    HoldKind.APPROVAL: HoldTerms(HoldScope.ACCOUNT, (*ANSWERING, P.REMINDER, P.DEMAND, P.TRACE), 7),
    # The merchant asked what the share of the receipts was: until that is known nobody asks for the estimate.
    HoldKind.RECONCILIATION: HoldTerms(HoldScope.ACCOUNT, (*ANSWERING, P.TRACE), 10),
    HoldKind.ADMIN: HoldTerms(HoldScope.ACCOUNT, (*ANSWERING, P.TRACE), 14),
}

# In a moratorium nothing is added (Debt Respite Scheme Regulations 2020, reg 7: no interest, fees, penalties or charges
# for its whole time). In insolvency and after a death the estate is asked for what was owed on the day.
FREEZES_INTEREST = [kind for kind, terms in HOLD_TERMS.items() if terms.freezes_interest]


class HoldState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("hold", "active")
    REVIEW_DUE = "review_due", pgettext_lazy("hold", "review due")
    EXTENDED = "extended", pgettext_lazy("hold", "extended")
    RELEASED = "released", pgettext_lazy("hold", "released")
    SUPERSEDED = "superseded", pgettext_lazy("hold", "superseded")


S = HoldState
IN_FORCE = [S.ACTIVE, S.REVIEW_DUE, S.EXTENDED]


class Hold(FSMModelMixin, models.Model):
    """A restriction on what may be done: for a person, an account, a contact point, a channel or a part of the amount.

    It forbids every purpose but the permitted ones, until it is released. `person` is the root of the link group.
    `placed_for` links the thing that keeps it (an arrangement, an escalation), by type and id.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=HoldKind.choices)
    scope = models.CharField(_("scope"), max_length=16, choices=HoldScope.choices)
    person = models.ForeignKey("accounts.Party", models.PROTECT, related_name="holds")
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, blank=True, related_name="holds")
    contact_point = models.ForeignKey(
        "accounts.ContactPoint", models.PROTECT, null=True, blank=True, related_name="holds"
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, blank=True)
    amount = amount_field(null=True, blank=True, verbose_name=_("amount held"))
    permits = ArrayField(models.CharField(max_length=20, choices=Purpose.choices), verbose_name=_("stays permitted"))
    state = state_field(HoldState, HoldState.ACTIVE, verbose_name=_("state"))
    from_on = models.DateField(_("from"))
    review_on = models.DateField(_("review on"))
    self_ending = models.BooleanField(_("ends by itself"), default=False)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    placed_at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    placed_for_type = models.CharField(max_length=40, blank=True)
    placed_for_id = models.BigIntegerField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    release_reason = models.CharField(max_length=60, blank=True)
    displaced_step = models.JSONField(null=True, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=HoldState.values), name="hold_state_known"),
            models.CheckConstraint(condition=Q(kind__in=HoldKind.values), name="hold_kind_known"),
            models.CheckConstraint(
                condition=~Q(scope__in=["account", "amount"]) | Q(account__isnull=False), name="hold_account_named"
            ),
            models.CheckConstraint(
                condition=~Q(scope="contact_point") | Q(contact_point__isnull=False), name="hold_contact_point_named"
            ),
            models.CheckConstraint(condition=~Q(scope="channel") | ~Q(channel=""), name="hold_channel_named"),
            models.CheckConstraint(
                condition=Q(state__in=IN_FORCE) | Q(released_at__isnull=False), name="hold_released_has_date"
            ),
        ]
        indexes = [
            models.Index(fields=["person"], condition=Q(state__in=IN_FORCE), name="hold_of_person_in_force"),
            models.Index(fields=["account"], condition=Q(state__in=IN_FORCE), name="hold_of_account_in_force"),
            models.Index(fields=["review_on"], condition=Q(state__in=IN_FORCE), name="hold_reaching_its_date"),
        ]
        triggers = [
            state_trigger("accounts_hold"),
            begins("accounts_hold", S.ACTIVE),
            *kept("hold"),
            fixed("hold", "kind", "scope", "from_on", "placed_by_id", "placed_at"),
            fixed("hold_on", "person_id", "account_id", "contact_point_id", "channel", "amount"),
            fixed("hold_terms", "permits", "self_ending", "reason", "placed_for_type", "placed_for_id"),
            fixed("hold_review", "review_on", once="NEW.state <> 'extended'"),
            fixed("hold_released", "released_at", "release_reason", once="OLD.released_at IS NOT NULL"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} hold {self.pk}"

    @property
    def in_force(self) -> bool:
        return self.state in IN_FORCE

    def forbids(self, purpose: str) -> bool:
        return self.in_force and purpose not in self.permits

    @transition(field="state", source=[S.ACTIVE, S.EXTENDED], target=S.REVIEW_DUE)
    def come_due(self) -> None:
        """Its date was reached: it keeps forbidding until somebody reviews it."""

    @transition(field="state", source=[S.ACTIVE, S.REVIEW_DUE, S.EXTENDED], target=S.EXTENDED)
    def extend(self, *, review_on: date) -> None:
        self.review_on = review_on

    @transition(field="state", source=IN_FORCE, target=S.RELEASED)
    def release(self, *, at: datetime, reason: str) -> None:
        self.released_at, self.release_reason = at, reason

    @transition(field="state", source=IN_FORCE, target=S.SUPERSEDED)
    def supersede(self, *, at: datetime, reason: str) -> None:
        self.released_at, self.release_reason = at, reason
