"""Hardship: a customer says that they can't pay, and what we do about it by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMModelMixin, transition

from accounts.foundation.append_only import fixed, fixed_once_set, kept
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.states import begins, state_field, state_trigger
from accounts.models import AnswerWay, Jurisdiction
from arrangements.models.hardship_states import (
    OPEN_HARDSHIP,
    STANDING_HARDSHIP,
    UNDECIDED_HARDSHIP,
    HardshipEnding,
    HardshipMeasure,
    HardshipState,
)


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

    def decide_by(self, noticed_on: date) -> date:
        """The last day for a decision, as long as no information is asked for."""
        return noticed_on + timedelta(days=self.decide_after_notice)


HARDSHIP_CLOCKS = {
    "AU": HardshipClock(21, 21, 21, 21, 28, _("National Credit Code s72(2)-(5)")),
    "UK": HardshipClock(30, 30, 30, 30, 60, _("CONC 7.3.11R, 7.3.12G: 30 days, and 30 more")),
    "US": HardshipClock(30, 30, 30, 30, 60, _("Firm policy")),
    "MX": HardshipClock(30, 30, 30, 30, 60, _("Firm policy")),
}
# A notice within so many calendar months of the last is a repeat: NCC s89A.
REPEAT_MONTHS = 4

S, E = HardshipState, HardshipEnding
# What was decided may be decided anew only as the machine goes: help looked at again, and renewed.
_LOOKED_AT = "(OLD.state = 'granted' AND NEW.state = 'under_review')"
_RENEWED = "(OLD.state = 'under_review' AND NEW.state = 'granted')"


def _goes_on_elsewhere() -> pgtrigger.Trigger:
    """A case leaves an account only when that one closed, for another on which its person owes, in the same place."""
    return pgtrigger.Trigger(
        name="hardship_goes_on_elsewhere",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("account_id"),
        condition=pgtrigger.Condition('OLD."account_id" IS DISTINCT FROM NEW."account_id"'),
        func="""
            IF EXISTS (
                SELECT 1 FROM accounts_account AS a WHERE a.id = OLD.account_id
                    AND a.state NOT IN ('paid', 'settled', 'written_off', 'recalled')
            ) OR NOT EXISTS (
                SELECT 1 FROM accounts_accountparty AS r JOIN accounts_party AS p ON p.id = r.party_id
                    JOIN accounts_party AS who ON who.id = NEW.party_id AND who.person_id = p.person_id
                    JOIN accounts_account AS a ON a.id = r.account_id
                    JOIN accounts_portfolio AS f ON f.id = a.portfolio_id AND f.jurisdiction = NEW.jurisdiction
                WHERE r.account_id = NEW.account_id
            ) THEN
                RAISE EXCEPTION 'cannot move %: it goes on only with another debt of its person', TG_TABLE_NAME;
            END IF;
            RETURN NEW;
        """,
    )


class HardshipCase(FSMModelMixin, models.Model):
    """One customer's notice that they can't pay, with its clocks, what was found, and what was granted or refused.

    It is about all that the person owes in one place (`jurisdiction`), by whose law its clocks run from `noticed_on`,
    the day on which the notice was received; `account` is where it is worked. It keeps a hold of its own while nothing
    may be asked. What is kept is what they need, never why: that belongs to a sensitive note. Days are civil days of
    the portfolio.
    """

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="hardship_cases")
    jurisdiction = models.CharField(max_length=2, choices=Jurisdiction.choices)
    party = models.ForeignKey("accounts.Party", models.PROTECT, related_name="hardship_cases")
    state = state_field(HardshipState, HardshipState.SIGNALLED, verbose_name=_("state"))
    noticed_on = models.DateField(_("received on"))
    hold = models.ForeignKey("accounts.Hold", models.PROTECT, null=True, blank=True, related_name="+")
    earlier = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeats")
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
    helped_since = models.DateField(_("helped since"), null=True, blank=True)
    renewals = models.PositiveSmallIntegerField(_("renewed"), default=0)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    reasons = models.ForeignKey("accounts.Note", models.PROTECT, null=True, blank=True, related_name="+")
    answered_on = models.DateField(null=True, blank=True)
    answered_how = models.CharField(max_length=8, choices=AnswerWay.choices, blank=True)
    letter = models.ForeignKey("accounts.Attachment", models.PROTECT, null=True, blank=True, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=16, choices=HardshipEnding.choices, blank=True)
    ending_said = models.ForeignKey("accounts.Note", models.PROTECT, null=True, blank=True, related_name="+")

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
                condition=~Q(state=S.DECLINED)
                | Q(reasons__isnull=False, decided_by__isnull=False, decided_on__isnull=False),
                name="hardship_declined_with_reasons",
            ),
            models.CheckConstraint(
                condition=Q(state=S.ENDED, ended_at__isnull=False, ending__in=E.values)
                | (~Q(state=S.ENDED) & Q(ending="")),
                name="hardship_ended_when_and_how",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.ENDED)
                | Q(reasons__isnull=True)
                | Q(answered_on__isnull=False)
                | Q(ending=E.ACCOUNT_CLOSED),
                name="hardship_refusal_was_sent",
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | Q(answered_on__gte=F("decided_on")),
                name="hardship_answered_after_decided",
            ),
            models.CheckConstraint(
                condition=~Q(ending__in=[E.WITHDRAWN, E.IN_ERROR])
                | Q(decided_at__isnull=True, ending_said__isnull=False),
                name="hardship_undecided_ends_with_a_word",
            ),
            models.CheckConstraint(
                condition=~Q(ending=E.REVIEWED) | (~Q(measure="") & Q(ending_said__isnull=False)),
                name="hardship_reviewed_ends_with_a_word",
            ),
            models.UniqueConstraint(
                fields=["party", "jurisdiction"],
                condition=Q(state__in=STANDING_HARDSHIP),
                name="hardship_one_standing_per_party",
            ),
        ]
        indexes = [models.Index(fields=["decide_by"], condition=Q(state__in=OPEN_HARDSHIP), name="hardship_inbox")]
        triggers = [
            state_trigger("arrangements_hardshipcase"),
            begins("arrangements_hardshipcase", S.SIGNALLED),
            *kept("hardship"),
            fixed("hardship", "party_id", "jurisdiction", "noticed_on", "earlier_id", "opened_by_id", "opened_at"),
            _goes_on_elsewhere(),
            *fixed_once_set("hardship", "asked_on", "information_by", "informed_on", "helped_since"),
            fixed("hardship_clock", "decide_by", once="OLD.informed_on IS NOT NULL OR OLD.decided_at IS NOT NULL"),
            fixed("hardship_reasons", "reasons_id", once="OLD.reasons_id IS NOT NULL"),
            fixed(
                "hardship_decided",
                *("measure", "arrangement_id", "budget_id", "renewals", "decided_by_id", "decided_at", "decided_on"),
                once=f"OLD.decided_at IS NOT NULL AND NOT {_RENEWED}",
            ),
            fixed(
                "hardship_until",
                "review_on",
                once=f"OLD.decided_at IS NOT NULL AND NOT {_RENEWED} AND NOT {_LOOKED_AT}",
            ),
            fixed("hardship_answered", "answered_on", "answered_how", "letter_id", once="OLD.answered_on IS NOT NULL"),
            fixed("hardship_ended", "ended_at", "ending", "ending_said_id", once="OLD.ended_at IS NOT NULL"),
        ]

    def __str__(self) -> str:
        return f"hardship case {self.pk}"

    @property
    def clock(self) -> HardshipClock:
        return HARDSHIP_CLOCKS[self.jurisdiction]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_HARDSHIP

    @property
    def is_undecided(self) -> bool:
        return self.state in UNDECIDED_HARDSHIP

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
        return self.answered_on is not None

    @transition(field="state", source=S.SIGNALLED, target=S.RECORDED)
    def record(self) -> None:
        """The customer confirmed it."""

    @transition(field="state", source=S.RECORDED, target=S.INFORMATION_REQUESTED)
    def ask_information(self, *, on: date) -> None:
        self.asked_on, self.information_by = on, on + timedelta(days=self.clock.answer_within)
        self.decide_by = on + timedelta(days=self.clock.decide_without_it)

    @transition(field="state", source=[S.RECORDED, S.INFORMATION_REQUESTED], target=S.ASSESSED, conditions=[has_budget])
    def assess(self, *, informed_on: date) -> None:
        if self.asked_on is not None:
            self.informed_on = informed_on
            self.decide_by = min(self.decide_by, informed_on + timedelta(days=self.clock.decide_after_information))

    @transition(field="state", source=[S.ASSESSED, S.UNDER_REVIEW], target=S.GRANTED)
    def grant(self, *, measure: str, arrangement, budget, review_on: date, by, at: datetime, on: date) -> None:
        if self.decided_at is not None:
            self.renewals += 1
        self.measure, self.arrangement, self.budget, self.review_on = measure, arrangement, budget, review_on
        self.helped_since = self.helped_since or on
        self.decided_by, self.decided_at, self.decided_on = by, at, on

    @transition(field="state", source=[S.ASSESSED, S.INFORMATION_REQUESTED], target=S.DECLINED)
    def decline(self, *, reasons, by, at: datetime, on: date) -> None:
        self.reasons, self.decided_by, self.decided_at, self.decided_on = reasons, by, at, on

    @transition(field="state", source=S.GRANTED, target=S.UNDER_REVIEW)
    def review(self, *, on: date) -> None:
        """The day came on which the help is looked at again, or the plan that was the help is over."""
        self.review_on = min(self.review_on, on) if self.review_on else on

    @transition(field="state", source=S.DECLINED, target=S.ENDED, conditions=[is_answered])
    def close(self, *, at: datetime) -> None:
        self._end(E.ANSWERED, at)

    @transition(field="state", source=S.UNDER_REVIEW, target=S.ENDED)
    def end(self, *, at: datetime, said) -> None:
        self._end(E.REVIEWED, at, said)

    @transition(field="state", source=UNDECIDED_HARDSHIP, target=S.ENDED)
    def withdraw(self, *, at: datetime, said) -> None:
        self._end(E.WITHDRAWN, at, said)

    @transition(field="state", source=UNDECIDED_HARDSHIP, target=S.ENDED)
    def void(self, *, at: datetime, said) -> None:
        self._end(E.IN_ERROR, at, said)

    @transition(field="state", source=[S.GRANTED, S.UNDER_REVIEW], target=S.ENDED)
    def give_way(self, *, at: datetime) -> None:
        self._end(E.TOLD_AGAIN, at)

    @transition(field="state", source=OPEN_HARDSHIP, target=S.ENDED)
    def end_with_account(self, *, at: datetime) -> None:
        self._end(E.ACCOUNT_CLOSED, at)

    def _end(self, how: str, at: datetime, said=None) -> None:
        self.ending, self.ended_at, self.ending_said = how, at, said
