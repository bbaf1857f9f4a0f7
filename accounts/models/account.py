"""The account: one debt, where it stands, and the one thing to be done next on it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMModelMixin, transition

from accounts.foundation import clock
from accounts.foundation.append_only import change_traced, fixed, fixed_once_set, kept
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.money import Currency, amount_field
from accounts.foundation.states import begins, state_field, state_trigger
from accounts.models.portfolio import Portfolio


class AccountState(models.TextChoices):
    NEW = "new", pgettext_lazy("account", "new")
    ACTIVE = "active", pgettext_lazy("account", "active")
    ARRANGED = "arranged", pgettext_lazy("account", "arranged")
    ENFORCEMENT = "enforcement", pgettext_lazy("account", "enforcement")
    PLACED_OUT = "placed_out", pgettext_lazy("account", "placed out")
    PAID = "paid", pgettext_lazy("account", "paid")
    SETTLED = "settled", pgettext_lazy("account", "settled")
    WRITTEN_OFF = "written_off", pgettext_lazy("account", "written off")
    RECALLED = "recalled", pgettext_lazy("account", "recalled")


S = AccountState
OPEN_STATES = [S.NEW, S.ACTIVE, S.ARRANGED, S.ENFORCEMENT, S.PLACED_OUT]
# Who asks for the money: we do in these; in enforcement the lawyers, placed out the agency.
OURS_TO_COLLECT = [S.NEW, S.ACTIVE, S.ARRANGED]
CLOSED_STATES = [S.PAID, S.SETTLED, S.WRITTEN_OFF, S.RECALLED]


class NextKind(models.TextChoices):
    ACT = "act", pgettext_lazy("next step", "contact")
    CALLBACK = "callback", pgettext_lazy("next step", "call back")
    CHECK_PROMISE = "check_promise", pgettext_lazy("next step", "check promise")
    REVIEW_HOLD = "review_hold", pgettext_lazy("next step", "review hold")
    AWAIT_APPROVAL = "await_approval", pgettext_lazy("next step", "await approval")
    AWAIT_VENDOR = "await_vendor", pgettext_lazy("next step", "await vendor")
    TRACE = "trace", pgettext_lazy("next step", "trace")


class AccountQuerySet(LockableQuerySet["Account"]):
    def live(self) -> AccountQuerySet:
        """Without the accounts of a placement that is still being loaded or was cancelled."""
        return self.filter(Q(placement__isnull=True) | Q(placement__state="live"))

    def open(self) -> AccountQuerySet:
        return self.filter(state__in=OPEN_STATES)

    def visible_to(self, user: Any) -> AccountQuerySet:
        """The one door to an account: the team's portfolios, the whole house for those who answer for it, and whatever
        account an agent was granted while serving a caller (until the grant ends, by the house's clock)."""
        if user.sees_every_account:
            return self.live()
        of_team = Portfolio.objects.filter(teams=user.team_id) if user.team_id else Portfolio.objects.none()
        granted = AccessGrant.objects.filter(user=user, account=models.OuterRef("pk"), ends_at__gt=clock.now())
        return self.live().filter(Q(portfolio__in=of_team) | models.Exists(granted))


class Account(FSMModelMixin, models.Model):
    """One debt. What is owed is the sum of its ledger; a trigger keeps the sums here and refuses any other writer.

    `due_now` is what was contractually due on the last day looked at and is unpaid, `oldest_due_on` the date of the
    oldest unmet due item: days past due are counted from it when they are read. An open account always carries a next
    step with an owner or a team, a closed one never.
    """

    reference = models.CharField(_("reference"), max_length=40, unique=True)
    external_reference = models.CharField(_("creditor's reference"), max_length=60, blank=True)
    portfolio = models.ForeignKey(
        "accounts.Portfolio", models.PROTECT, related_name="accounts", verbose_name=_("portfolio")
    )
    placement = models.ForeignKey("accounts.Placement", models.PROTECT, null=True, blank=True, related_name="accounts")
    placement_row = models.PositiveIntegerField(null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices)
    state = state_field(AccountState, AccountState.NEW, verbose_name=_("state"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="accounts",
        verbose_name=_("owner"),
    )

    balance = amount_field(default=0, editable=False, verbose_name=_("balance"))
    principal = amount_field(default=0, editable=False, verbose_name=_("principal"))
    interest = amount_field(default=0, editable=False, verbose_name=_("interest"))
    fees = amount_field(default=0, editable=False, verbose_name=_("fees"))
    costs = amount_field(default=0, editable=False, verbose_name=_("costs"))
    credited = amount_field(default=0, editable=False, verbose_name=_("paid so far"))

    due_now = amount_field(default=0, verbose_name=_("due now"))
    oldest_due_on = models.DateField(_("oldest unmet due date"), null=True, blank=True)
    due_is_estimated = models.BooleanField(_("past-due date is estimated"), default=False)
    bucket = models.PositiveSmallIntegerField(_("bucket"), default=0)
    opened_on = models.DateField(_("placed on"))
    accelerated_on = models.DateField(_("accelerated on"), null=True, blank=True)
    charged_off_on = models.DateField(_("charged off on"), null=True, blank=True)
    limitation_on = models.DateField(_("limitation date"), null=True, blank=True)
    default_declared_on = models.DateField(_("default declared on"), null=True, blank=True)
    purchased_amount = amount_field(null=True, blank=True, verbose_name=_("purchased amount"))

    next_kind = models.CharField(_("next step"), max_length=16, choices=NextKind.choices, blank=True, null=True)  # noqa: DJ001
    next_on = models.DateField(_("next on"), null=True, blank=True)
    next_at = models.DateTimeField(_("next at"), null=True, blank=True)
    next_owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    next_team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, blank=True, related_name="+")
    next_subject_type = models.CharField(max_length=40, blank=True)
    next_subject_id = models.BigIntegerField(null=True, blank=True)

    parties = models.ManyToManyField("accounts.Party", through="accounts.AccountParty", related_name="accounts")

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["reference"]
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AccountState.values), name="account_state_known"),
            models.CheckConstraint(
                condition=(
                    Q(state__in=OPEN_STATES, next_kind__isnull=False, next_on__isnull=False)
                    & (Q(next_owner__isnull=False) | Q(next_team__isnull=False))
                )
                | Q(
                    state__in=CLOSED_STATES,
                    next_kind__isnull=True,
                    next_on__isnull=True,
                    next_at__isnull=True,
                    next_owner__isnull=True,
                    next_team__isnull=True,
                ),
                name="account_no_orphan",
            ),
            models.UniqueConstraint(fields=["id", "currency"], name="account_id_currency"),
            models.UniqueConstraint(
                fields=["portfolio", "external_reference"],
                condition=~Q(external_reference=""),
                name="account_once_per_creditor_reference",
            ),
            models.UniqueConstraint(fields=["placement", "placement_row"], name="account_once_per_placement_row"),
        ]
        indexes = [
            models.Index(fields=["portfolio", "oldest_due_on"], name="account_buckets_of_the_day"),
            models.Index(fields=["portfolio", "next_kind", "next_on"], name="account_next_steps_due"),
        ]
        triggers = [
            state_trigger("accounts_account"),
            begins("accounts_account", S.NEW),
            *kept("account"),
            *fixed_once_set("account", "accelerated_on", "charged_off_on"),
            change_traced("account", "accelerated_on", "charged_off_on"),
            fixed("account_identity", "reference", "external_reference", "portfolio_id", "currency", "opened_on"),
            *fixed_once_set("account", "default_declared_on"),
            # After it was placed a default is declared by an event with its evidence, and not while the merchant waits
            # to be told what the share of the receipts was.
            pgtrigger.Trigger(
                name="default_by_event_only",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("default_declared_on"),
                condition=pgtrigger.Condition(
                    "NEW.default_declared_on IS NOT NULL AND OLD.default_declared_on IS NULL"
                ),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM accounts_defaultevent AS e
                        WHERE e.account_id = OLD.id AND e.declared_on = NEW.default_declared_on
                    ) THEN
                        RAISE EXCEPTION 'cannot declare default of account %: no event says so', OLD.id;
                    END IF;
                    IF EXISTS (
                        SELECT 1 FROM accounts_reconciliation AS r WHERE r.account_id = OLD.id AND r.ended_at IS NULL
                    ) THEN
                        RAISE EXCEPTION 'cannot declare default of account %: a reconciliation is open', OLD.id;
                    END IF;
                    RETURN NEW;
                """,
            ),
            # The service writes the event first: whoever moves the date says from where to where.
            pgtrigger.Trigger(
                name="limitation_moves_with_event",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("limitation_on"),
                condition=pgtrigger.Condition('OLD."limitation_on" IS DISTINCT FROM NEW."limitation_on"'),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM (
                            SELECT codes FROM accounts_event
                            WHERE account_id = OLD.id AND kind = 'account.limitation_moved' ORDER BY id DESC LIMIT 1
                        ) AS last
                        WHERE ROW(last.codes ->> 'from', last.codes ->> 'to')
                            IS NOT DISTINCT FROM ROW(OLD.limitation_on::text, NEW.limitation_on::text)
                    ) THEN
                        RAISE EXCEPTION 'cannot move the limitation date of account %: no event says so', OLD.id;
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="balance_by_ledger_only",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("balance", "principal", "interest", "fees", "costs", "credited"),
                condition=pgtrigger.Condition(
                    "ROW(OLD.balance, OLD.principal, OLD.interest, OLD.fees, OLD.costs, OLD.credited) IS DISTINCT FROM "
                    "ROW(NEW.balance, NEW.principal, NEW.interest, NEW.fees, NEW.costs, NEW.credited)"
                ),
                func="""
                    IF pg_trigger_depth() < 2 THEN
                        RAISE EXCEPTION 'the balance of account % is the sum of its ledger', OLD.id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'accounts_account_balance_by_ledger_only';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="balance_starts_at_zero",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition(
                    "NEW.balance <> 0 OR NEW.principal <> 0 OR NEW.interest <> 0 OR NEW.fees <> 0 OR NEW.costs <> 0 "
                    "OR NEW.credited <> 0"
                ),
                func="""
                    RAISE EXCEPTION 'an account begins with nothing in its ledger'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'accounts_account_balance_by_ledger_only';
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def full_balance_is_due(self) -> bool:
        """The whole balance may be demanded only after a recorded acceleration or charge-off."""
        return self.accelerated_on is not None or self.charged_off_on is not None

    def days_past_due(self, on: date) -> int:
        """Civil days since the oldest unmet due item; 0 when nothing is overdue."""
        return max(0, (on - self.oldest_due_on).days) if self.oldest_due_on else 0

    def owes_nothing(self) -> bool:
        return self.balance <= 0

    def _no_next_step(self) -> None:
        self.next_kind = self.next_on = self.next_at = self.next_owner = self.next_team = None
        self.next_subject_type, self.next_subject_id = "", None

    @transition(field="state", source=S.NEW, target=S.ACTIVE)
    def activate(self) -> None:
        """Work on it has begun."""

    @transition(field="state", source=[S.NEW, S.ACTIVE], target=S.ARRANGED)
    def arrange(self) -> None:
        """An arrangement is in force."""

    @transition(field="state", source=S.ARRANGED, target=S.ACTIVE)
    def end_arrangement(self) -> None:
        """The arrangement is no longer in force."""

    @transition(field="state", source=[S.ACTIVE, S.ARRANGED], target=S.ENFORCEMENT)
    def enforce(self) -> None:
        """Legal action or a UCC filing takes the account from the agent."""

    @transition(field="state", source=S.ENFORCEMENT, target=S.ACTIVE)
    def end_enforcement(self) -> None:
        """The enforcement case ended; the agent has it again."""

    @transition(field="state", source=S.ENFORCEMENT, target=S.ARRANGED)
    def arrange_in_enforcement(self) -> None:
        """Agreement was reached while the case was open."""

    @transition(field="state", source=[S.ACTIVE, S.ARRANGED, S.ENFORCEMENT], target=S.PLACED_OUT)
    def place_out(self) -> None:
        """An outside agency has it."""

    @transition(field="state", source=S.PLACED_OUT, target=S.ACTIVE)
    def take_back(self) -> None:
        """The outside agency gave it back."""

    @transition(field="state", source=OPEN_STATES, target=S.PAID, conditions=[owes_nothing])
    def pay_off(self) -> None:
        self._no_next_step()

    @transition(field="state", source=OPEN_STATES, target=S.SETTLED)
    def settle(self) -> None:
        self._no_next_step()

    @transition(field="state", source=OPEN_STATES, target=S.WRITTEN_OFF)
    def write_off(self) -> None:
        self._no_next_step()

    @transition(field="state", source=OPEN_STATES, target=S.RECALLED)
    def recall(self) -> None:
        self._no_next_step()

    @transition(field="state", source=[S.PAID, S.SETTLED], target=S.ACTIVE)
    def reopen(self, *, on: date, team_id: int | None, owner_id: int | None) -> None:
        self.next_kind, self.next_on = NextKind.ACT, on
        self.next_owner_id, self.next_team_id = owner_id, team_id

    @transition(field="state", source=S.WRITTEN_OFF, target=S.ACTIVE)
    def undo_write_off(self, *, on: date, team_id: int | None, owner_id: int | None) -> None:
        self.next_kind, self.next_on = NextKind.ACT, on
        self.next_owner_id, self.next_team_id = owner_id, team_id

    @transition(field="state", source=S.RECALLED, target=S.NEW)
    def place_again(self, *, on: date, team_id: int | None, owner_id: int | None) -> None:
        self.next_kind, self.next_on = NextKind.ACT, on
        self.next_owner_id, self.next_team_id = owner_id, team_id


class AccessGrant(models.Model):
    """An agent may see one account until an instant, because a caller is being served."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="access_grants")
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="access_grants")
    reason = models.CharField(max_length=40)
    granted_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "account", "ends_at"], name="access_grant_door")]

    def __str__(self) -> str:
        return f"{self.user_id} sees {self.account_id}"


NEXT_FIELDS = (
    "next_kind",
    "next_on",
    "next_at",
    "next_owner",
    "next_team",
    "next_subject_type",
    "next_subject_id",
)
