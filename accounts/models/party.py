"""Parties: the persons and businesses on an account."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.append_only import change_traced, erasable, fixed, kept
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.users import Language


class PartyKind(models.TextChoices):
    CONSUMER = "consumer", _("consumer")
    SOLE_TRADER = "sole_trader", _("sole trader")
    ENTITY = "entity", _("business")


READ_BY_THE_GATE = ("kind", "root_id", "language", "stated_zone")


class Party(models.Model):
    """A person or a business. Its link group is all the parties known to be the same; `person_id` is the group's root.

    Personal values stand here and nowhere that can't be blanked. `search_name` is the name without accents, lower case.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=PartyKind.choices, default=PartyKind.CONSUMER)
    name = models.CharField(_("name"), max_length=200, blank=True)
    name_supplied = models.BooleanField(_("name supplied"), default=True)
    search_name = models.CharField(max_length=200, blank=True, editable=False)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    tax_id = models.CharField(_("tax identifier"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=Language.choices, default=Language.ENGLISH)
    stated_zone = models.CharField(_("time zone the person stated"), max_length=64, blank=True)
    root = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="linked")
    person_id = models.GeneratedField(
        expression=Coalesce(F("root_id"), F("id")), output_field=models.BigIntegerField(), db_persist=True
    )

    erased_on = models.DateField(null=True, blank=True)
    erased_under = models.CharField(max_length=60, blank=True, db_default="")
    erasure = models.ForeignKey("accounts.Erasure", models.PROTECT, null=True, blank=True, related_name="+")

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PartyKind.values), name="party_kind_known"),
            models.CheckConstraint(condition=Q(root__isnull=True) | ~Q(root=F("id")), name="party_root_is_another"),
        ]
        indexes = [
            models.Index(fields=["person_id"], name="party_person"),
            GinIndex(fields=["search_name"], opclasses=["gin_trgm_ops"], name="party_search_name"),
        ]
        triggers = [
            *erasable("party", "name", "search_name", "tax_id", "stated_zone", nulls=("birth_date",), free="true"),
            # Callers prove who they are by what is unsaid; the gate reads the others.
            change_traced("party", *READ_BY_THE_GATE, unsaid=("name", "search_name", "tax_id", "birth_date")),
        ]

    def __str__(self) -> str:
        return f"party {self.pk}"


class PartyRole(models.TextChoices):
    PRIMARY = "primary", pgettext_lazy("party role", "primary")
    CO_BORROWER = "co_borrower", pgettext_lazy("party role", "co-borrower")
    GUARANTOR = "guarantor", pgettext_lazy("party role", "guarantor")
    REPRESENTATIVE = "representative", pgettext_lazy("party role", "representative")
    THIRD_PARTY = "third_party", pgettext_lazy("party role", "third party")


OWES = [PartyRole.PRIMARY, PartyRole.CO_BORROWER, PartyRole.GUARANTOR]


class AccountParty(models.Model):
    """The role that a party plays on an account."""

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="account_parties")
    party = models.ForeignKey(Party, models.PROTECT, related_name="account_parties")
    role = models.CharField(_("role"), max_length=16, choices=PartyRole.choices, default=PartyRole.PRIMARY)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "party", "role"], name="account_party_once"),
            models.UniqueConstraint(fields=["account"], condition=Q(role="primary"), name="account_one_primary"),
            models.CheckConstraint(condition=Q(role__in=PartyRole.values), name="account_party_role_known"),
        ]
        triggers = [*kept("account_party"), fixed("account_party", "account_id", "party_id", "role")]

    def __str__(self) -> str:
        return f"{self.role} of {self.account_id}"
