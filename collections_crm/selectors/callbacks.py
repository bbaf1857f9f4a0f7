"""Whether a call that a customer wants at some time could be made then."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.foundation.purposes import Channel, Purpose
from collections_crm.ui import words
from collections_crm.work.opening import OF_THE_CLOCK, only
from communications.models import Contact
from communications.policy import wording
from communications.policy.decide import decide
from communications.selectors.contact_facts import ContactRequest, gather
from communications.selectors.told_reasons import deciding_zone


def closed_then(contact: Contact, account_id: int, at: datetime) -> str:
    """Why the gate's hours and holidays would hold back a call to this person at that instant, and from when one may be
    made; empty when they wouldn't."""
    request = ContactRequest((account_id,), contact.party_id, contact.contact_point_id, Channel.CALL, Purpose.DEMAND)
    gathered = gather(request, now=at)
    packs = only(gathered.packs, OF_THE_CLOCK)
    answer = decide(gathered.facts, packs)
    if answer.passes:
        return ""
    language, reason = get_language() or "en", answer.reasons[0]
    rule = packs.rule(reason.rule)
    template = rule.sentence_es if language.startswith("es") else rule.sentence_en
    said = wording.sentence(template, reason.code, reason.params, language)
    zone = deciding_zone(
        [(one.retry_at, one.params.get("zone")) for one in answer.reasons],
        [fact.zone for fact in gathered.facts.party.zones],
    )
    if answer.next_allowed_at is None or not zone:
        return said
    moment = f"{words.moment(answer.next_allowed_at, zone)} {words.place(zone)}"
    return _("%(reason)s A call may be made from %(moment)s.") % {"reason": said, "moment": moment}
