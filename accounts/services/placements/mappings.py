"""Mappings: those that come with the product, and those that managers save."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import User
from accounts.models import SavedMapping
from accounts.placements.mapping import Mapping, mapping_from, shipped_mapping, shipped_names


def find_mapping(name: str) -> Mapping:
    """The shipped or saved mapping of that name. Refuses an unknown name with `placement.no_such_mapping`."""
    if shipped := shipped_mapping(name):
        return shipped
    saved = SavedMapping.objects.filter(name=name).first()
    if saved is None:
        raise Refused("placement.no_such_mapping", mapping=name, known=", ".join(mapping_names()))
    return mapping_from(saved.name, saved.terms)


def mapping_names() -> list[str]:
    return [*shipped_names(), *SavedMapping.objects.values_list("name", flat=True)]


@retrying
def save_mapping(*, name: str, title: str, terms: dict[str, Any], actor: User, now: datetime) -> SavedMapping:
    """Keep a mapping under a name; under the same name again, its terms are replaced.

    Refuses the names of shipped mappings and terms that can't work. Placements keep the terms they were read with.
    """
    if shipped_mapping(name):
        raise Refused("placement.mapping_is_shipped", mapping=name)
    mapping_from(name, terms)
    saved, made = SavedMapping.objects.update_or_create(
        name=name, defaults={"title": title, "terms": terms, "saved_by": actor, "saved_at": now}
    )
    record("placement_mapping.saved", subject=saved, actor=actor, at=now, codes={"new": made})
    return saved
