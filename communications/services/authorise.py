"""The one door to a contact: ask the gate under the person's lock, keep its answer, and reserve the contact with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from accounts.foundation.approvals import Approval
from accounts.foundation.domain_events import ContactRecorded, publish
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.purposes import Purpose
from accounts.foundation.users import User
from accounts.models import Party
from communications.models import CONTACT_ALLOWED, AccountContact, Contact, Direction, PolicyDecision, Verdict
from communications.policy.answering import awaits_reply
from communications.policy.decide import decide
from communications.policy.decision import Decision
from communications.policy.facts import ContactFacts
from communications.policy.outlook import Outlook, outlook
from communications.policy.pack import PackSet
from communications.selectors.contact_facts import ContactRequest, Gathered, gather, gather_many, local_day
from communications.services.contact_override import covering_override
from communications.services.line import claim_line

# How many requests are judged on facts read together.
TOGETHER = 1000


@dataclass(frozen=True)
class Authorisation:
    """What the gate answered, as stored, and the contact reserved on its strength (None when it said no)."""

    decision: PolicyDecision
    answer: Decision
    contact: Contact | None

    @property
    def allowed(self) -> bool:
        return self.contact is not None


@dataclass(frozen=True)
class Judged:
    """What the gate answers to one request: nothing is kept and nothing counted."""

    request: ContactRequest
    facts: ContactFacts
    answer: Decision
    packs: PackSet


@dataclass(frozen=True)
class Preview(Judged):
    """The same for a badge, with what it says besides."""

    outlook: Outlook


@retrying
def authorise_contact(
    *,
    account_ids: Sequence[int],
    party_id: int,
    contact_point_id: int,
    channel: str,
    purpose: str,
    actor: User | None,
    now: datetime,
    disclosing: bool = False,
    verified: bool = False,
    language: str = "",
    elements: tuple[str, ...] | None = None,
    override_id: int | None = None,
) -> Authorisation:
    """Ask whether a contact may be made now and, if so, reserve it in the same transaction.

    Whoever asks about the same person waits until this transaction ends, so no two pass one limit together. The answer
    is kept either way; a refusal is returned, not raised, because raising would undo the keeping. `disclosing`: the
    debt is named (a message that names it); `elements`: what its words carry. `override_id` is an approved exception
    for exactly this contact, used up by it. Refuses a second open call of the same agent.
    """
    if channel == "call" and actor is not None:
        claim_line(actor)
    _lock_person(party_id)
    request = ContactRequest(
        tuple(sorted(set(account_ids))), party_id, contact_point_id, channel, purpose, verified, disclosing, language,
        elements,
    )  # fmt: skip
    gathered = gather(request, now=now)
    answer = decide(gathered.facts, gathered.packs, key=_key())
    override = None
    if not answer.passes and override_id is not None:
        override = covering_override(approval_id=override_id, request=request, answer=answer, now=now)
    decision = _decision(gathered.facts, request, answer, override, actor, now)
    decision.save(force_insert=True)
    contact = _reserve(gathered, decision, answer, actor, now) if decision.verdict in CONTACT_ALLOWED else None
    return Authorisation(decision, answer, contact)


def preview_contact(*, requests: Sequence[ContactRequest], now: datetime, answering: bool = False) -> list[Preview]:
    """What the gate would say to each request now, for badges. Writes nothing; four queries for all of them.

    `answering`: where something that the person asked is unanswered, the contact is judged as the reply to it.
    """
    seen = _judge_all(requests, now, answering)
    return [Preview(one.request, one.facts, one.answer, one.packs, outlook(one.facts, one.packs)) for one in seen]


def decide_many(*, requests: Sequence[ContactRequest], now: datetime) -> list[Judged]:
    """What the gate says to each of many requests at `now`, in their order: the facts of a thousand are read together.

    Writes and locks nothing: good for turning away and for telling in advance. Who contacts asks `authorise_contact`.
    """
    return [
        judged
        for begin in range(0, len(requests), TOGETHER)
        for judged in _judge_all(requests[begin : begin + TOGETHER], now)
    ]


def keep_refusals(refused: Sequence[Judged], *, now: datetime) -> list[PolicyDecision]:
    """Keep the answers to requests that nobody made and that did not pass. ValueError for one that did: that is a
    contact, and a contact is authorised under its person's lock."""
    if any(one.answer.passes for one in refused):
        raise ValueError("an answer that lets a contact through is kept with its contact")
    return PolicyDecision.objects.bulk_create(
        _decision(one.facts, one.request, one.answer, None, None, now) for one in refused
    )


def _judge_all(requests: Sequence[ContactRequest], now: datetime, answering: bool = False) -> list[Judged]:
    found = zip(requests, gather_many(requests, now=now), strict=True)
    asked = [_as_reply(*pair) for pair in found] if answering else found
    return [
        Judged(request, gathered.facts, decide(gathered.facts, gathered.packs, key=_key()), gathered.packs)
        for request, gathered in asked
    ]


def _as_reply(request: ContactRequest, gathered: Gathered) -> tuple[ContactRequest, Gathered]:
    if not awaits_reply(gathered.facts, gathered.packs):
        return request, gathered
    facts = replace(gathered.facts, purpose=Purpose.REPLY.value)
    return replace(request, purpose=Purpose.REPLY.value), Gathered(facts, gathered.packs)


def _lock_person(party_id: int) -> Party:
    """The root of the link group: all parties known to be one person share one lock."""
    person_id = Party.objects.values_list("person_id", flat=True).get(pk=party_id)
    return Party.objects.lock(person_id)


def _decision(
    facts: ContactFacts,
    request: ContactRequest,
    answer: Decision,
    override: Approval | None,
    actor: User | None,
    now: datetime,
) -> PolicyDecision:
    return PolicyDecision(
        at=now,
        actor=actor,
        party_id=request.party_id,
        contact_point_id=request.contact_point_id,
        channel=request.channel,
        purpose=request.purpose,
        account_ids=list(request.account_ids),
        verdict=Verdict.OVERRIDE if override else answer.verdict,
        override=override,
        reasons=[reason.as_dict() for reason in answer.reasons],
        next_allowed_at=answer.next_allowed_at,
        pack_versions=dict(answer.pack_versions),
        facts=facts.as_json(),
        facts_digest=answer.facts_digest,
    )


def _reserve(
    gathered: Gathered, decision: PolicyDecision, answer: Decision, actor: User | None, now: datetime
) -> Contact:
    facts = gathered.facts
    contact = Contact.objects.create(
        person_id=facts.party.person_id,
        party_id=decision.party_id,
        contact_point_id=decision.contact_point_id,
        channel=decision.channel,
        direction=Direction.OUT,
        purpose=decision.purpose,
        decision=decision,
        verdict=decision.verdict,
        agent=actor if decision.channel == "call" else None,
        language=facts.language or facts.party.language,
        started_at=now,
        local_on=local_day(facts),
        under_consent="consented" in answer.marks,
    )
    AccountContact.objects.bulk_create(AccountContact(contact=contact, account_id=pk) for pk in decision.account_ids)
    codes = {"channel": decision.channel, "purpose": decision.purpose, "decision": decision.pk}
    record("contact.reserved", subject=contact, actor=actor, at=now, codes=codes)
    publish(ContactRecorded(ids=frozenset([contact.pk]), at=now, actor_id=getattr(actor, "pk", None)))
    return contact


def _key() -> bytes:
    return settings.DIGEST_KEY.encode()
