"""Third party: who may be spoken to about the debt, and how often somebody else may be asked where the person is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts
from communications.policy.rules.counting import COUNT_KEYS, counted_contacts, days_of

OWES = ("primary", "co_borrower", "guarantor")


@dataclass(frozen=True, slots=True)
class Params:
    """`roles` on the account that may be contacted (empty: any).

    Others only for `other_purposes`, and at most `other_limit` times ever (0: no limit), counted by `other_key`.
    `no_minors` refuses a party known to be a minor, `no_elders` one known to be sixty or older in no such role.
    """

    roles: tuple[str, ...] = ("primary", "co_borrower", "guarantor", "representative")
    other_purposes: tuple[str, ...] = ()
    other_limit: int = 0
    no_minors: bool = False
    no_elders: bool = False
    other_key: str = "person_account"

    def __post_init__(self) -> None:
        if self.other_key not in COUNT_KEYS:
            raise ValueError("unknown other_key")


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    if params.no_minors and facts.party.minor:
        yield Finding(code="minor", facts={"party": facts.party.id}, accounts=tuple(a.id for a in accounts))
    for account in accounts:
        if params.no_elders and facts.party.elder and account.role not in OWES:
            yield Finding("elder", {"role": account.role}, {"party": facts.party.id}, (account.id,))
        if params.roles and account.role not in params.roles:
            yield from _other(params, facts, account)


def _other(params: Params, facts: ContactFacts, account: AccountFact) -> Iterator[Finding]:
    seen = {"party": facts.party.id, "role": account.role}
    if facts.purpose not in params.other_purposes:
        yield Finding("third_party", {"role": account.role, "purpose": facts.purpose}, seen, (account.id,))
    elif params.other_limit:
        asked = days_of(counted_contacts(facts, account, reach="connected", key=params.other_key, purposes=("trace",)))
        if len(asked) >= params.other_limit:
            params_ = {"limit": params.other_limit, "used": len(asked)}
            yield Finding("asked_before", params_, seen, (account.id,))
