"""The four queries behind every decision: accounts (with the policy in force), people, holds, earlier contacts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Min, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from accounts.models import IN_FORCE, Account, AccountParty, Consent, ContactPoint, Hold, Party
from communications.models import AccountContact, Contact, ContactState, FirstNotice
from communications.policy.pack import PackSet
from communications.selectors.live_policy import live_keys, packs_of_keys

# No rule looks further back, except for how often somebody else was asked where the person is.
LOOK_BACK = timedelta(days=92)


@dataclass(frozen=True)
class Ground:
    """Rows about a set of accounts and people, by id, and the packs that rule."""

    accounts: dict[int, dict[str, Any]]
    people: dict[int, dict[str, Any]]
    holds: list[dict[str, Any]]
    history: list[dict[str, Any]]
    packs: PackSet

    def person_of(self, party_id: int) -> int:
        return self.people[party_id]["person_id"]

    def parties_of(self, person_id: int) -> list[dict[str, Any]]:
        return [party for party in self.people.values() if party["person_id"] == person_id]


def load_ground(account_ids: Iterable[int], party_ids: Iterable[int], now: datetime) -> Ground:
    """Read all of it, in four queries however many accounts and people there are."""
    accounts = {row["id"]: row for row in _accounts(set(account_ids), now)}
    people = {row["id"]: row for row in _people(set(party_ids))}
    persons = {row["person_id"] for row in people.values()}
    on_accounts = {part["person"] for row in accounts.values() for part in row["parts"]}
    return Ground(
        accounts=accounts,
        people=people,
        holds=list(_holds(persons, set(accounts))),
        history=list(_history(persons | on_accounts, now)),
        packs=packs_of_keys(next(iter(accounts.values()))["versions"] if accounts else []),
    )


def _accounts(ids: set[int], now: datetime) -> Iterable[Any]:
    of_account = {"account": OuterRef("pk")}
    parts = AccountParty.objects.filter(**of_account).order_by("pk")
    talks = AccountContact.objects.filter(
        **of_account, contact__state__in=[ContactState.CONNECTED, ContactState.HANDED_OVER]
    )
    return (
        Account.objects.filter(pk__in=ids)
        .annotate(
            parts=ArraySubquery(
                parts.values(
                    part=JSONObject(
                        party="party_id", person="party__person_id", role="role", kind="party__kind"
                    )
                )
            ),
            notices=ArraySubquery(
                FirstNotice.objects.filter(**of_account)
                .order_by("pk")
                .values(notice=JSONObject(kind="kind", on="sent_on"))
            ),
            first_contact_on=Subquery(
                talks.order_by().values("account").annotate(first=Min("contact__local_on")).values("first")
            ),
            versions=live_keys(now),
        )
        .values(
            "id", "limitation_on", "parts", "notices", "first_contact_on", "versions",
            jurisdiction=F("portfolio__jurisdiction"), capacity=F("portfolio__capacity"),
            regulated=F("portfolio__regulated"), product=F("portfolio__product__kind"),
        )
    )  # fmt: skip


def _people(party_ids: set[int]) -> Iterable[Any]:
    persons = Party.objects.filter(pk__in=party_ids).values("person_id")
    consents = Consent.objects.filter(contact_point=OuterRef("pk")).order_by("pk")
    points = ContactPoint.objects.filter(party=OuterRef("pk")).order_by("pk")
    agreed = JSONObject(
        channel="channel",
        basis="basis",
        opted_out="opted_out",
        given_at="given_at",
        expires_at="expires_at",
        revoked_at="revoked_at",
    )
    point = JSONObject(
        id="pk", kind="kind", value="value", line_type="line_type", work="is_work", status="status", city="city",
        region="region", postcode="postcode", country="country", zones="zones",
        consents=ArraySubquery(consents.values(consent=agreed)),
    )  # fmt: skip
    return (
        Party.objects.filter(person_id__in=persons)
        .order_by("pk")
        .annotate(points=ArraySubquery(points.values(point=point)))
        .values("id", "person_id", "kind", "language", "birth_date", "stated_zone", "points")
    )


def _holds(persons: set[int], account_ids: set[int]) -> Iterable[Any]:
    return (
        Hold.objects.filter(Q(person__in=persons) | Q(account__in=account_ids), state__in=IN_FORCE)
        .order_by("pk")
        .values(
            "id", "kind", "scope", "person_id", "account_id", "contact_point_id", "channel", "permits", "review_on",
            "self_ending",
        )
    )  # fmt: skip


def _history(persons: set[int], now: datetime) -> Iterable[Any]:
    since = (now - LOOK_BACK).date()
    about = AccountContact.objects.filter(contact=OuterRef("pk")).order_by("account_id").values("account_id")
    return (
        Contact.objects.filter(Q(local_on__gte=since) | Q(purpose="trace"), person_id__in=persons)
        .exclude(state=ContactState.NOT_ATTEMPTED)
        .order_by("pk")
        .annotate(account_ids=ArraySubquery(about))
        .values(
            "id", "person_id", "channel", "direction", "purpose", "state", "local_on", "contact_point_id",
            "counts_attempt", "counts_conversation", "misdirected", "under_consent", "outcome__reached", "account_ids",
        )
    )  # fmt: skip
