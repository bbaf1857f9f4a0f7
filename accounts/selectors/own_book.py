"""Who else in the book may be the same person: by what agrees, found by index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.models.contact_point import ADDRESS_FORM

SHARED = frozenset({"phone", "email", "whatsapp", "address"})
# A letter wrong in a short name leaves about half of its trigrams; another given name leaves a third of them.
MISSPELT, SAME_NAME = 0.4, 0.8
WEIGHT = {"linked": 95, "birth_date": 80, "email": 65, "phone": 60, "whatsapp": 60, "address": 50, "place": 30}
NAME_AGREES, EACH_MORE, MOST = 20, 10, 95


@dataclass(frozen=True)
class Likeness:
    """Another party and what of it agrees with ours. `name` is the likeness of the two names, 0 to 1."""

    party_id: int
    other_id: int
    agreed: frozenset[str]
    name: float

    @property
    def evidence(self) -> list[str]:
        """The codes of what agreed, the strongest first."""
        codes = sorted(self.agreed, key=lambda code: (-WEIGHT[code], code))
        return [*codes, "name"] if self.name >= MISSPELT else codes

    @property
    def confidence(self) -> int:
        """0 to 100: the strongest agreement, and something more for each other one."""
        strongest = max(WEIGHT[code] for code in self.agreed)
        more = EACH_MORE * (len(self.agreed) - 1) + (NAME_AGREES if self.name >= MISSPELT else 0)
        return min(strongest + more, MOST)

    @property
    def is_likely(self) -> bool:
        """The same person in all likelihood: two things agree, and one of them is the name. A place proves nothing."""
        if "linked" in self.agreed:
            return True
        named_and_born = "birth_date" in self.agreed and self.name >= SAME_NAME
        return named_and_born or (bool(SHARED & self.agreed) and self.name >= MISSPELT)


def likely_same_person(*, party_ids: Iterable[int]) -> list[Likeness]:
    """The parties who are in all likelihood the same person as one of these, the surest first."""
    return [likeness for likeness in alike_parties(party_ids=party_ids) if likeness.is_likely]


def alike_parties(*, party_ids: Iterable[int]) -> list[Likeness]:
    """Every party that shares a phone, an e-mail or an address with one of these, or a similar name together with
    the birth date or the place. One query, each of its parts by an index."""
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"parties": list(party_ids), "same_name": SAME_NAME}
        cursor.execute(ALIKE, given)
        rows = [Likeness(mine, other, frozenset(codes), likeness) for mine, other, codes, likeness in cursor.fetchall()]
    return sorted(rows, key=lambda row: (-row.confidence, -row.name, row.party_id, row.other_id))


def _address_form(alias: str) -> str:
    return ADDRESS_FORM % {"expressions": f"{alias}.value, {alias}.postcode"}


# A number that turned out to be somebody else's says nothing about who this person is. The address forms are ours.
ALIKE = f"""
WITH asked AS MATERIALIZED (
    SELECT id, person_id, search_name, birth_date FROM accounts_party WHERE id = ANY(%(parties)s)
), mine AS MATERIALIZED (
    SELECT c.party_id, c.kind, c.value, c.city, c.country, {_address_form("c")} AS address
    FROM asked JOIN accounts_contactpoint c ON c.party_id = asked.id WHERE c.status <> 'wrong_party'
), namesakes AS MATERIALIZED (
    SELECT asked.id AS party_id, other.id AS other_id, other.birth_date = asked.birth_date AS born_together
    FROM asked JOIN accounts_party other ON other.search_name %% asked.search_name AND other.id <> asked.id
    WHERE similarity(other.search_name, asked.search_name) >= %(same_name)s
), agreed AS (
    SELECT mine.party_id, theirs.party_id AS other_id, theirs.kind::text AS code
    FROM mine JOIN accounts_contactpoint theirs ON theirs.kind = mine.kind AND theirs.value = mine.value
    WHERE mine.kind <> 'post' AND theirs.status <> 'wrong_party'
    UNION ALL
    SELECT mine.party_id, theirs.party_id, 'address'
    FROM mine JOIN accounts_contactpoint theirs
        ON theirs.kind = 'post' AND {_address_form("theirs")} = mine.address AND theirs.country = mine.country
    WHERE mine.kind = 'post' AND mine.address ~ '[0-9]' AND theirs.status <> 'wrong_party'
    UNION ALL
    SELECT party_id, other_id, 'birth_date' FROM namesakes WHERE born_together
    UNION ALL
    SELECT n.party_id, n.other_id, 'place'
    FROM namesakes n
        JOIN mine ON mine.party_id = n.party_id AND mine.kind = 'post' AND mine.city <> ''
        JOIN accounts_contactpoint theirs ON theirs.party_id = n.other_id AND theirs.kind = 'post'
            AND lower(theirs.city) = lower(mine.city) AND theirs.country = mine.country
    UNION ALL
    SELECT asked.id, other.id, 'linked' FROM asked JOIN accounts_party other ON other.person_id = asked.person_id
)
SELECT agreed.party_id, agreed.other_id, array_agg(DISTINCT agreed.code),
    similarity(ours.search_name, others.search_name)
FROM agreed
    JOIN accounts_party ours ON ours.id = agreed.party_id
    JOIN accounts_party others ON others.id = agreed.other_id
WHERE agreed.other_id <> agreed.party_id
GROUP BY agreed.party_id, agreed.other_id, ours.search_name, others.search_name
"""  # noqa: S608
