"""Rules as data: a pack is an immutable version of a jurisdiction's (or the firm's own) rules."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from string import Formatter
from typing import Any

from communications.policy import civil
from communications.policy.decoding import decode
from communications.policy.facts import CHANNELS, OUTBOUND_PURPOSES, AccountFact, ContactFacts
from communications.policy.rules import KINDS

ACTIONS = ("warn", "override", "refuse")
LEGAL_FORCES = ("statute", "rule", "presumption", "guideline", "policy")
CONFIDENCES = ("P", "S", "G")
ANYWHERE = "*"


class NoPack(ValueError):
    """No version of a jurisdiction's pack was in force: nothing may be decided there."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a rule applies. An empty list means everything; purposes never include inbound, which is never refused.

    `natural_only`: a natural person owes or guarantees the debt; `bands`: how much is owed in all; `opened_from`: the
    debt was placed with us on that day or later.
    """

    debt_purposes: tuple[str, ...] = ()
    party_kinds: tuple[str, ...] = ()
    capacities: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    regulated_only: bool = False
    natural_only: bool = False
    bands: tuple[str, ...] = ()
    opened_from: str = ""

    def __post_init__(self) -> None:
        if self.opened_from:
            date.fromisoformat(self.opened_from)

    def suits(self, facts: ContactFacts) -> bool:
        """True when channel, purpose and party fall under the rule."""
        purposes = self.purposes or OUTBOUND_PURPOSES
        return (
            facts.purpose in purposes
            and (not self.channels or facts.channel in self.channels)
            and (not self.party_kinds or facts.party.kind in self.party_kinds)
        )

    def covers(self, account: AccountFact) -> bool:
        """True when the account falls under the rule."""
        return (
            (not self.capacities or account.capacity in self.capacities)
            and (not self.debt_purposes or account.debt_purpose in self.debt_purposes)
            and (not self.products or account.product in self.products)
            and (not self.regions or account.region in self.regions)
            and (not self.cities or account.city in self.cities)
            and (account.regulated or not self.regulated_only)
            and (account.natural or not self.natural_only)
            and (not self.bands or account.band in self.bands)
            and (not self.opened_from or _placed_by(account) >= self.opened_from)
        )


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule: its kind says how it is judged, its parameters with what numbers, its scope for whom."""

    id: str
    kind: str
    action: str
    legal_force: str
    citation: str
    sentence_en: str
    sentence_es: str
    jurisdiction: str
    params: Mapping[str, Any] = field(default_factory=dict)
    scope: Scope = field(default_factory=Scope)
    confidence: str = "G"
    effective_from: date | None = None
    effective_to: date | None = None
    pack: str = ""
    zone: str = "UTC"
    prepared: Any = field(init=False, default=None)
    starts_at: datetime | None = field(init=False, default=None)
    ends_at: datetime | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._refuse_unknown_words()
        object.__setattr__(self, "prepared", KINDS[self.kind].prepare(self.params))
        object.__setattr__(self, "starts_at", _midnight(self.effective_from, self.zone))
        object.__setattr__(self, "ends_at", _midnight(self.effective_to, self.zone))

    def _refuse_unknown_words(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.id}: no rule kind {self.kind}")
        if self.action not in ACTIONS or self.legal_force not in LEGAL_FORCES or self.confidence not in CONFIDENCES:
            raise ValueError(f"{self.id}: unknown action, legal force or confidence")
        for sentence in (self.sentence_en, self.sentence_es):
            self._refuse_odd_blanks(sentence)
        if unknown := set(self.scope.channels) - set(CHANNELS) | set(self.scope.purposes) - set(OUTBOUND_PURPOSES):
            raise ValueError(f"{self.id}: scope names unknown {', '.join(sorted(unknown))}")

    def _refuse_odd_blanks(self, sentence: str) -> None:
        """A blank is a bare name in braces: anything else could not be filled in, or would reach too far."""
        for _text, name, spec, conversion in Formatter().parse(sentence):
            if name is not None and (spec or conversion or not name.isidentifier()):
                raise ValueError(f"{self.id}: {{{name}}} is no blank of a sentence")

    def in_force(self, at: datetime) -> bool:
        """True from the first instant of `effective_from` until that of `effective_to`, in the pack's zone."""
        return not (self.starts_at and at < self.starts_at) and not (self.ends_at and at >= self.ends_at)

    def accounts(self, facts: ContactFacts) -> tuple[AccountFact, ...]:
        """The accounts of the contact that the rule speaks of; none when it does not apply."""
        if not self.scope.suits(facts):
            return ()
        return tuple(
            account
            for account in facts.accounts
            if self.jurisdiction in (ANYWHERE, account.jurisdiction) and self.scope.covers(account)
        )


@dataclass(frozen=True, eq=False)
class Pack:
    """One version of the rules of one jurisdiction (`*`: everywhere). Two versions are two packs."""

    code: str
    version: int
    jurisdiction: str
    zone: str
    title_en: str
    title_es: str
    rules: tuple[Rule, ...]


def _placed_by(account: AccountFact) -> str:
    return account.opened_on.isoformat() if account.opened_on else ""


def pack_from(data: Mapping[str, Any]) -> Pack:
    """Make a pack from plain data (a pack file, or the rows of a published version). Anything unknown is refused."""
    head = {name: data[name] for name in ("code", "version", "jurisdiction", "zone", "title_en", "title_es")}
    rules = tuple(_rule_from(rule, head) for rule in data["rules"])
    ids = [rule.id for rule in rules]
    if repeated := {name for name in ids if ids.count(name) > 1}:
        raise ValueError(f"{head['code']}: rules given twice: {', '.join(sorted(repeated))}")
    return Pack(**head, rules=rules)


def _rule_from(data: Mapping[str, Any], head: Mapping[str, Any]) -> Rule:
    values: dict[str, Any] = {"jurisdiction": head["jurisdiction"], **data, "pack": head["code"], "zone": head["zone"]}
    scope = values.pop("scope", {})
    params = values.pop("params", {})
    for name in ("effective_from", "effective_to"):
        values[name] = _day(values.pop(name, None))
    return Rule(**values, params=params, scope=decode(Scope, scope))


def _midnight(day: date | None, zone: str) -> datetime | None:
    return civil.start_of(day, zone) if day else None


def _day(value: str | date | None) -> date | None:
    if isinstance(value, str):
        return date.fromisoformat(value) if value else None
    return value


# No version of any pack can drop or soften it: it binds whatever is published, and decisions of any age know it.
EMERGENCY_STOP = Rule(
    id="emergency-stop",
    kind="stop",
    action="refuse",
    legal_force="policy",
    citation="Firm policy: an emergency stop binds everybody until two people release it",
    confidence="P",
    sentence_en="Emergency stop ({stopped}) since {since}: {cause}. It stands until two people release it.",
    sentence_es="Paro de emergencia ({stopped}) desde el {since}: {cause}. Sigue hasta que dos personas lo levanten.",
    jurisdiction=ANYWHERE,
    pack="gate",
)


class PackSet:
    """The packs in force together. Remembers which rules suit a kind of contact, as most contacts are alike.

    `always` are the rules that bind beside every pack.
    """

    def __init__(self, packs: Sequence[Pack], always: Sequence[Rule] = (EMERGENCY_STOP,)) -> None:
        self.packs = tuple(packs)
        self.always = tuple(always)
        self.versions = {pack.code: pack.version for pack in self.packs}
        # Days of placement tell rules apart only by the thresholds that a scope names.
        self._thresholds = sorted({rule.scope.opened_from for pack in packs for rule in pack.rules} - {""})
        self._rules_of: dict[tuple[Any, ...], tuple[tuple[Rule, tuple[int, ...]], ...]] = {}

    def applicable(self, facts: ContactFacts) -> list[tuple[Rule, tuple[AccountFact, ...]]]:
        """The rules that apply to the contact, each with the accounts it speaks of, dates left aside."""
        key = (facts.channel, facts.purpose, facts.party.kind, *map(self._account_key, facts.accounts))
        if (found := self._rules_of.get(key)) is None:
            found = self._rules_of[key] = self._match(facts)
        return [(rule, _by_id(facts.accounts[index] for index in indexes)) for rule, indexes in found]

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id; KeyError when no pack has it."""
        for rule in self._rules():
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    def _rules(self) -> Iterator[Rule]:
        yield from self.always
        for pack in self.packs:
            yield from pack.rules

    def _match(self, facts: ContactFacts) -> tuple[tuple[Rule, tuple[int, ...]], ...]:
        covered = {pack.jurisdiction for pack in self.packs}
        if unknown := {account.jurisdiction for account in facts.accounts} - covered:
            raise NoPack(f"no pack for {', '.join(sorted(unknown))}: nothing may be decided there")
        matched = ((rule, rule.accounts(facts)) for rule in self._rules())
        order = {account.id: index for index, account in enumerate(facts.accounts)}
        return tuple((rule, tuple(order[account.id] for account in accounts)) for rule, accounts in matched if accounts)

    def _account_key(self, account: AccountFact) -> tuple[Any, ...]:
        return (
            account.jurisdiction,
            account.region,
            account.city,
            account.capacity,
            account.debt_purpose,
            account.product,
            account.regulated,
            account.natural,
            account.band,
            bisect_right(self._thresholds, _placed_by(account)),
        )


def _by_id(accounts: Iterable[AccountFact]) -> tuple[AccountFact, ...]:
    """In one order, whatever the order in which they were named: a reason tells the same of the same accounts."""
    return tuple(sorted(accounts, key=_id))


_id = attrgetter("id")
