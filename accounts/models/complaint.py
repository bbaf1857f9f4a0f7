"""Complaints: what a customer says about how they were treated, until it is answered, or the authority has decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Greatest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMModelMixin, transition

from accounts.foundation import days
from accounts.foundation.append_only import fixed, fixed_once_set, kept
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.states import begins, state_field, state_trigger
from accounts.models.dispute import AnswerWay


class ComplaintCategory(models.TextChoices):
    CONTACT = "contact", pgettext_lazy("complaint", "way of contact")
    INFORMATION = "information", pgettext_lazy("complaint", "wrong information")
    HARDSHIP = "hardship", pgettext_lazy("complaint", "handling of hardship")
    PRIVACY = "privacy", pgettext_lazy("complaint", "privacy, or talking to somebody else")
    FEES = "fees", pgettext_lazy("complaint", "fees or an amount")
    CONDUCT = "conduct", pgettext_lazy("complaint", "conduct of a member of staff")
    OTHER = "other", pgettext_lazy("complaint", "something else")


class ComplaintWay(models.TextChoices):
    """By which way it reached us. An authority passes on what customers tell it before it looks at it itself."""

    CUSTOMER = "customer", pgettext_lazy("complaint way", "from the customer")
    REPRESENTATIVE = "representative", pgettext_lazy("complaint way", "from a representative")
    FOS = "fos", pgettext_lazy("complaint way", "through the Financial Ombudsman Service")
    CFPB = "cfpb", pgettext_lazy("complaint way", "through the CFPB")
    CONDUSEF = "condusef", pgettext_lazy("complaint way", "through CONDUSEF (REDECO)")
    AFCA = "afca", pgettext_lazy("complaint way", "through AFCA")


class ComplaintState(models.TextChoices):
    RAISED = "raised", pgettext_lazy("complaint", "raised")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("complaint", "acknowledged")
    UNDER_REVIEW = "under_review", pgettext_lazy("complaint", "under review")
    UPHELD = "upheld", pgettext_lazy("complaint", "upheld")
    PART_UPHELD = "part_upheld", pgettext_lazy("complaint", "upheld in part")
    REJECTED = "rejected", pgettext_lazy("complaint", "rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("complaint", "withdrawn")
    REFERRED = "referred", pgettext_lazy("complaint", "with the authority")
    CLOSED = "closed", pgettext_lazy("complaint", "closed")


class Remedy(models.TextChoices):
    APOLOGY = "apology", pgettext_lazy("remedy", "an apology")
    RECORDS = "records", pgettext_lazy("remedy", "our records are corrected")
    CONTACT = "contact", pgettext_lazy("remedy", "we contact them in another way")
    TRAINING = "training", pgettext_lazy("remedy", "training, or a word with whom it is about")
    MONEY = "money", pgettext_lazy("remedy", "an amount is put right")


class Ruling(models.TextChoices):
    """What the authority decided."""

    UPHELD = "upheld", pgettext_lazy("ruling", "the customer is right")
    PART_UPHELD = "part_upheld", pgettext_lazy("ruling", "the customer is right in part")
    REJECTED = "rejected", pgettext_lazy("ruling", "we are right")
    AGREED = "agreed", pgettext_lazy("ruling", "both agreed")
    DROPPED = "dropped", pgettext_lazy("ruling", "closed without a decision")


# Who hears complaints besides us, by place.
AUTHORITIES = {"UK": ComplaintWay.FOS, "US": ComplaintWay.CFPB, "MX": ComplaintWay.CONDUSEF, "AU": ComplaintWay.AFCA}


@dataclass(frozen=True)
class ComplaintClock:
    """Until when a complaint is acknowledged (business days) and answered (civil days, unless `in_business_days`)
    after it came, by which rule."""

    acknowledge_days: int
    answer_days: int
    source: str | Promise
    in_business_days: bool = False

    def acknowledge_by(self, received_on: date, country: str) -> date:
        return days.add_business_days(received_on, self.acknowledge_days, country)

    def answer_by(self, received_on: date, country: str) -> date:
        if self.in_business_days:
            return days.add_business_days(received_on, self.answer_days, country)
        return received_on + timedelta(days=self.answer_days)


COMPLAINT_CLOCKS = {
    "UK": ComplaintClock(
        5,
        56,
        _("DISP 1.6.2R: eight weeks; DISP 1.6.1R: acknowledged promptly, by firm policy in 5 business days"),
    ),
    "US": ComplaintClock(5, 30, _("Firm policy")),
    "MX": ComplaintClock(
        2,
        30,
        _(
            "Ley de Protección y Defensa al Usuario de Servicios Financieros, art. 50 Bis: 30 business days;"
            " acknowledged by firm policy"
        ),
        in_business_days=True,
    ),
    "AU": ComplaintClock(1, 30, _("ASIC RG 271.56: 30 days; RG 271.51: acknowledged within a business day")),
}
# By where it came from, or what it is about, the answer is due earlier.
_SOONER: dict[tuple[str, str], ComplaintClock] = {
    ("US", ComplaintWay.CFPB): ComplaintClock(5, 15, _("The CFPB asks for an answer within 15 days (12 USC 5534(b))")),
    ("AU", ComplaintCategory.HARDSHIP): ComplaintClock(
        1, 21, _("ASIC RG 271 Table 2: 21 days about hardship; RG 271.51: acknowledged within a business day")
    ),
}


def clock_for(place: str, *, category: str, way: str) -> ComplaintClock:
    """The clock of a complaint: the shorter one where its way or its category has one of its own."""
    return _SOONER.get((place, way)) or _SOONER.get((place, category)) or COMPLAINT_CLOCKS[place]


S = ComplaintState
ANSWERED_AS = [S.UPHELD, S.PART_UPHELD, S.REJECTED]
NOT_DECIDED = [S.RAISED, S.ACKNOWLEDGED, S.UNDER_REVIEW]
# Our clock runs: the customer waits for us.
WAITS_FOR_US = [*NOT_DECIDED, *ANSWERED_AS]
OPEN_COMPLAINT = [*WAITS_FOR_US, S.WITHDRAWN, S.REFERRED]
_REFERRED_AGAIN = "(OLD.state = 'closed' AND NEW.state = 'referred')"


class ComplaintQuerySet(LockableQuerySet):
    def due_first(self) -> ComplaintQuerySet:
        """What is due next on top; `next_due` is `due_on`, worked out by the database."""
        due = Case(
            When(state=S.RAISED, then=F("acknowledge_by")),
            When(state=S.REFERRED, then=F("hold__review_on")),
            default=Greatest("answer_by", "delayed_until"),
        )
        return self.annotate(next_due=due).order_by("next_due", "pk")


class Complaint(FSMModelMixin, models.Model):
    """One customer's complaint about how they were treated: what they say and want, until when we answer, what came of
    it.

    While it is open a hold of its own lets the person rest. It is closed by the answer that was sent, or for good by
    the decision of the authority that the customer took it to. Days are civil days of the portfolio.
    """

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="complaints")
    party = models.ForeignKey("accounts.Party", models.PROTECT, related_name="complaints")
    category = models.CharField(_("about"), max_length=12, choices=ComplaintCategory.choices)
    state = state_field(ComplaintState, ComplaintState.RAISED, verbose_name=_("state"))
    way = models.CharField(_("how it came"), max_length=16, choices=ComplaintWay.choices)
    in_writing = models.BooleanField(_("in writing"), default=False)
    said = models.ForeignKey("accounts.Note", models.PROTECT, null=True, blank=True, related_name="+")
    wanted = models.ForeignKey("accounts.Note", models.PROTECT, null=True, blank=True, related_name="+")
    received_on = models.DateField(_("received on"))
    acknowledge_by = models.DateField()
    answer_by = models.DateField()
    hold = models.ForeignKey("accounts.Hold", models.PROTECT, null=True, blank=True, related_name="+")
    about_agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="complaints_about"
    )
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField()
    delayed_on = models.DateField(null=True, blank=True)
    delayed_until = models.DateField(_("told until"), null=True, blank=True)
    delay_reasons = models.ForeignKey("accounts.Note", models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=ComplaintState.choices, blank=True)
    remedies = ArrayField(
        models.CharField(max_length=10, choices=Remedy.choices), default=list, verbose_name=_("put right")
    )
    reasons = models.ForeignKey("accounts.Note", models.PROTECT, null=True, blank=True, related_name="+")
    answered_on = models.DateField(null=True, blank=True)
    answered_how = models.CharField(max_length=8, choices=AnswerWay.choices, blank=True)
    referred_on = models.DateField(_("taken to the authority on"), null=True, blank=True)
    authority_reference = models.CharField(_("the authority's reference"), max_length=60, blank=True)
    ruling = models.CharField(_("the authority's decision"), max_length=12, choices=Ruling.choices, blank=True)
    ruled_on = models.DateField(null=True, blank=True)
    ruling_note = models.ForeignKey("accounts.Note", models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=S.values), name="complaint_state_known"),
            models.CheckConstraint(condition=Q(category__in=ComplaintCategory.values), name="complaint_category_known"),
            models.CheckConstraint(condition=Q(way__in=ComplaintWay.values), name="complaint_way_known"),
            models.CheckConstraint(
                condition=~Q(state__in=ANSWERED_AS) | Q(decided_by__isnull=False, reasons__isnull=False),
                name="complaint_decided_with_reasons",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[S.UPHELD, S.PART_UPHELD]) | ~Q(remedies=[]),
                name="complaint_upheld_puts_right",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(about_agent__isnull=True) | ~Q(decided_by=F("about_agent")),
                name="complaint_not_decided_by_whom_it_is_about",
            ),
            models.CheckConstraint(
                condition=Q(delayed_until__isnull=True)
                | Q(delayed_on__isnull=False, delay_reasons__isnull=False, delayed_until__gt=F("answer_by")),
                name="complaint_delay_has_reasons",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.REFERRED) | Q(referred_on__isnull=False), name="complaint_referred_has_date"
            ),
            models.CheckConstraint(
                condition=Q(ruling="", ruled_on__isnull=True)
                | (~Q(ruling="") & Q(ruled_on__isnull=False, referred_on__isnull=False)),
                name="complaint_ruled_when_referred",
            ),
            models.CheckConstraint(
                condition=Q(state=S.CLOSED, ended_at__isnull=False) | ~Q(state=S.CLOSED),
                name="complaint_closed_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.CLOSED)
                | Q(outcome=S.WITHDRAWN)
                | Q(answered_on__isnull=False)
                | Q(ruled_on__isnull=False),
                name="complaint_closed_was_answered",
            ),
            models.UniqueConstraint(
                fields=["account", "party", "category"],
                condition=Q(state__in=OPEN_COMPLAINT),
                name="complaint_one_open_of_a_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["answer_by"], condition=Q(state__in=OPEN_COMPLAINT), name="complaint_inbox"),
            models.Index(fields=["received_on"], name="complaint_received"),
        ]
        triggers = [
            state_trigger("accounts_complaint"),
            begins("accounts_complaint", S.RAISED),
            *kept("complaint"),
            fixed("complaint", "account_id", "party_id", "category", "way", "in_writing", "received_on"),
            fixed("complaint_said", "said_id", "wanted_id", "about_agent_id", "raised_by_id", "raised_at"),
            fixed("complaint_clock", "acknowledge_by", "answer_by"),
            # The day that the customer was given is only replaced by a later one.
            fixed(
                "complaint_delay",
                *("delayed_on", "delayed_until", "delay_reasons_id"),
                once="OLD.delayed_until IS NOT NULL AND NOT coalesce(NEW.delayed_until > OLD.delayed_until, false)",
            ),
            fixed(
                "complaint_decided",
                *("decided_by_id", "decided_at", "outcome", "reasons_id", "remedies"),
                once="OLD.outcome <> ''",
            ),
            *fixed_once_set("complaint", "answered_on", "referred_on", "ruled_on"),
            fixed("complaint_answer", "answered_how", once="OLD.answered_on IS NOT NULL"),
            fixed("complaint_authority", "authority_reference", once="OLD.referred_on IS NOT NULL"),
            fixed("complaint_ruling", "ruling", "ruling_note_id", once="OLD.ruled_on IS NOT NULL"),
            fixed("complaint_ended", "ended_at", once=f"OLD.ended_at IS NOT NULL AND NOT {_REFERRED_AGAIN}"),
            fixed("complaint_hold", "hold_id", once=f"OLD.hold_id IS NOT NULL AND NOT {_REFERRED_AGAIN}"),
        ]

    def __str__(self) -> str:
        return f"complaint {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_COMPLAINT

    @property
    def waits_for_us(self) -> bool:
        return self.state in WAITS_FOR_US

    @property
    def clock(self) -> ComplaintClock:
        return clock_for(self.account.portfolio.jurisdiction, category=self.category, way=self.way)

    @property
    def authority(self) -> ComplaintWay:
        return AUTHORITIES[self.account.portfolio.jurisdiction]

    @property
    def lawful_by(self) -> date:
        """The day of its clock that runs: of the acknowledgement, then of the answer, whatever the customer was told
        since."""
        return self.acknowledge_by if self.state == S.RAISED else self.answer_by

    @property
    def due_on(self) -> date:
        """The day by which the next thing is owed to the customer, or to be asked of the authority."""
        if self.state == S.REFERRED and self.hold is not None:
            return self.hold.review_on
        return max(self.lawful_by, self.delayed_until or self.lawful_by)

    def is_late(self, on: date) -> bool:
        """A day that the customer was given doesn't make it less late."""
        return self.waits_for_us and self.lawful_by < on

    def is_answered(self) -> bool:
        """Withdrawn ones need no answer; others were told what was decided and why."""
        return self.state == S.WITHDRAWN or self.answered_on is not None

    def is_not_ruled(self) -> bool:
        """What the authority decided is over for good."""
        return self.ruled_on is None

    @transition(field="state", source=S.RAISED, target=S.ACKNOWLEDGED)
    def acknowledge(self) -> None:
        """The customer was told that it came."""

    @transition(field="state", source=S.ACKNOWLEDGED, target=S.UNDER_REVIEW)
    def review(self) -> None:
        """Somebody looks into it."""

    @transition(field="state", source=S.UNDER_REVIEW, target=S.UPHELD)
    def uphold(self, *, by, at: datetime, reasons, remedies: list[str]) -> None:
        self._decide(S.UPHELD, by, at, reasons, remedies)

    @transition(field="state", source=S.UNDER_REVIEW, target=S.PART_UPHELD)
    def uphold_in_part(self, *, by, at: datetime, reasons, remedies: list[str]) -> None:
        self._decide(S.PART_UPHELD, by, at, reasons, remedies)

    @transition(field="state", source=S.UNDER_REVIEW, target=S.REJECTED)
    def reject(self, *, by, at: datetime, reasons) -> None:
        self._decide(S.REJECTED, by, at, reasons, [])

    def _decide(self, outcome: str, by, at: datetime, reasons, remedies: list[str]) -> None:
        self.outcome, self.decided_by, self.decided_at = outcome, by, at
        self.reasons, self.remedies = reasons, remedies

    @transition(field="state", source=NOT_DECIDED, target=S.WITHDRAWN)
    def withdraw(self) -> None:
        """The customer doesn't complain any more."""
        self.outcome = S.WITHDRAWN

    @transition(field="state", source=[*ANSWERED_AS, S.WITHDRAWN], target=S.CLOSED, conditions=[is_answered])
    def close(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field="state", source=[*WAITS_FOR_US, S.CLOSED], target=S.REFERRED, conditions=[is_not_ruled])
    def refer(self, *, on: date, reference: str, hold) -> None:
        self.referred_on, self.authority_reference = on, reference
        self.hold, self.ended_at = hold, None

    @transition(field="state", source=S.REFERRED, target=S.CLOSED)
    def rule(self, *, ruling: str, on: date, note, at: datetime) -> None:
        self.ruling, self.ruled_on, self.ruling_note, self.ended_at = ruling, on, note, at
