"""One hash over every business table: equal books have equal digests, however they came about.

Rows are compared by what they say: the numbers that the database gave them, keys drawn by chance and the moments at
which a run really ran are left out; references are followed to what they refer to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from django.db import models

from accounts.foundation.digests import canonical
from collections_crm.proof.natural_keys import Keys, business_models

# Not the book: what the code declares, how a person works with the pages, what came out of the local mail and text,
# and what was only tried.
LEFT_OUT = {
    "accounts.statemove",
    "accounts.receipt",
    "accounts.settingchange",
    "collections_crm.draft",
    "collections_crm.lease",
    "collections_crm.savedview",
    "communications.localmail",
    "communications.policysimulation",
    "communications.simulatedchange",
}
CHANCE_OR_CLOCK = {
    "accounts.user": {"password", "last_login", "date_joined"},
    "accounts.run": {"started_at", "ended_at"},
    "accounts.erasure": {"txid"},
    "arrangements.budget": {"txid"},
    "communications.contact": {"txid"},
    "communications.policydecision": {"txid"},
    "communications.message": {"provider_key", "dedupe_key", "claimed_at", "provider_reference"},
}
# Number columns that go with a type column, or with a fixed type.
POINTERS = {
    "subject_id": "subject_type",
    "next_subject_id": "next_subject_type",
    "placed_for_id": "placed_for_type",
}
CONTACT_POINTERS = {"arrangements.arrangement", "accounts.note"}


def table_digests() -> dict[str, tuple[int, str]]:
    """For each business table: how many rows, and the hash of them all, in no order."""
    keys = Keys()
    return {
        model._meta.db_table: _digest_of(_rows(model, keys))
        for model in business_models()
        if model._meta.label_lower not in LEFT_OUT
    }


def state_digest() -> str:
    """The hash of the whole book, in hexadecimal (64 characters)."""
    lines = [f"{table} {count} {digest}" for table, (count, digest) in sorted(table_digests().items())]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _digest_of(rows: Iterator[dict[str, Any]]) -> tuple[int, str]:
    hashes = sorted(hashlib.sha256(canonical(row).encode()).digest() for row in rows)
    return len(hashes), hashlib.sha256(b"".join(hashes)).hexdigest()


def _rows(model: type[models.Model], keys: Keys) -> Iterator[dict[str, Any]]:
    label = model._meta.label_lower
    skipped = CHANCE_OR_CLOCK.get(label, set())
    fields = [f for f in model._meta.concrete_fields if not _is_number(f) and f.name not in skipped]
    found: models.QuerySet = model._base_manager.all()
    if label == "accounts.run":
        # Runs of the minute say when a machine was up, not what the book is.
        found = found.filter(job="close_day")
    for values in found.values_list(*[f.attname for f in fields]).iterator(chunk_size=5000):
        row = {f.attname: _plain(keys.value(f, value)) for f, value in zip(fields, values, strict=True)}
        yield _followed(label, row, keys)


def _is_number(field: models.Field) -> bool:
    return field.primary_key and not field.is_relation


def _plain(value: Any) -> Any:
    if isinstance(value, (bytes, memoryview)):
        return hashlib.sha256(bytes(value)).hexdigest()
    return value if isinstance(value, (str, int, float, bool, list, dict, type(None))) else str(value)


def _followed(label: str, row: dict[str, Any], keys: Keys) -> dict[str, Any]:
    for number, kind in POINTERS.items():
        if row.get(number) is not None and row.get(kind):
            row[number] = keys.of_named(row[kind], row[number])
    if label == "accounts.event":
        row["codes"] = {name: _named(name, value, keys) for name, value in row["codes"].items()}
    if label in CONTACT_POINTERS:
        row["contact_id"] = keys.of_named("contact", row["contact_id"])
    if label == "accounts.ledgerentry":
        row["source_key"] = SOURCES.get(row["source"], _as_it_is)(row["source_key"], keys)
    return row


def _named(name: str, value: Any, keys: Keys) -> Any:
    """Codes that are called like a model hold the number of one of its rows."""
    return keys.of_named(name, value) if isinstance(value, int) else value


def _as_it_is(key: str, _keys: Keys) -> str | None:
    return key


def _payment(key: str, keys: Keys) -> str | None:
    return keys.of_named("payment", int(key))


def _settlement(key: str, keys: Keys) -> str | None:
    arrangement, _colon, turn = key.partition(":")
    return f"{keys.of_named('arrangement', int(arrangement))}:{turn}"


# Ledger keys that contain a number of ours.
SOURCES: dict[str, Callable[[str, Keys], str | None]] = {
    "payment": _payment,
    "reversal": _payment,
    "settlement": _settlement,
    "settlement_reversal": _settlement,
}
