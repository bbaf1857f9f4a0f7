"""Links in messages. Each leads to the page of one message, and is written into it only while it is handed over: what
is kept, and whoever reads that, doesn't hold it."""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from communications.models import Message

# What stands in a message where its link belongs.
PLACE = "{link}"
_SIGNER = Signer(salt="communications.link")


def with_link(message: Message) -> str:
    """The words of a message as they go out."""
    return message.body.replace(PLACE, f"{settings.PUBLIC_ADDRESS}{address_of(message)}")


def address_of(message: Message) -> str:
    """The path of the message's page. The same each time; nobody makes it up without our key."""
    return reverse("customer-offer", args=[_SIGNER.sign(str(message.pk)).replace(":", ".")])


def message_of(token: str) -> Message | None:
    """The message of a link; None for one that we never wrote."""
    try:
        pk = _SIGNER.unsign(token.replace(".", ":"))
    except BadSignature:
        return None
    return Message.objects.select_related("contact_point", "party").filter(pk=pk).first()
