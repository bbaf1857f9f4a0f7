"""Next: whom an agent works with now, and that nobody else does meanwhile."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.locks import retrying
from accounts.foundation.users import User
from collections_crm.models import Lease, QueueEntry, Tab
from collections_crm.selectors.queue_lists import Filters, find_entries, lanes_at, visible_portfolios
from collections_crm.selectors.queue_scope import MINE, scope_of
from communications.models import Contact
from communications.selectors.stops import portfolios_without_calls

LEASE_TIME = timedelta(minutes=15)
AT_ONCE = 20

register_sentences(
    {
        "queue.contact_open": _("Wrap up the open contact first."),
        "queue.nothing_now": _("Nothing can be worked just now: the queue says what opens next."),
        "queue.not_yours": _("Only agents and managers work the queue."),
    }
)

# A lease holds until its instant, and past it while its agent's call with the person is open.
_HELD = """
    (l.expires_at > %(now)s OR EXISTS (
        SELECT 1 FROM communications_contact AS c WHERE c.agent_id = l.agent_id AND c.person_id = l.person_id
            AND c.channel = 'call' AND c.wrapped_up_at IS NULL))
"""
_HELD_BY_OTHERS = f"""
    SELECT e.account_id FROM collections_crm_queueentry AS e
    LEFT JOIN collections_crm_lease AS l ON l.person_id = e.person_id
    WHERE e.account_id = ANY(%(ids)s)
        AND (e.person_id = ANY(%(left)s::bigint[]) OR l.agent_id <> %(agent)s AND {_HELD})
"""  # noqa: S608 (no value from outside)
_TAKE = f"""
    INSERT INTO collections_crm_lease AS l (person_id, agent_id, taken_at, expires_at)
    VALUES (%(person)s, %(agent)s, %(now)s, %(until)s)
    ON CONFLICT (person_id) DO UPDATE
        SET agent_id = excluded.agent_id, taken_at = excluded.taken_at, expires_at = excluded.expires_at
        WHERE NOT {_HELD}
    RETURNING l.person_id
"""  # noqa: S608 (no value from outside)


@retrying
def take_next(*, actor: User, now: datetime, left: Collection[int] = ()) -> int:
    """Lease the person whose account is worth most and may be worked now; answers that account.

    The agent's own work comes first, then the team's. Passed over, without waiting for anybody, is whoever another
    agent has, who would be called while an emergency stop forbids calls, and those whom the agent `left` as they were,
    by the ids of their persons. The agent's last lease ends. Refuses while a contact of theirs is to be wrapped up, and
    when nothing can be worked.
    """
    if not actor.works_a_queue:
        raise Refused("queue.not_yours")
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=actor.pk)
    if Contact.objects.filter(agent=actor, channel="call", wrapped_up_at__isnull=True).exists():
        raise Refused("queue.contact_open")
    Lease.objects.filter(agent=actor).delete()
    scope = scope_of(actor, MINE, [actor])
    portfolios = [portfolio.pk for portfolio in visible_portfolios(actor)]
    given: dict[str, Any] = {"portfolios": portfolios, "silent": portfolios_without_calls(portfolios)}
    lanes, after = lanes_at(now).of(Tab.NOW), ""
    while True:
        found = find_entries(scope, lanes, Filters(), after=after, size=AT_ONCE, **given)
        taken = _take_first(found.ids, actor, now, left)
        if taken is not None:
            return taken
        if not found.next:
            raise Refused("queue.nothing_now")
        after = found.next


def _take_first(account_ids: list[int], actor: User, now: datetime, left: Collection[int]) -> int | None:
    elsewhere = _held_by_others(account_ids, actor, now, left)
    for account_id in account_ids:
        if account_id not in elsewhere and _take(account_id, actor, now):
            return account_id
    return None


def _take(account_id: int, actor: User, now: datetime) -> bool:
    """Two agents never wait for each other: an entry that somebody is just taking or changing is passed over."""
    entry = (
        QueueEntry.objects.filter(pk=account_id, tab=Tab.NOW)
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
        .first()
    )
    if entry is None:
        return False
    given: dict[str, Any] = {"person": entry.person_id, "agent": actor.pk, "now": now, "until": now + LEASE_TIME}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, given)
        return cursor.fetchone() is not None


def _held_by_others(account_ids: list[int], actor: User, now: datetime, left: Collection[int]) -> set[int]:
    """Those whom others have, and those whom the agent left."""
    given = {"ids": account_ids, "agent": actor.pk, "now": now, "left": sorted(left)}
    with connection.cursor() as cursor:
        cursor.execute(_HELD_BY_OTHERS, given)
        return {row[0] for row in cursor.fetchall()}


def leased_by(agent_id: int) -> int | None:
    """The person whom the agent has now, if anybody."""
    return Lease.objects.filter(agent_id=agent_id).values_list("person_id", flat=True).first()


def renew_lease(*, agent_id: int, now: datetime) -> bool:
    """The agent did something: their lease lasts from now. False when they have none."""
    return bool(Lease.objects.filter(agent_id=agent_id).update(expires_at=now + LEASE_TIME))


def other_holder(*, person_id: int, agent_id: int, now: datetime) -> User | None:
    """Who else has the person just now."""
    lease = Lease.objects.filter(person_id=person_id).exclude(agent_id=agent_id).select_related("agent").first()
    if lease is None:
        return None
    on_the_phone = Contact.objects.filter(
        agent_id=lease.agent_id, person_id=person_id, channel="call", wrapped_up_at__isnull=True
    )
    return lease.agent if lease.expires_at > now or on_the_phone.exists() else None
