"""What the searches for an account's people have found, masked, with its evidence in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.foundation.users import User
from accounts.models import (
    Account,
    CandidateVerdict,
    ContactPointKind,
    LineType,
    SkipTrace,
    SkipTraceState,
    TraceCandidate,
)
from accounts.services.skip_traces import AGAIN_AFTER
from accounts.tracing.provider import NUMBER_FACTS
from accounts.tracing.providers import PROVIDERS
from collections_crm.selectors.reach import masked
from collections_crm.ui.words import place

EVIDENCE = {
    "linked": gettext_lazy("known to be the same person"),
    "birth_date": gettext_lazy("same birth date"),
    "email": gettext_lazy("same e-mail"),
    "phone": gettext_lazy("same phone"),
    "whatsapp": gettext_lazy("same WhatsApp"),
    "address": gettext_lazy("same address"),
    "place": gettext_lazy("same town"),
    "name": gettext_lazy("similar name"),
    "valid": pgettext_lazy("number", "valid"),
    "possible": gettext_lazy("its length fits, its range is not in use"),
    "invalid": gettext_lazy("can't exist"),
}


LOOKUPS = {
    "own_book": gettext_lazy("our own book: other people with the same e-mail, phone, birth date, address or name"),
    "number_intelligence": gettext_lazy("the numbering plans: whether each number we have can be in use"),
}


@dataclass(frozen=True)
class Found:
    """One candidate as everybody may see it: whose account it comes from stays unsaid."""

    candidate: TraceCandidate
    kind: str
    masked: str
    evidence: str


@dataclass(frozen=True)
class Search:
    """The latest search for one person. `offers` can be decided, `decided` were, `numbers` are only to be read."""

    trace: SkipTrace
    offers: list[Found]
    decided: list[Found]
    numbers: list[Found]

    @property
    def is_exhausted(self) -> bool:
        return self.trace.state == SkipTraceState.EXHAUSTED

    @property
    def lookups(self) -> list[str]:
        """Where every search looks, in words."""
        return [str(LOOKUPS.get(provider.name, provider.name)) for provider in PROVIDERS]

    @property
    def again_on(self) -> date:
        """The day for which the next look was put down."""
        return (self.trace.ended_at + AGAIN_AFTER).date()

    @property
    def is_running(self) -> bool:
        return self.trace.state in ("requested", "searching")


@dataclass(frozen=True)
class TracePanel:
    """The searches of an account's people, and whether this user may ask for one and decide what was found."""

    searches: list[Search]
    may_trace: bool

    @property
    def is_searching(self) -> bool:
        return any(search.is_running for search in self.searches)


def trace_panel(user: User, account: Account) -> TracePanel:
    """Three queries, whatever was found."""
    of_account = SkipTrace.objects.filter(party__account_parties__account=account)
    latest = of_account.order_by("party_id", "-pk").distinct("party_id")
    traces = latest.select_related("party").prefetch_related("candidates__contact_point")
    return TracePanel([_search(trace) for trace in traces], user.works_a_queue and account.is_open)


def _search(trace: SkipTrace) -> Search:
    found = [_found(candidate) for candidate in trace.candidates.all()]
    offers = [one for one in found if one.candidate.kind != NUMBER_FACTS]
    undecided = [one for one in offers if one.candidate.verdict == CandidateVerdict.OPEN]
    return Search(
        trace,
        undecided if trace.state == "candidates" else [],
        [one for one in offers if one not in undecided],
        [one for one in found if one.candidate.kind == NUMBER_FACTS],
    )


def _found(candidate: TraceCandidate) -> Found:
    kind = ContactPointKind.PHONE if candidate.kind == NUMBER_FACTS else ContactPointKind(candidate.kind)
    evidence = ", ".join(in_words(code) for code in candidate.evidence)
    return Found(candidate, str(kind.label), masked(candidate.contact_point), evidence)


def in_words(code: str) -> str:
    """`same birth date`, `line: mobile`, `zone: London`, `first carrier: O2`."""
    name, _colon, value = code.partition(":")
    if name == "line":
        return _("line: %(kind)s") % {"kind": LineType(value).label}
    if name == "zone":
        return _("zone: %(zone)s") % {"zone": place(value)}
    if name == "carrier":
        return _("first carrier: %(carrier)s") % {"carrier": value}
    return str(EVIDENCE.get(name, name))
