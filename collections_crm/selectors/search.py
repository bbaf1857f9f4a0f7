"""Finding an account for whoever calls: by reference, phone in any format, e-mail, or name without its accents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import phonenumbers
from django.contrib.postgres.search import TrigramSimilarity
from django.utils.translation import gettext_lazy as _

from accounts.foundation.users import User
from accounts.models import NUMBERS, Account, AccountParty, ContactPoint, ContactPointKind, Party, PartyRole
from accounts.models.portfolio import COUNTRY_OF
from accounts.services.parties import search_form
from collections_crm.selectors.queue_words import short_name

MOST = 25
LEAST_DIGITS = 6
LEAST_LETTERS = 3

# The letter before the number of our own references.
OWN_LETTER = "A"
REFERENCE = re.compile(r"(?P<letters>[A-Za-z]*)[\s-]*(?P<digits>\d+)")

WAYS = {
    "reference": _("reference"),
    "phone": _("phone"),
    "email": _("e-mail"),
    "name": _("name"),
}


@dataclass(frozen=True)
class Hit:
    """An account that was found, masked. `opens`: this person may open it without a caller."""

    account: Account
    customer: str
    language: str
    by: str
    opens: bool


@dataclass(frozen=True)
class Found:
    hits: list[Hit]
    by: str
    more: bool


def search(user: User, text: str) -> Found:
    """The first 25 accounts that the words mean: the first way of reading them that finds anything. Agents may find
    every account of the house, to serve whoever calls."""
    text = text.strip()
    for by, look in _LOOKS.items():
        ids = look(text)
        if ids:
            return Found(_hits(user, ids[:MOST], by), str(WAYS[by]), len(ids) > MOST)
    return Found([], "", more=False)


def _by_reference(text: str) -> list[int]:
    if not any(letter.isdigit() for letter in text):
        return []
    accounts = Account.objects.live()
    exact = accounts.filter(reference__in=_spellings(text)) | accounts.filter(external_reference=text)
    return list(exact.order_by("pk").values_list("pk", flat=True)[: MOST + 1])


def _spellings(text: str) -> list[str]:
    """How a reference may stand in the book that somebody writes as `a10665`, `A 10665` or by its number alone."""
    written = {text, text.upper(), "-".join(text.upper().split())}
    if parts := REFERENCE.fullmatch(text):
        letters, digits = parts["letters"].upper() or OWN_LETTER, parts["digits"]
        written |= {f"{letters}-{digits}", f"{letters}{digits}"}
    return sorted(written)


def _by_email(text: str) -> list[int]:
    if "@" not in text:
        return []
    return _of_points([ContactPointKind.EMAIL], [text.lower()])


def _by_phone(text: str) -> list[int]:
    if sum(letter.isdigit() for letter in text) < LEAST_DIGITS or any(letter.isalpha() for letter in text):
        return []
    return _of_points(NUMBERS, _readings(text))


def _readings(text: str) -> list[str]:
    """What the digits may mean in each country where we work, as E.164."""
    found = set()
    for country in COUNTRY_OF.values():
        try:
            number = phonenumbers.parse(text, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            found.add(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return sorted(found)


def _of_points(kinds: Sequence[str], values: Iterable[str]) -> list[int]:
    parties = ContactPoint.objects.filter(kind__in=kinds, value__in=list(values)).values("party_id")
    return _of_parties(list(parties.values_list("party_id", flat=True)[: MOST + 1]))


def _by_name(text: str) -> list[int]:
    form = search_form(text)
    if len(form) < LEAST_LETTERS:
        return []
    containing = Party.objects.filter(search_name__contains=form).order_by("search_name", "pk")
    parties = list(containing.values_list("pk", flat=True)[: MOST + 1])
    return _of_parties(parties or _similar(form))


def _similar(form: str) -> list[int]:
    """Names that look alike, for a typing mistake."""
    alike = Party.objects.filter(search_name__trigram_similar=form)
    best = alike.annotate(likeness=TrigramSimilarity("search_name", form)).order_by("-likeness", "pk")
    return list(best.values_list("pk", flat=True)[:MOST])


def _of_parties(party_ids: list[int]) -> list[int]:
    """The accounts of these parties, in the parties' order."""
    place = {party: number for number, party in enumerate(party_ids)}
    roles = AccountParty.objects.filter(party__in=party_ids, account__in=Account.objects.live())
    pairs = sorted((place[party], account) for account, party in roles.values_list("account_id", "party_id"))
    return list(dict.fromkeys(account for _number, account in pairs))


_LOOKS: dict[str, Callable[[str], list[int]]] = {
    "reference": _by_reference,
    "email": _by_email,
    "phone": _by_phone,
    "name": _by_name,
}


def _hits(user: User, ids: list[int], by: str) -> list[Hit]:
    opens = set(Account.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    primary = AccountParty.objects.filter(account_id__in=ids, role=PartyRole.PRIMARY)
    roles = {role.account_id: role for role in primary.select_related("party", "account")}
    return [_hit(roles[pk], by, pk in opens) for pk in ids if pk in roles]


def _hit(role: AccountParty, by: str, opens: bool) -> Hit:
    language = "ES" if role.party.language.startswith("es") else "EN"
    name = short_name(role.party.name, role.party.name_supplied, role.party.kind)
    return Hit(role.account, name, language, by, opens)
