"""How a lower floor tells an upper one that something happened, without importing it.

Handlers run at once, in the publisher's transaction, in the order in which `collections_crm/wiring.py` lists them.
They take sets of ids and call services only. An exception in one of them rolls everything back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction


@dataclass(frozen=True, kw_only=True)
class DomainEvent:
    """Something that happened to a set of rows, at an instant, by somebody (None: the system)."""

    ids: frozenset[int]
    at: datetime
    actor_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class PaymentPosted(DomainEvent):
    """Money was credited: ids of Payments."""


@dataclass(frozen=True, kw_only=True)
class PaymentCleared(DomainEvent):
    """Money credited earlier can no longer be returned in the ordinary way: ids of Payments."""


@dataclass(frozen=True, kw_only=True)
class PaymentReversed(DomainEvent):
    """Money credited earlier was taken back: ids of Payments."""


@dataclass(frozen=True, kw_only=True)
class HoldPlaced(DomainEvent):
    """A restriction began: ids of Holds."""


@dataclass(frozen=True, kw_only=True)
class HoldReleased(DomainEvent):
    """A restriction ended: ids of Holds."""


@dataclass(frozen=True, kw_only=True)
class DisputeRaised(DomainEvent):
    """A customer disputed a debt: ids of Disputes."""


@dataclass(frozen=True, kw_only=True)
class DisputeAnswered(DomainEvent):
    """The customer was sent what was decided about a dispute, and why: ids of Disputes."""


@dataclass(frozen=True, kw_only=True)
class DisputeWithdrawn(DomainEvent):
    """Customers dispute it no more: ids of Disputes."""


@dataclass(frozen=True, kw_only=True)
class DisputeCredited(DomainEvent):
    """Customers were right, and less is owed: ids of Disputes."""


@dataclass(frozen=True, kw_only=True)
class ReconciliationAsked(DomainEvent):
    """A merchant asked to be reconciled: ids of Reconciliations."""


@dataclass(frozen=True, kw_only=True)
class ReconciliationEnded(DomainEvent):
    """A reconciliation was made, refused by an answer that was sent, or withdrawn: ids of Reconciliations."""


@dataclass(frozen=True, kw_only=True)
class HardshipTold(DomainEvent):
    """A customer said that they can't pay: ids of Contacts."""


@dataclass(frozen=True, kw_only=True)
class HardshipAnswered(DomainEvent):
    """Customers were sent why they get no help, or took back that they can't pay: ids of HardshipCases."""


@dataclass(frozen=True, kw_only=True)
class AccountsChanged(DomainEvent):
    """Whatever the queue shows of these accounts may have changed: ids of Accounts."""


@dataclass(frozen=True, kw_only=True)
class AccountsClosed(DomainEvent):
    """Nothing is left to collect: ids of Accounts."""


@dataclass(frozen=True, kw_only=True)
class AccountsPlaced(DomainEvent):
    """A placement went live: ids of Accounts."""


@dataclass(frozen=True, kw_only=True)
class ContactRecorded(DomainEvent):
    """A contact was reserved, concluded or its counting changed: ids of Contacts."""


@dataclass(frozen=True, kw_only=True)
class ContactPointChanged(DomainEvent):
    """A way to reach somebody was added, verified, blocked or died: ids of ContactPoints."""


@dataclass(frozen=True, kw_only=True)
class PartiesChanged(DomainEvent):
    """When, where or how these people may be contacted changed by what they asked or told: ids of Parties."""


@dataclass(frozen=True, kw_only=True)
class ApprovalDecided(DomainEvent):
    """An approval left the hands of its approver: ids of Approvals."""


@dataclass(frozen=True, kw_only=True)
class ArrangementChanged(DomainEvent):
    """An arrangement began, moved or ended: ids of Arrangements."""


@dataclass(frozen=True, kw_only=True)
class PolicyChanged(DomainEvent):
    """Which policy rules from when is another: ids of the policy versions published or called off."""


@dataclass(frozen=True, kw_only=True)
class SkipTraceEnded(DomainEvent):
    """A search for a person ended: ids of SkipTraces."""


@dataclass
class Wiring:
    """Which handlers hear which event. Filled once, when the top floor starts."""

    handlers: dict[type[DomainEvent], list[Callable[[Any], None]]] = field(default_factory=dict)

    def connect(self, kind: type[DomainEvent], *handlers: Callable[[Any], None]) -> None:
        self.handlers.setdefault(kind, []).extend(handlers)


wiring = Wiring()


def publish(event: DomainEvent) -> None:
    """Run the handlers of an event. Refuses to run outside a transaction; an empty set of ids is not an event."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{type(event).__name__} published outside a transaction")
    if not event.ids:
        return
    for handler in wiring.handlers.get(type(event), []):
        handler(event)


class _Gathered(threading.local):
    """What the use-case of this thread has put off to its end: for each act, the ids and the last instant."""

    waiting: dict[Callable[..., Any], tuple[set[int], datetime]] | None = None


_gathered = _Gathered()


@contextmanager
def gathering() -> Iterator[None]:
    """Do once, at the end of the outermost such block and in its transaction, what handlers put off.

    A use-case that publishes ten events about one account has its views of that account worked out once. When the
    block fails, nothing that was put off is done.
    """
    if _gathered.waiting is not None:
        yield
        return
    _gathered.waiting = {}
    try:
        yield
        while _gathered.waiting:
            act, (ids, at) = _gathered.waiting.popitem()
            act(ids, now=at)
    finally:
        _gathered.waiting = None


def at_the_end(act: Callable[..., Any], ids: Iterable[int], *, now: datetime) -> None:
    """Put off `act(ids, now=...)`, which must recompute and not depend on order; at once when nothing is gathered."""
    if _gathered.waiting is None:
        act(set(ids), now=now)
        return
    known, at = _gathered.waiting.get(act, (set(), now))
    _gathered.waiting[act] = (known | set(ids), max(at, now))
