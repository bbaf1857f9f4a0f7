"""Contacts: one attempt or exchange on one channel with one party, about one or more accounts."""

from __future__ import annotations

from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMModelMixin, transition

from accounts.foundation.append_only import append_only, fixed, fixed_once_set, kept, own_transaction
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.purposes import Channel, Purpose
from accounts.foundation.states import begins, state_field, state_trigger


class ContactState(models.TextChoices):
    RESERVED = "reserved", pgettext_lazy("contact", "reserved")
    CONNECTED = "connected", pgettext_lazy("contact", "connected")
    NO_ANSWER = "no_answer", pgettext_lazy("contact", "no answer")
    BUSY = "busy", pgettext_lazy("contact", "busy")
    NOT_IN_SERVICE = "not_in_service", pgettext_lazy("contact", "not in service")
    HANDED_OVER = "handed_over", pgettext_lazy("contact", "handed over")
    NOT_ATTEMPTED = "not_attempted", pgettext_lazy("contact", "not attempted")


class Direction(models.TextChoices):
    OUT = "out", pgettext_lazy("contact direction", "outbound")
    IN = "in", pgettext_lazy("contact direction", "inbound")


class Origin(models.TextChoices):
    OURS = "ours", pgettext_lazy("contact origin", "ours")
    INHERITED = "inherited", pgettext_lazy("contact origin", "inherited from the creditor")


S = ContactState
_DECIDED = ("party_id", "contact_point_id", "channel", "purpose")
# What a contact counts for is said when it is wrapped up. Afterwards it only stops counting: the provider never took
# the message, or the number turned out to be somebody else's.
_WRAPPING_UP = "(OLD.channel = 'call' AND OLD.wrapped_up_at IS NULL AND NEW.wrapped_up_at IS NOT NULL)"
_COUNTED_OTHERWISE = f"""(
    (NEW.counts_attempt AND NOT OLD.counts_attempt)
    OR (OLD.counts_attempt AND NOT NEW.counts_attempt
        AND NOT (NEW.misdirected OR NEW.state = 'not_attempted' OR {_WRAPPING_UP}))
    OR (NEW.counts_conversation AND NOT OLD.counts_conversation AND NOT {_WRAPPING_UP})
    OR (OLD.counts_conversation AND NOT NEW.counts_conversation AND NOT (NEW.misdirected OR {_WRAPPING_UP}))
    OR (OLD.misdirected AND NOT NEW.misdirected)
)"""


class Contact(FSMModelMixin, models.Model):
    """One attempt or exchange. Outbound ones of ours carry the decision that allowed them, written with them.

    A composite foreign key (`contact_as_decided`) holds that: same decision, party, contact point, channel, purpose,
    verdict and transaction. `under_consent` contacts are left out of the counts that consent lifts. `local_on` is the
    civil day where the person is, the day that rules count. A contact is open from its reservation
    until it is wrapped up with an outcome and a next step; an agent has at most one open.
    """

    person_id = models.BigIntegerField()
    party = models.ForeignKey("accounts.Party", models.PROTECT, related_name="contacts")
    contact_point = models.ForeignKey(
        "accounts.ContactPoint", models.PROTECT, null=True, blank=True, related_name="contacts"
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices, default=Origin.OURS)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    decision = models.OneToOneField(
        "communications.PolicyDecision", models.PROTECT, null=True, blank=True, related_name="contact"
    )
    verdict = models.CharField(max_length=16, blank=True)
    state = state_field(ContactState, ContactState.RESERVED, verbose_name=_("state"))
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="contacts")
    caller_role = models.CharField(max_length=16, blank=True)
    language = models.CharField(max_length=8, blank=True)
    started_at = models.DateTimeField(_("started"))
    local_on = models.DateField()
    connected_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    outcome = models.ForeignKey("communications.Outcome", models.PROTECT, null=True, blank=True, related_name="+")
    wrapped_up_at = models.DateTimeField(null=True, blank=True)
    counts_attempt = models.BooleanField(default=True)
    counts_conversation = models.BooleanField(default=False)
    misdirected = models.BooleanField(default=False)
    under_consent = models.BooleanField(default=False)
    txid = models.BigIntegerField(null=True, blank=True, editable=False)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ContactState.values), name="contact_state_known"),
            models.CheckConstraint(
                condition=Q(direction="in")
                | Q(origin="inherited")
                | Q(
                    decision__isnull=False,
                    contact_point__isnull=False,
                    txid__isnull=False,
                    verdict__in=["allow", "warn", "override"],
                ),
                name="contact_out_has_decision",
            ),
            models.CheckConstraint(
                condition=Q(wrapped_up_at__isnull=True) | Q(outcome__isnull=False),
                name="contact_wrapped_up_has_outcome",
            ),
            models.UniqueConstraint(
                fields=["agent"],
                condition=Q(wrapped_up_at__isnull=True, channel="call", agent__isnull=False),
                name="contact_one_open_per_agent",
            ),
        ]
        indexes = [
            models.Index(fields=["person_id", "-local_on"], name="contact_history_of_person"),
            models.Index(fields=["contact_point", "-local_on"], name="contact_history_of_point"),
        ]
        triggers = [
            state_trigger("communications_contact"),
            # Who calls or writes to us is connected at once; what the creditor did came with the book.
            begins(
                "communications_contact",
                S.RESERVED,
                unless="(NEW.direction = 'in' AND NEW.state = 'connected') OR NEW.origin = 'inherited'",
            ),
            own_transaction("contact_transaction", "NEW.decision_id IS NOT NULL"),
            *kept("contact"),
            fixed("contact", "direction", "origin", "started_at"),
            fixed("contact_person", "person_id", "local_on", "agent_id", "caller_role", "language", "under_consent"),
            # One that was decided is held to its decision by `contact_as_decided`.
            fixed(
                "contact_undecided",
                "party_id",
                "contact_point_id",
                "channel",
                "purpose",
                once="OLD.decision_id IS NULL",
            ),
            fixed("contact_decision", "decision_id", once="OLD.decision_id IS NOT NULL"),
            fixed(
                "contact_verified", "verified_at", once="(OLD.verified_at IS NOT NULL OR OLD.wrapped_up_at IS NOT NULL)"
            ),
            pgtrigger.Trigger(
                name="contact_verified_by_try",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("verified_at"),
                condition=pgtrigger.Condition("NEW.verified_at IS NOT NULL AND OLD.verified_at IS NULL"),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM communications_verificationtry AS t
                        WHERE t.contact_id = NEW.id AND t.matched AND t.at = NEW.verified_at
                    ) THEN
                        RAISE EXCEPTION 'contact % is not verified: no try of that instant matched', OLD.id;
                    END IF;
                    RETURN NEW;
                """,
            ),
            *fixed_once_set("contact", "connected_at", "ended_at"),
            fixed("contact_counted", "counts_attempt", "counts_conversation", "misdirected", once=_COUNTED_OTHERWISE),
            fixed("contact_wrapped_up", "outcome_id", "wrapped_up_at", once="OLD.wrapped_up_at IS NOT NULL"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.direction} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.wrapped_up_at is None

    @transition(field="state", source=S.RESERVED, target=S.CONNECTED)
    def connect(self, *, at: datetime) -> None:
        self.connected_at = at

    @transition(field="state", source=S.RESERVED, target=S.NO_ANSWER)
    def ring_out(self) -> None:
        """It rang and nobody answered."""

    @transition(field="state", source=S.RESERVED, target=S.BUSY)
    def find_busy(self) -> None:
        """The line was engaged."""

    @transition(field="state", source=S.RESERVED, target=S.NOT_IN_SERVICE)
    def find_not_in_service(self) -> None:
        """The number does not exist or is switched off."""

    @transition(field="state", source=S.RESERVED, target=S.HANDED_OVER)
    def hand_over(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field="state", source=S.RESERVED, target=S.NOT_ATTEMPTED)
    def give_up(self) -> None:
        self.counts_attempt = False


class AccountContact(models.Model):
    """A contact was about this account, and counts for it."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="account_contacts")
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="account_contacts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "account"], name="account_contact_once")]
        indexes = [models.Index(fields=["account", "-contact"], name="account_contact_timeline")]
        triggers = append_only("account_contact")

    def __str__(self) -> str:
        return f"contact {self.contact_id} about {self.account_id}"


class VerificationTry(models.Model):
    """Somebody was asked who they are: which facts were asked, whether all matched. Never the answers."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="verification_tries")
    party = models.ForeignKey("accounts.Party", models.PROTECT, related_name="verification_tries")
    asked = models.JSONField()
    matched = models.BooleanField()
    at = models.DateTimeField()
    local_on = models.DateField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["party", "local_on"], name="verification_of_the_day")]
        triggers = append_only("verification_try")

    def __str__(self) -> str:
        return f"verification {self.pk}"


class FirstNotice(models.Model):
    """A dated paper of an account: a notice that the law asks for was sent, by us or by the creditor; a request came in
    writing; or something passed between us and a representative."""

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="first_notices")
    kind = models.CharField(max_length=40)
    sent_on = models.DateField()
    wait_until = models.DateField()
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="first_notices")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("first notice")
        verbose_name_plural = _("first notices")
        ordering = ["-id"]
        indexes = [models.Index(fields=["account", "kind"], name="first_notice_of_account")]
        triggers = append_only("first_notice")

    def __str__(self) -> str:
        return f"{self.kind} on {self.sent_on}"
