"""Skip traces: asked for, run in the background, and what people say about what was found."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.foundation.domain_events import SkipTraceEnded, publish
from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import (
    Account,
    CandidateVerdict,
    ContactPoint,
    NextKind,
    Party,
    Provenance,
    SkipTrace,
    SkipTraceState,
    TraceCandidate,
)
from accounts.models.skip_trace import RUNNING
from accounts.services.accounts import today_of
from accounts.services.contact_points import add_contact_point
from accounts.services.next_step import set_next
from accounts.tracing.provider import NUMBER_FACTS, Finding
from accounts.tracing.providers import PROVIDERS

AGAIN_AFTER = timedelta(days=30)
LOST_AFTER = timedelta(minutes=5)

register_sentences(
    {
        "trace.account_closed": _("Account {account} is closed: nobody is looked for on it."),
        "trace.not_on_account": _("This person has no part in account {account}."),
        "trace.ended": _("This search has ended. Begin a new one to look again."),
        "trace.not_an_offer": _("This only says what is known about a number that we have already."),
        "trace.already_accepted": _("This was accepted already."),
        "trace.already_rejected": _("This was rejected already, and is not offered again."),
    }
)


@retrying
def request_trace(*, account_id: int, party_id: int, actor: User | None, now: datetime) -> SkipTrace:
    """Ask for a party of an open account to be looked for. While a search for them runs, that one is answered.

    Refuses a closed account, and somebody who has no part in it.
    """
    party = Party.objects.lock(party_id)
    account = Account.objects.lock(account_id)
    if not account.is_open:
        raise Refused("trace.account_closed", account=account.reference)
    if not account.account_parties.filter(party=party).exists():
        raise Refused("trace.not_on_account", account=account.reference)
    if running := SkipTrace.objects.filter(party=party, state__in=RUNNING).first():
        return running
    trace = SkipTrace.objects.create(party=party, account=account, requested_by=actor, requested_at=now, due_at=now)
    record("skiptrace.requested", subject=trace, actor=actor, at=now)
    return trace


def due_traces(*, now: datetime) -> list[int]:
    """The searches that nobody has begun, the oldest first."""
    due = SkipTrace.objects.filter(state=SkipTraceState.REQUESTED, due_at__lte=now)
    return list(due.order_by("due_at", "pk").values_list("pk", flat=True))


@retrying
def give_back_lost(*, now: datetime) -> list[int]:
    """Searches whose worker has not come back for five minutes can be begun again. Answers which."""
    lost = SkipTrace.objects.filter(state=SkipTraceState.SEARCHING, claimed_at__lt=now - LOST_AFTER)
    traces = list(lost.order_by("pk").select_for_update(no_key=True, of=("self",), skip_locked=True))
    for trace in traces:
        move(trace, "give_back", actor=None, at=now)
    return [trace.pk for trace in traces]


def run_trace(*, skip_trace_id: int, now: datetime) -> None:
    """Claim a requested search, ask every provider, keep what they found. One that is claimed or ended is left alone.

    Nothing is locked while the providers look.
    """
    if not _claim(skip_trace_id, now):
        return
    party = SkipTrace.objects.select_related("party").get(pk=skip_trace_id).party
    found = [(provider.name, finding) for provider in PROVIDERS for finding in provider.look_up(party)]
    _keep(skip_trace_id, found, now)


@retrying
def _claim(skip_trace_id: int, now: datetime) -> bool:
    due = SkipTrace.objects.filter(pk=skip_trace_id, state=SkipTraceState.REQUESTED, due_at__lte=now)
    trace = due.select_for_update(no_key=True, of=("self",), skip_locked=True).first()
    if trace is None:
        return False
    move(trace, "search", actor=None, at=now, given={"at": now})
    return True


@retrying
def _keep(skip_trace_id: int, found: list[tuple[str, Finding]], now: datetime) -> None:
    trace, accounts = _locked(skip_trace_id)
    if trace.state != SkipTraceState.SEARCHING:
        return
    known = _known_values(trace.party_id)
    TraceCandidate.objects.bulk_create(
        [
            _candidate(trace, provider, finding)
            for provider, finding in found
            if finding.kind == NUMBER_FACTS or (finding.kind, finding.value) not in known
        ],
        ignore_conflicts=True,
    )
    if _open_offers(trace):
        move(trace, "find", actor=None, at=now)
    else:
        _exhaust(trace, accounts, None, now)


def _locked(skip_trace_id: int) -> tuple[SkipTrace, list[Account]]:
    """A search under the locks of its party and of the open accounts that its end may change."""
    party_id = SkipTrace.objects.values_list("party_id", flat=True).get(pk=skip_trace_id)
    party = Party.objects.lock(party_id)
    accounts = list(Account.objects.open().filter(parties=party).order_by("pk").locked())
    return SkipTrace.objects.lock(skip_trace_id), accounts


def _known_values(party_id: int) -> set[tuple[str, str]]:
    """What is not offered: the party's own contact points, usable or not, and what somebody rejected for them."""
    own = ContactPoint.objects.filter(party=party_id).values_list("kind", "value")
    rejected = TraceCandidate.objects.filter(skip_trace__party=party_id, verdict=CandidateVerdict.REJECTED)
    return {*own, *rejected.values_list("kind", "value")}


def _candidate(trace: SkipTrace, provider: str, finding: Finding) -> TraceCandidate:
    return TraceCandidate(
        skip_trace=trace,
        provider=provider,
        kind=finding.kind,
        value=finding.value,
        other_party_id=finding.other_party_id,
        contact_point=finding.contact_point,
        confidence=finding.confidence,
        evidence=finding.evidence,
    )


def _open_offers(trace: SkipTrace) -> bool:
    return trace.candidates.exclude(kind=NUMBER_FACTS).filter(verdict=CandidateVerdict.OPEN).exists()


def _exhaust(trace: SkipTrace, accounts: list[Account], actor: User | None, now: datetime) -> None:
    move(trace, "exhaust", actor=actor, at=now, given={"at": now})
    for account in accounts:
        if account.next_kind == NextKind.TRACE:
            on = today_of(account, now) + AGAIN_AFTER
            set_next(
                account=account, kind=NextKind.TRACE, on=on, subject=trace, reason="trace_exhausted",
                actor=actor, now=now,
            )  # fmt: skip
    _tell_ended(trace, actor, now)


def _tell_ended(trace: SkipTrace, actor: User | None, now: datetime) -> None:
    publish(SkipTraceEnded(ids=frozenset([trace.pk]), at=now, actor_id=getattr(actor, "pk", None)))


@retrying
def accept_candidate(*, candidate_id: int, actor: User, now: datetime) -> ContactPoint:
    """Take what was found as a contact point of the person, not verified yet; their traced accounts are worked again.

    Accepting twice answers the same contact point. Refuses a rejected one, and one whose search has ended.
    """
    candidate, trace, _accounts = _locked_candidate(candidate_id)
    if candidate.verdict == CandidateVerdict.ACCEPTED:
        return ContactPoint.objects.get(party=trace.party_id, kind=candidate.kind, value=candidate.value)
    if candidate.verdict == CandidateVerdict.REJECTED:
        raise Refused("trace.already_rejected")
    _refuse_what_cannot_be_decided(candidate, trace)
    point = _add(candidate, trace, actor, now)
    _decide(candidate, CandidateVerdict.ACCEPTED, actor, now)
    move(trace, "verify", actor=actor, at=now, given={"at": now})
    _tell_ended(trace, actor, now)
    return point


def _add(candidate: TraceCandidate, trace: SkipTrace, actor: User, now: datetime) -> ContactPoint:
    found = candidate.contact_point
    return add_contact_point(
        party_id=trace.party_id,
        kind=candidate.kind,
        value=candidate.value,
        provenance=Provenance.OWN_BOOK,
        country=found.country,
        city=found.city,
        region=found.region,
        postcode=found.postcode,
        is_work=found.is_work,
        actor=actor,
        now=now,
    )


@retrying
def reject_candidate(*, candidate_id: int, actor: User, now: datetime) -> TraceCandidate:
    """Say that what was found isn't theirs: it is never offered for this person again. Saying it twice changes nothing.

    With the last one the search has found nothing. Refuses an accepted one, and one whose search has ended.
    """
    candidate, trace, accounts = _locked_candidate(candidate_id)
    if candidate.verdict == CandidateVerdict.REJECTED:
        return candidate
    if candidate.verdict == CandidateVerdict.ACCEPTED:
        raise Refused("trace.already_accepted")
    _refuse_what_cannot_be_decided(candidate, trace)
    _decide(candidate, CandidateVerdict.REJECTED, actor, now)
    if not _open_offers(trace):
        _exhaust(trace, accounts, actor, now)
    return candidate


def _locked_candidate(candidate_id: int) -> tuple[TraceCandidate, SkipTrace, list[Account]]:
    trace_id = TraceCandidate.objects.values_list("skip_trace_id", flat=True).get(pk=candidate_id)
    trace, accounts = _locked(trace_id)
    candidate = TraceCandidate.objects.select_related("contact_point").get(pk=candidate_id)
    return candidate, trace, accounts


def _refuse_what_cannot_be_decided(candidate: TraceCandidate, trace: SkipTrace) -> None:
    if candidate.kind == NUMBER_FACTS:
        raise Refused("trace.not_an_offer")
    if trace.state != SkipTraceState.CANDIDATES:
        raise Refused("trace.ended")


def _decide(candidate: TraceCandidate, verdict: str, actor: User, now: datetime) -> None:
    candidate.verdict, candidate.decided_by, candidate.decided_at = verdict, actor, now
    candidate.save(update_fields=["verdict", "decided_by", "decided_at"])
    codes = {"candidate": candidate.pk, "kind": candidate.kind, "provider": candidate.provider}
    record(f"skiptrace.candidate_{verdict}", subject=candidate.skip_trace, actor=actor, at=now, codes=codes)
