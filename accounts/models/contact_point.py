"""Contact points: the ways in which a party can be reached, and what was agreed about them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, TextField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.append_only import change_traced, erasable, fixed, fixed_once_set, kept
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.purposes import Channel


class ContactPointKind(models.TextChoices):
    PHONE = "phone", _("phone")
    EMAIL = "email", _("e-mail")
    POST = "post", _("postal address")
    WHATSAPP = "whatsapp", _("WhatsApp")


class ContactPointStatus(models.TextChoices):
    UNVERIFIED = "unverified", pgettext_lazy("contact point", "unverified")
    VERIFIED = "verified", pgettext_lazy("contact point", "verified")
    WRONG_PARTY = "wrong_party", pgettext_lazy("contact point", "wrong party")
    DEAD = "dead", pgettext_lazy("contact point", "dead")


class LineType(models.TextChoices):
    GEOGRAPHIC = "geographic", _("geographic")
    MOBILE = "mobile", _("mobile")
    TOLL_FREE = "toll_free", _("toll-free")
    VOIP = "voip", _("internet telephony")
    UNKNOWN = "unknown", _("unknown")


class Provenance(models.TextChoices):
    CREDITOR = "creditor", _("creditor's file")
    CUSTOMER = "customer", _("the customer")
    AGENT = "agent", _("entered by an agent")
    OWN_BOOK = "own_book", _("own book")
    VENDOR = "vendor", _("tracing vendor")


USABLE = [ContactPointStatus.UNVERIFIED, ContactPointStatus.VERIFIED]
# What a person can be reached by at all: called, mailed or messaged. Letters and WhatsApp can't be sent from here.
REACHING = [ContactPointKind.PHONE, ContactPointKind.EMAIL]
# The kinds whose value is a telephone number.
NUMBERS = [ContactPointKind.PHONE, ContactPointKind.WHATSAPP]
CHANNELS_OF = {
    ContactPointKind.PHONE: [Channel.CALL, Channel.TEXT],
    ContactPointKind.EMAIL: [Channel.EMAIL],
    ContactPointKind.POST: [Channel.POST],
    ContactPointKind.WHATSAPP: [Channel.WHATSAPP],
}


# An address without its post code, accents, capitals and punctuation: as two clerks would both have written it. Asked
# for in SQL by `accounts.selectors.own_book`, word for word, or the index doesn't serve.
ADDRESS_FORM = (
    "btrim(regexp_replace(translate(lower(replace(%(expressions)s, '')), 'áéíóúüñ', 'aeiouun'),"
    " '[^[:alnum:]]+', ' ', 'g'))"
)


class ContactPoint(models.Model):
    """One way to reach one party. Phones are E.164, e-mails lower case; an address also has its parts.

    A value is never edited: a correction is a new row and the old one dies, so that contacts keep what they used.
    Erasure blanks it; country and zones stay.
    """

    party = models.ForeignKey("accounts.Party", models.PROTECT, related_name="contact_points")
    kind = models.CharField(_("kind"), max_length=10, choices=ContactPointKind.choices)
    value = models.CharField(_("value"), max_length=300)
    line_type = models.CharField(max_length=12, choices=LineType.choices, default=LineType.UNKNOWN)
    is_work = models.BooleanField(_("at work"), default=False)
    city = models.CharField(_("city"), max_length=80, blank=True)
    region = models.CharField(_("state or region"), max_length=40, blank=True)
    postcode = models.CharField(_("post code"), max_length=16, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    zones = ArrayField(models.CharField(max_length=64), default=list, blank=True, verbose_name=_("possible time zones"))
    status = models.CharField(
        _("status"), max_length=12, choices=ContactPointStatus.choices, default=ContactPointStatus.UNVERIFIED
    )
    provenance = models.CharField(_("provenance"), max_length=12, choices=Provenance.choices)
    added_at = models.DateTimeField(_("added"))
    status_at = models.DateTimeField(null=True, blank=True)
    erased_on = models.DateField(null=True, blank=True)
    erased_under = models.CharField(max_length=60, blank=True, db_default="")
    erasure = models.ForeignKey("accounts.Erasure", models.PROTECT, null=True, blank=True, related_name="+")

    objects = LockableQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "kind", "value"],
                condition=Q(erased_on__isnull=True),
                name="contact_point_once_per_party",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ContactPointStatus.values), name="contact_point_status_known"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "value"], name="contact_point_value"),
            models.Index(
                Func(F("value"), F("postcode"), template=ADDRESS_FORM, output_field=TextField()),
                condition=Q(kind="post"),
                name="contact_point_address",
            ),
        ]
        triggers = [
            *kept("contact_point"),
            fixed("contact_point", "party_id", "kind", "provenance", "added_at"),
            *erasable("contact_point", "value", "city", "region", "postcode"),
            # What the gate takes the hours from.
            change_traced("contact_point", "zones", "country", "line_type", "is_work"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_usable(self) -> bool:
        return self.status in USABLE

    @property
    def channels(self) -> list[Channel]:
        return CHANNELS_OF[ContactPointKind(self.kind)] if self.is_usable else []


class ConsentBasis(models.TextChoices):
    GIVEN = "given", _("given by the customer")
    CREDITOR = "creditor", _("passed on by the creditor")
    USED = "used", _("the customer used it with us")


class Consent(models.Model):
    """Leave to use one channel at one contact point: on what basis, from when, until when, and when it was taken back.

    With an `account` it is leave to speak of that debt only. A row with `opted_out` says the opposite: the customer
    asked not to be reached this way, about any debt. Rows are added, not edited, but for the moment of revocation.
    """

    contact_point = models.ForeignKey(ContactPoint, models.PROTECT, related_name="consents")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, blank=True, related_name="+")
    basis = models.CharField(max_length=12, choices=ConsentBasis.choices, default=ConsentBasis.GIVEN)
    opted_out = models.BooleanField(default=False)
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opted_out=False) | Q(account__isnull=True), name="consent_opt_out_is_of_every_debt"
            )
        ]
        indexes = [models.Index(fields=["contact_point", "channel"], name="consent_of_point")]
        triggers = [
            *kept("consent"),
            fixed(
                "consent", "contact_point_id", "channel", "account_id", "basis", "opted_out", "given_at", "expires_at"
            ),
            *fixed_once_set("consent", "revoked_at"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} at {self.contact_point_id}"
