"""Telling a customer in writing what is offered, to be accepted by a link, or what was agreed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy, override

from accounts.foundation.days import start_of
from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.locks import retrying
from accounts.foundation.purposes import Channel
from accounts.foundation.users import Role, User
from accounts.models import ContactPoint
from arrangements.models import LIVE, Arrangement, ArrangementState, OfferMessage, ToldAs
from arrangements.services.agreeing import Terms
from collections_crm.selectors.offers import sentences_of
from collections_crm.services.agreement_pdf import duties_of
from collections_crm.ui.words import civil, money
from communications.models import Message
from communications.services.messages import queue_message
from communications.services.templates import published_template, render

TEMPLATES = {ToldAs.OFFER: "offer", ToldAs.CONFIRMATION: "agreement"}


def what_to_tell(offer: Arrangement) -> ToldAs | None:
    """The offer while it stands, its confirmation once it is agreed, else nothing."""
    if offer.state == ArrangementState.OFFERED:
        return ToldAs.OFFER
    return ToldAs.CONFIRMATION if offer.state in LIVE else None


def words_of(offer: Arrangement, channel: str) -> str:
    """What is told, in the customer's language: in an e-mail every payment and duty; in a text the sentences alone,
    the rest being behind its link."""
    with override(offer.party.language):
        terms = Terms.of(offer)
        sentences = sentences_of(terms, offer.account)
        if channel == Channel.TEXT:
            return sentences[0]
        payments = [f"{civil(day)}: {money(amount, offer.currency)}" for day, amount in terms.payments]
        return "\n\n".join([" ".join(sentences), "\n".join(payments), "\n".join(duties_of(offer))])


def preview(offer: Arrangement, point: ContactPoint, channel: str) -> tuple[str, str]:
    """(subject, text) as the customer will read them, but for the link."""
    jurisdiction = offer.account.portfolio.jurisdiction
    template = published_template(code=_template(offer), channel=channel, jurisdiction=jurisdiction)
    return render(template, account=offer.account, party=point.party, values=_values(offer, channel))


@retrying
def send_offer(
    *, offer_id: int, contact_point_id: int, channel: str, actor: User | None, now: datetime, key: str
) -> Message:
    """Put in line what is offered, or agreed, to one of the customer's own ways. The gate judges when it is sent.

    One that waits past the offer's last day isn't sent. The same `key` twice is one message. Refuses other roles,
    anybody else's ways, and what is neither on offer nor in force.
    """
    if actor is not None and actor.role not in (Role.AGENT, Role.MANAGER):
        raise Refused("promise_not_your_role")
    related = ("account__portfolio", "party")
    offer = Arrangement.objects.select_related(*related).get(pk=offer_id)
    told_as = what_to_tell(offer)
    if told_as is None:
        raise Refused("offer_nothing_to_tell", state=offer.get_state_display())
    if not ContactPoint.objects.filter(pk=contact_point_id, party_id=offer.party_id).exists():
        raise Refused("offer_way_of_another")
    zone = offer.account.portfolio.zone
    ends = offer.expires_on if told_as == ToldAs.OFFER else None
    message = queue_message(
        account_id=offer.account_id,
        contact_point_id=contact_point_id,
        channel=channel,
        template_code=_template(offer),
        values=_values(offer, channel),
        actor=actor,
        now=now,
        dedupe_key=f"{told_as}:{offer.pk}:{key}",
        expires_at=start_of(ends + timedelta(days=1), zone) if ends else None,
    )
    OfferMessage.objects.get_or_create(
        message=message,
        defaults={"arrangement": offer, "told_as": told_as, "terms_digest": offer.terms_digest},
    )
    return message


def _template(offer: Arrangement) -> str:
    told_as = what_to_tell(offer)
    if told_as is None:
        raise Refused("offer_nothing_to_tell", state=offer.get_state_display())
    return TEMPLATES[told_as]


def _values(offer: Arrangement, channel: str) -> dict[str, object]:
    return {"terms": words_of(offer, channel), "day": offer.expires_on or offer.agreed_on}


register_sentences(
    {
        "offer_nothing_to_tell": gettext_lazy("There is nothing to send: this is {state}."),
        "offer_way_of_another": gettext_lazy("Send it to the customer's own phone or e-mail."),
    }
)
