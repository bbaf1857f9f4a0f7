"""Who works here: users, their role, their team."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.append_only import traced


class Role(models.TextChoices):
    AGENT = "agent", pgettext_lazy("role", "agent")
    MANAGER = "manager", pgettext_lazy("role", "manager")
    FINANCE = "finance", pgettext_lazy("role", "finance")
    COMPLIANCE = "compliance", pgettext_lazy("role", "compliance")
    ADMIN = "admin", pgettext_lazy("role", "admin")


class Language(models.TextChoices):
    ENGLISH = "en", _("English")
    SPANISH = "es-mx", _("Spanish")


class Team(models.Model):
    """People who share a book: the portfolios of a team are what its members may see."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    portfolios = models.ManyToManyField("accounts.Portfolio", related_name="teams", blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        triggers = [traced("team")]

    def __str__(self) -> str:
        return self.name


class TeamPortfolio(Team.portfolios.through):  # type: ignore[name-defined, misc]
    """Which portfolios a team sees: here for its trail."""

    class Meta:
        proxy = True
        triggers = [traced("team_portfolio")]


class User(AbstractUser):
    """Somebody who may log in. The role says what they may do, the team whose accounts they may see."""

    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.AGENT)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("team")
    )
    language = models.CharField(_("language"), max_length=8, choices=Language.choices, default=Language.ENGLISH)
    zone = models.CharField(_("time zone"), max_length=64, default="America/Mexico_City")
    is_specialist = models.BooleanField(
        _("specialist for vulnerable customers"),
        default=False,
        help_text=_("A manager with this mark may read sensitive notes; each reading is written down."),
    )
    single_key_shortcuts = models.BooleanField(_("single-key shortcuts"), default=True)
    password_is_given = models.BooleanField(
        _("password was given"),
        default=False,
        help_text=_("Somebody else set the password: nothing else is done before its owner has chosen another."),
    )

    class Meta(AbstractUser.Meta):
        constraints = [models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known")]
        triggers = [traced("user", "last_login", "language", "single_key_shortcuts")]

    @property
    def is_manager(self) -> bool:
        return self.role == Role.MANAGER

    @property
    def works_a_queue(self) -> bool:
        return self.role in {Role.AGENT, Role.MANAGER}

    @property
    def may_export(self) -> bool:
        """Agents work the list where it is; who answers for the work may take it along, and that is logged."""
        return self.role != Role.AGENT

    @property
    def may_read_sensitive(self) -> bool:
        """What people told about their health and life is read by compliance and by managers marked as specialists."""
        return self.role == Role.COMPLIANCE or (self.role == Role.MANAGER and self.is_specialist)

    @property
    def sees_every_account(self) -> bool:
        """Roles that answer for the whole house are not bound to a team's portfolios."""
        return self.role in {Role.FINANCE, Role.COMPLIANCE, Role.ADMIN}
