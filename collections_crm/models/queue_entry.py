"""Queue entries: the account as the queue sees it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from accounts.foundation.money import amount_field


class Tab(models.TextChoices):
    NOW = "now", pgettext_lazy("queue tab", "Now")
    LATER = "later", pgettext_lazy("queue tab", "Later today")
    WAITING = "waiting", pgettext_lazy("queue tab", "Waiting")
    HOLD = "hold", pgettext_lazy("queue tab", "On hold")
    TRACE = "trace", pgettext_lazy("queue tab", "Trace")


CHANNEL_BITS = {"call": 1, "text": 2, "email": 4, "whatsapp": 8, "post": 16}


class QueueEntry(models.Model):
    """One open account in the queue: whose it is, in which tab, how high, and why.

    Written by `refresh_queue` alone, always by recomputation. `parts` explain `priority`: they add up to it.
    `lane` is the window that must be open for the account to be worked now, or 0 when none need be. `blocked_until` is
    moved by events: before it no contact of ours is allowed. `turns_at` is the next instant at which time alone changes
    the entry. The queue may be late, never early: whether somebody may be contacted is for the gate to say.
    """

    account = models.OneToOneField("accounts.Account", models.CASCADE, primary_key=True, related_name="queue_entry")
    person_id = models.BigIntegerField()
    party = models.ForeignKey("accounts.Party", models.CASCADE, related_name="+")
    portfolio = models.ForeignKey("accounts.Portfolio", models.CASCADE, related_name="+", db_index=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="queue_entries", db_index=False
    )
    team = models.ForeignKey("accounts.Team", models.CASCADE, null=True, related_name="queue_entries", db_index=False)
    tab = models.CharField(max_length=8, choices=Tab.choices)
    lane = models.BigIntegerField(default=0)
    window = models.ForeignKey("collections_crm.ContactWindow", models.PROTECT, related_name="entries")
    priority = models.IntegerField()
    parts = models.JSONField(default=list)
    blocked_until = models.DateTimeField(null=True)
    callback_at = models.DateTimeField(null=True)
    turns_at = models.DateTimeField(null=True)
    product_kind = models.CharField(max_length=8)
    language = models.CharField(max_length=8)
    bucket = models.PositiveSmallIntegerField()
    channels = models.PositiveSmallIntegerField()
    due_now = amount_field()
    last_contact_at = models.DateTimeField(null=True)
    last_outcome = models.CharField(max_length=50, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(tab__in=Tab.values), name="queue_tab_known")]
        indexes = [
            # The list of an owner and the pool of a team, each in the order in which it is shown; counting reads the
            # index alone, so it holds the portfolio too.
            models.Index(
                fields=["owner", "tab", "lane", "-priority", "account"], include=["portfolio"], name="queue_of_owner"
            ),
            models.Index(
                fields=["team", "tab", "lane", "-priority", "account"],
                include=["portfolio"],
                condition=Q(owner__isnull=True),
                name="queue_of_team",
            ),
            models.Index(fields=["person_id"], name="queue_of_person"),
            models.Index(fields=["turns_at"], condition=Q(turns_at__isnull=False), name="queue_turning"),
            models.Index(
                fields=["owner", "callback_at"], condition=Q(callback_at__isnull=False), name="queue_callbacks"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tab} {self.account_id}"
