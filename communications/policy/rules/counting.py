"""Which earlier contacts a rule counts: what, on which channels, by whom it is keyed, and what it leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice

from communications.policy.decision import Finding
from communications.policy.facts import REACHES, AccountFact, ContactFacts, PastContact

# Consent that the person gave us; what was given to the creditor or an earlier collector does not lift a count.
DIRECT = ("given", "used")
COUNT_KEYS = ("person_account", "account", "address", "person")


def counted_contacts(
    facts: ContactFacts,
    account: AccountFact,
    *,
    reach: str,
    key: str,
    channels: tuple[str, ...] = (),
    exclusions: tuple[str, ...] = (),
    directions: tuple[str, ...] = ("out",),
    purposes: tuple[str, ...] = (),
    marks: tuple[str, ...] = (),
) -> list[PastContact]:
    """The contacts that count: those that bear all `marks`, never those with a number that proved wrong."""
    left_out = {"misdirected", *exclusions}
    least = REACHES.index(reach)
    return [
        past
        for past in facts.history
        if REACHES.index(past.reach) >= least
        and past.direction in directions
        and (not channels or past.channel in channels)
        and (not purposes or past.purpose in purposes)
        and left_out.isdisjoint(past.marks)
        and set(marks) <= set(past.marks)
        and same_subject(past, facts, account, key)
    ]


def days_of(contacts: Iterable[PastContact]) -> list[date]:
    """Their civil days, the oldest first."""
    return sorted(past.on for past in contacts)


def attributed(counted: list[PastContact], account_id: int, days: int) -> list[PastContact]:
    """Of the contacts, those that count for the account when an unanswered call about several debts counts for one of
    them: the one with the fewest in the `days` up to it, the lowest number among equals."""
    given: list[tuple[int, PastContact]] = []
    for past in sorted(counted, key=lambda past: (past.on, past.id)):
        if past.reach != "attempt" or len(past.account_ids) < 2:
            given += [(each, past) for each in past.account_ids]
            continue
        since = past.on - timedelta(days=days - 1)
        recent = Counter(each for each, earlier in given if earlier.on >= since)
        given.append((min(past.account_ids, key=lambda each: (recent[each], each)), past))
    return [past for each, past in given if each == account_id]


def same_subject(past: PastContact, facts: ContactFacts, account: AccountFact, key: str) -> bool:
    """True when an earlier contact has the person, account or address in common that the rule counts by."""
    if key == "account":
        return account.id in past.account_ids
    if key == "address":
        return facts.point is not None and past.point_id == facts.point.id
    same_person = past.person_id == facts.party.person_id
    return same_person and (key == "person" or account.id in past.account_ids)


def keyed_accounts(accounts: Iterable[AccountFact], key: str) -> tuple[AccountFact, ...]:
    """The accounts to count for, one by one; a count by person or address is the same for all, so one is enough."""
    found = tuple(accounts)
    return found if key in ("person_account", "account") else found[:1]


def told_once(findings: Iterable[Finding], key: str) -> Iterator[Finding]:
    """What counts by person or address is found once for all accounts: for the first that no consent lifts it for."""
    return iter(findings) if key in ("person_account", "account") else islice(findings, 1)


def live_consent(facts: ContactFacts, account_id: int, day: date, days: int) -> bool:
    """True when the person agreed to be contacted on this channel about this account, and `day` is within it.

    Consent lives for `days` civil days, the day of receipt being the first; sooner when it says so, when it is revoked,
    or when the two have talked about the account since.
    """
    return any(
        consent.channel == facts.channel
        and consent.basis in DIRECT
        and (not consent.account_ids or account_id in consent.account_ids)
        and (consent.point_id is None or (facts.point is not None and consent.point_id == facts.point.id))
        and consent.given_on <= day <= _last_day(consent.given_on, consent.until, days)
        and not (consent.revoked_on and consent.revoked_on <= day)
        and not _talked_since(facts, account_id, consent.given_on)
        for consent in facts.consents
    )


def _last_day(given_on: date, until: date | None, days: int) -> date:
    last = given_on + timedelta(days=days - 1)
    return min(last, until) if until else last


def _talked_since(facts: ContactFacts, account_id: int, given_on: date) -> bool:
    """A conversation after the consent ends it. The talk in which it was given is on its own day and does not."""
    return any(
        past.reach == "conversation"
        and past.person_id == facts.party.person_id
        and account_id in past.account_ids
        and past.on > given_on
        for past in facts.history
    )
