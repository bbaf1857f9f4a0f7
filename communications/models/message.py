"""Messages: what is to be sent or was sent in writing, and the templates they are made from."""

from __future__ import annotations

from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMModelMixin, transition

from accounts.foundation.append_only import erasable, fixed, fixed_once_set, kept, never_emptied
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.purposes import Channel, Purpose
from accounts.foundation.states import begins, state_field, state_trigger

_WORDS = (
    "id", "code", "version", "channel", "purpose", "jurisdiction", "subject_en", "subject_es", "body_en", "body_es",
)  # fmt: skip


class Template(models.Model):
    """A version of the words of one message, in both languages. A published version never changes."""

    code = models.SlugField(_("code"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=2, blank=True)
    subject_en = models.CharField(_("subject (English)"), max_length=160, blank=True)
    subject_es = models.CharField(_("subject (Spanish)"), max_length=160, blank=True)
    body_en = models.TextField(_("text (English)"), blank=True)
    body_es = models.TextField(_("text (Spanish)"), blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    class Meta:
        ordering = ["code", "-version"]
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "channel", "jurisdiction", "version"], name="template_version_once"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | (~Q(body_en="") & ~Q(body_es="")),
                name="template_in_both_languages",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="template_published_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.published_at IS NOT NULL"),
            ),
            never_emptied("template"),
            fixed("template", *_WORDS, "published_at", once="OLD.published_at IS NOT NULL"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class MessageState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("message", "queued")
    SENDING = "sending", pgettext_lazy("message", "sending")
    SENT = "sent", pgettext_lazy("message", "sent")
    DELIVERED = "delivered", pgettext_lazy("message", "delivered")
    BOUNCED = "bounced", pgettext_lazy("message", "bounced")
    FAILED = "failed", pgettext_lazy("message", "failed")
    REFUSED = "refused", pgettext_lazy("message", "refused by policy")
    CANCELLED = "cancelled", pgettext_lazy("message", "cancelled")
    UNCONFIRMED = "unconfirmed", pgettext_lazy("message", "unconfirmed")


S = MessageState
_ADDRESSED = (
    "party_id", "account_id", "contact_point_id", "channel", "purpose", "queued_by_id", "queued_at", "provider_key",
    "dedupe_key",
)  # fmt: skip
# A message whose turn came once stands, though a busy provider put it back into the line.
_TAKEN = "(OLD.state <> 'queued' OR OLD.tries > 0)"
_IN_HAND = "(OLD.state = 'queued' OR (OLD.state = 'sending' AND NEW.contact_id IS NULL))"


class Message(FSMModelMixin, models.Model):
    """One message to one contact point about one account. The row is the truth; a worker claims it by its state.

    It is judged by the gate at the moment of sending. One left `sending` by a dead worker becomes `unconfirmed` and
    waits for a person: it is never sent again by itself.
    """

    party = models.ForeignKey("accounts.Party", models.PROTECT, related_name="messages")
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="messages")
    contact_point = models.ForeignKey("accounts.ContactPoint", models.PROTECT, related_name="messages")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    template = models.ForeignKey(Template, models.PROTECT, null=True, blank=True, related_name="messages")
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    state = state_field(MessageState, MessageState.QUEUED, verbose_name=_("state"))
    queued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    contact = models.OneToOneField(
        "communications.Contact", models.PROTECT, null=True, blank=True, related_name="message"
    )
    decision = models.ForeignKey(
        "communications.PolicyDecision", models.PROTECT, null=True, blank=True, related_name="+"
    )
    provider_key = models.CharField(max_length=64, unique=True)
    provider_reference = models.CharField(max_length=80, blank=True)
    dedupe_key = models.CharField(max_length=120, unique=True)
    failure_code = models.CharField(max_length=60, blank=True)
    erased_on = models.DateField(null=True, blank=True)
    erased_under = models.CharField(max_length=60, blank=True)
    erasure = models.ForeignKey("accounts.Erasure", models.PROTECT, null=True, blank=True, related_name="+")

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state_known")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="queued"), name="message_due"),
            models.Index(fields=["claimed_at"], condition=Q(state="sending"), name="message_left_sending"),
            models.Index(fields=["account", "-id"], name="message_of_account"),
        ]
        triggers = [
            state_trigger("communications_message"),
            begins("communications_message", S.QUEUED),
            *kept("message"),
            fixed("message", *_ADDRESSED),
            fixed("message_words", "language", "template_id", once=_TAKEN),
            *erasable("message", "body", "subject", free=f"NOT {_TAKEN}"),
            fixed("message_tries", "tries", once="NEW.tries < OLD.tries"),
            fixed("message_decision", "decision_id", once="OLD.state <> 'queued'"),
            # What the provider didn't take was no contact: it goes back into the line without one.
            fixed("message_contact", "contact_id", once=f"NOT {_IN_HAND}"),
            *fixed_once_set("message", "sent_at"),
            fixed("message_reference", "provider_reference", once="OLD.provider_reference <> ''"),
            fixed("message_failure", "failure_code", once="OLD.failure_code <> ''"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} message {self.pk}"

    @transition(field="state", source=S.QUEUED, target=S.SENDING)
    def claim(self, *, at: datetime) -> None:
        self.claimed_at = at
        self.tries += 1

    @transition(field="state", source=S.SENDING, target=S.QUEUED)
    def queue_again(self, *, due_at: datetime) -> None:
        self.due_at, self.claimed_at = due_at, None

    @transition(field="state", source=[S.SENDING, S.UNCONFIRMED], target=S.SENT)
    def confirm_sent(self, *, at: datetime, reference: str) -> None:
        self.sent_at, self.provider_reference = at, reference

    @transition(field="state", source=S.SENDING, target=S.UNCONFIRMED)
    def lose_sight(self) -> None:
        """Its worker died between handing over and recording: a person finds out what happened."""

    @transition(field="state", source=[S.SENDING, S.UNCONFIRMED], target=S.FAILED)
    def fail(self, *, code: str) -> None:
        self.failure_code = code

    @transition(field="state", source=S.SENT, target=S.DELIVERED)
    def deliver(self) -> None:
        """The provider says it arrived."""

    @transition(field="state", source=[S.SENT, S.DELIVERED], target=S.BOUNCED)
    def bounce(self, *, code: str) -> None:
        self.failure_code = code

    @transition(field="state", source=S.QUEUED, target=S.REFUSED)
    def refuse(self, *, code: str) -> None:
        self.failure_code = code

    @transition(field="state", source=S.QUEUED, target=S.CANCELLED)
    def cancel(self, *, code: str) -> None:
        self.failure_code = code


class ReceivedText(models.Model):
    """A text that somebody sent us, word for word but for card numbers. Erasure may blank it.

    Without a contact when nobody had its number, or whoever had it owed nothing any more.
    """

    contact = models.OneToOneField(
        "communications.Contact", models.PROTECT, null=True, blank=True, related_name="received_text"
    )
    sender = models.CharField(_("from"), max_length=40)
    body = models.TextField(_("text"))
    received_at = models.DateTimeField(_("received"))
    erased_on = models.DateField(null=True, blank=True)
    erased_under = models.CharField(max_length=60, blank=True)
    erasure = models.ForeignKey("accounts.Erasure", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("received text")
        verbose_name_plural = _("received texts")
        ordering = ["-id"]
        indexes = [models.Index(fields=["-received_at"], condition=Q(contact__isnull=True), name="text_of_nobody")]
        triggers = [
            *kept("received_text"),
            fixed("received_text", "contact_id", "received_at"),
            *erasable("received_text", "body", "sender"),
        ]

    def __str__(self) -> str:
        return f"text {self.pk}"


class LocalMail(models.Model):
    """An e-mail kept by the local mailbox instead of being sent: what a mail server would have received."""

    message_id = models.CharField(max_length=200, db_index=True)
    to = models.TextField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"mail {self.pk}"
