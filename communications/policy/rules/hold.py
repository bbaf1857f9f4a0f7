"""Hold: a restriction in force on the person, account, contact point or channel, and the purposes it lets through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communications.policy import civil
from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts, HoldFact
from communications.policy.rules.counting import counted_contacts, days_of


@dataclass(frozen=True, slots=True)
class Params:
    """`kinds` of hold that forbid (empty: every kind), save for contacts with a party in one of `exempt_roles`.

    `permitted` purposes pass this rule besides those that the hold itself names. A purpose in `once` that the hold lets
    through passes once since the hold began. `of_others`: it is the holds of others who owe on the account that forbid.
    """

    kinds: tuple[str, ...] = ()
    except_kinds: tuple[str, ...] = ()
    permitted: tuple[str, ...] = ()
    exempt_roles: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    of_others: bool = False


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    for hold in facts.holds:
        if (params.kinds and hold.kind not in params.kinds) or hold.kind in params.except_kinds:
            continue
        if bool(hold.joint_accounts) != params.of_others:
            continue
        held = tuple(a for a in accounts if a.role not in params.exempt_roles and restrains(hold, facts, a))
        if facts.purpose in hold.permitted or facts.purpose in params.permitted:
            yield from _said_already(params, hold, facts, held)
        elif held and not _lifted(hold, moment):
            yield _held(hold, facts, tuple(account.id for account in held), moment)


def restrains(hold: HoldFact, facts: ContactFacts, account: AccountFact) -> bool:
    """True when the hold, as far as it reaches, takes in a contact about the account."""
    if hold.channel and hold.channel != facts.channel:
        return False
    if hold.joint_accounts:
        return account.id in hold.joint_accounts
    if hold.scope == "account":
        return hold.target_id == account.id
    if hold.scope == "contact_point":
        return facts.point is not None and hold.target_id == facts.point.id
    # Part of an amount in dispute does not silence the rest of the debt.
    return hold.scope != "amount"


def _said_already(
    params: Params, hold: HoldFact, facts: ContactFacts, accounts: tuple[AccountFact, ...]
) -> Iterator[Finding]:
    """What may be told in spite of the hold is told once."""
    if facts.purpose not in params.once or hold.since is None:
        return
    for account in accounts:
        told = days_of(
            counted_contacts(
                facts,
                account,
                reach="attempt",
                key="person_account",
                exclusions=("unconnected",),
                purposes=(facts.purpose,),
            )
        )
        if told and told[-1] >= hold.since:
            yield Finding(
                code="told_already",
                params={"hold": hold.kind, "purpose": facts.purpose, "since": told[-1].isoformat()},
                facts={"hold": hold.id},
                accounts=(account.id,),
            )


def _lifted(hold: HoldFact, moment: Moment) -> bool:
    return hold.lifts_on is not None and all(day >= hold.lifts_on for _, day in moment.days())


def _held(hold: HoldFact, facts: ContactFacts, held: tuple[int, ...], moment: Moment) -> Finding:
    retry_at = None
    if hold.lifts_on:
        retry_at = max(civil.start_of(hold.lifts_on, zone) for zone, day in moment.days() if day < hold.lifts_on)
    return Finding(
        code="on_hold",
        params={"hold": hold.kind, "purpose": facts.purpose},
        facts={"hold": hold.id, "scope": hold.scope, "permitted": list(hold.permitted)},
        accounts=held,
        retry_at=retry_at,
    )
