"""What pages show of messages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.foundation.purposes import Channel, Purpose
from accounts.foundation.users import User
from accounts.models import OWES, Account, Consent, ContactPoint
from communications.models import Message, MessageState, Template
from communications.selectors.contact_facts import ContactRequest
from communications.services.authorise import Preview, preview_contact

# Why a message didn't go out, where no rule of the gate said so itself.
UNSENT = {
    "by_hand": _("taken out of the line by hand"),
    "promise_changed": _("the promise it reminds of has changed"),
    "debt_disputed": _("the customer disputes the debt"),
    "too_late": _("its time was over"),
    "not_sent": _("it did not go out, as somebody found out"),
    "address_refused": _("the address refuses it"),
    "refused": _("refused by policy"),
    "failed": _("the provider could not deliver it"),
    "undelivered": _("the provider could not deliver it"),
}

BY_HAND = [Purpose.DEMAND, Purpose.REPLY]


@dataclass(frozen=True)
class WrittenWay:
    """A contact point and a channel by which the customer can be written to, and whether they agreed to it.

    `stale`: they agreed, but so long ago that a rule doesn't take it for a demand.
    """

    point: ContactPoint
    channel: str
    agreed: bool
    stale: bool = False

    @property
    def value(self) -> str:
        return f"{self.point.pk}:{self.channel}"


def written_ways(account: Account, now: datetime) -> list[WrittenWay]:
    """Every living phone and e-mail of those who owe, agreed ones first. What may be sent the gate says on sending."""
    points = ContactPoint.objects.filter(
        party__account_parties__account=account, party__account_parties__role__in=OWES, kind__in=["phone", "email"]
    ).select_related("party")
    consents = Consent.objects.filter(contact_point__in=points, revoked_at__isnull=True, opted_out=False)
    agreed = {(c.contact_point_id, c.channel) for c in consents if not c.expires_at or c.expires_at > now}
    ways = [
        WrittenWay(point, channel, (point.pk, channel) in agreed)
        for point in points.distinct().order_by("pk")
        for channel in point.channels
        if channel in (Channel.TEXT, Channel.EMAIL)
    ]
    return sorted(ways, key=lambda way: not way.agreed)


def ways_as_judged(ways: list[WrittenWay], demand: list[Preview]) -> list[WrittenWay]:
    """The ways with what the gate says of their consent; those that it takes come first."""
    refused = {
        (one.request.contact_point_id, one.request.channel)
        for one in demand
        if any(reason.code == "consent_stale" for reason in one.answer.reasons)
    }
    judged = [replace(way, stale=way.agreed and (way.point.pk, way.channel) in refused) for way in ways]
    return sorted(judged, key=lambda way: (not way.agreed, way.stale))


def purposes_to_write(account: Account, ways: list[WrittenWay], now: datetime) -> tuple[list[str], list[Preview]]:
    """Of demand and reply, those that the gate allows by one of the ways, now or at a later hour; and what it answers
    to a demand. A reply to somebody who asked nothing, or a demand of a closed account, is none of them."""
    asked = [
        ContactRequest((account.pk,), way.point.party_id, way.point.pk, way.channel, purpose)
        for purpose in BY_HAND
        for way in ways
    ]
    seen = preview_contact(requests=asked, now=now) if asked else []
    possible = {one.request.purpose for one in seen if one.answer.verdict != "refuse" or one.answer.next_allowed_at}
    return [p for p in BY_HAND if p in possible], [one for one in seen if one.request.purpose == Purpose.DEMAND]


def templates_to_choose(account: Account, purposes: list[str]) -> list[Template]:
    """The newest published version of each template for these purposes that an agent may send by hand."""
    by_hand = Template.objects.filter(
        published_at__isnull=False,
        purpose__in=purposes,
        jurisdiction__in=["", account.portfolio.jurisdiction],
    ).order_by("code", "channel", "-jurisdiction", "-version")
    newest: dict[tuple[str, str], Template] = {}
    for template in by_hand:
        newest.setdefault((template.code, template.channel), template)
    return list(newest.values())


def unconfirmed_messages(user: User) -> QuerySet[Message]:
    """Messages of accounts that the user sees, of which nobody knows whether they went out."""
    return (
        Message.objects.filter(
            state=MessageState.UNCONFIRMED, account__in=Account.objects.visible_to(user).values("pk")
        )
        .select_related("account", "contact_point")
        .order_by("claimed_at", "pk")
    )


def recent_messages(user: User) -> QuerySet[Message]:
    """The line and what left it, newest first, of accounts that the user sees."""
    return (
        Message.objects.filter(account__in=Account.objects.visible_to(user).values("pk"))
        .select_related("account", "contact_point", "decision")
        .order_by("-pk")
    )


def unsent_in_words(code: str) -> str:
    """Why it didn't go out; a provider's own code is told as what the provider said."""
    if code in UNSENT:
        return str(UNSENT[code])
    return str(_("the provider gave a reason of its own: “%(code)s”")) % {"code": code}
