"""What customers write to us: kept word for word, honoured at once where it says stop, else brought to our eyes."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from accounts.foundation.card_numbers import without_card_numbers
from accounts.foundation.days import civil_day
from accounts.foundation.domain_events import ContactRecorded, publish
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.purposes import Channel, Purpose
from accounts.foundation.runs import claim_run
from accounts.models import Account, ContactPoint, ContactPointKind, NextKind, Party
from accounts.services.accounts import today_of
from accounts.services.contact_points import opt_out
from accounts.services.next_step import set_next
from communications.models import AccountContact, Contact, ContactState, Direction, ReceivedText

MOST_OF_A_SENDER = 40
STOP_WORDS = {
    "stop", "stop all", "stopall", "quit", "end", "revoke", "cancel", "unsubscribe", "optout", "opt out", "no more",
    "baja", "alto", "parar", "cancelar", "detener", "basta", "ya no",
}  # fmt: skip
# The same wish in a sentence: any reasonable way of saying it counts (47 CFR 64.1200(a)(10)).
STOP_PHRASES = re.compile(
    r"""
      \b(stop|quit|cease)\s+(all\s+)?(text|messag|contact|call|send|writ|sms|bother)
    | \b(unsubscribe|remove|delete)\s+(me|my\s+number)\b
    | \b(do\s+not|dont|never)\s+(text|message|contact|call|write)\b
    | \bopt\s*(me\s+)?out\b | \bleave\s+me\s+alone\b | \bno\s+more\s+(text|messag|call)
    | \b(no|ya\s+no|nunca)\s+me\s+(escrib|llam|mand|envi|contact|molest|text)
    | \b(dejen?|deje)\s+de\s+(escrib|llam|mand|envi|contact|molest)
    | \b(quiten?|borren?|elimin\w*)(me|\s+mi\s+numero)\b | \bd(en)?me\s+de\s+baja\b
    """,
    re.VERBOSE,
)


@retrying
def receive_text(*, sender: str, body: str, provider_reference: str, now: datetime) -> list[Contact]:
    """A customer wrote to us: an inbound contact for each party with that number, and a word that says stop is honoured
    at once, at that number, on every debt. Anything else makes looking at the account the next thing to be done on it.

    The text is kept as it came but for card numbers, also when nobody has that number. The same text twice is one.
    """
    sender, body = sender.replace("\0", "")[:MOST_OF_A_SENDER], body.replace("\0", "")
    points = ContactPoint.objects.filter(kind=ContactPointKind.PHONE, value=sender).order_by("party_id")
    text = ReceivedText(sender=sender, body=without_card_numbers(body), received_at=now)
    contacts = [
        contact
        for point in points.select_related("party")
        if (contact := _note_inbound(point, text, provider_reference, stops=_says_stop(body)))
    ]
    if not points and _is_first(f"from:{sender}", provider_reference, now):
        text.save()
    return contacts


def _says_stop(body: str) -> bool:
    plain = unicodedata.normalize("NFKD", body.lower()).encode("ascii", "ignore").decode()
    words = " ".join(re.sub(r"[^a-z ]", " ", plain.replace("'", "")).split())
    return words in STOP_WORDS or STOP_PHRASES.search(words) is not None


def _is_first(scope: str, reference: str, now: datetime) -> bool:
    _run, is_new = claim_run(job="text-in", scope=scope, period=reference[:40], at=now)
    return is_new


def _note_inbound(point: ContactPoint, text: ReceivedText, reference: str, *, stops: bool) -> Contact | None:
    party, now = Party.objects.lock(point.party.person_id), text.received_at
    if not _is_first(str(point.pk), reference, now):
        return None
    theirs = Account.objects.open().filter(parties=point.party).values_list("pk", flat=True)
    accounts = Account.objects.lock_all(theirs)
    contact = _contact(point, party, accounts, now) if accounts else None
    ReceivedText.objects.create(contact=contact, sender=text.sender, body=text.body, received_at=now)
    if stops:
        opt_out(contact_point_id=point.pk, channel=Channel.TEXT, actor=None, now=now)
    if contact is None:
        return None
    AccountContact.objects.bulk_create(AccountContact(contact=contact, account=account) for account in accounts)
    codes = {"stop": stops, "key": f"text-in:{reference}:{point.pk}"}
    record("contact.text_received", subject=contact, actor=None, at=now, codes=codes)
    for account in accounts if not stops else ():
        _look_at(account, now)
    publish(ContactRecorded(ids=frozenset([contact.pk]), at=now))
    return contact


def _contact(point: ContactPoint, person: Party, accounts: list[Account], now: datetime) -> Contact:
    return Contact.objects.create(
        person_id=person.pk,
        party=point.party,
        contact_point=point,
        channel=Channel.TEXT,
        direction=Direction.IN,
        purpose=Purpose.INBOUND,
        state=ContactState.CONNECTED,
        language=point.party.language,
        started_at=now,
        connected_at=now,
        ended_at=now,
        local_on=civil_day(now, accounts[0].portfolio.zone),
    )


def _look_at(account: Account, now: datetime) -> None:
    """Today, if the next step was something of ours to do on a later day. What waits for a promise, a review or
    somebody's answer stands, and so does a callback: the inbox shows the text."""
    today = today_of(account, now)
    if account.next_kind == NextKind.ACT and account.next_on is not None and account.next_on > today:
        set_next(account=account, kind=NextKind.ACT, on=today, reason="customer_wrote", actor=None, now=now)
