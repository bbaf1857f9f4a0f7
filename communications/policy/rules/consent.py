"""Consent: the channel may only be used where the person agreed to it, and not too long ago."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ConsentFact, ContactFacts


@dataclass(frozen=True, slots=True)
class Params:
    """`fresh_days` above 0: consent must have been given or renewed within so many days. `bases`: accepted grounds."""

    fresh_days: int = 0
    bases: tuple[str, ...] = ("given", "used")


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    given = [consent for consent in facts.consents if _counts(params, consent, facts)]
    for account in accounts:
        if not all(_agreed(params, given, account, day) for _, day in moment.days()):
            yield Finding(
                code="consent_stale" if given else "no_consent",
                params={"channel": facts.channel, "days": params.fresh_days},
                facts={"given_on": sorted(consent.given_on.isoformat() for consent in given)},
                accounts=(account.id,),
            )


def _agreed(params: Params, given: list[ConsentFact], account: AccountFact, day: date) -> bool:
    return any(
        consent.given_on <= day <= _last_day(params, consent)
        and not (consent.revoked_on and consent.revoked_on <= day)
        and (not consent.account_ids or account.id in consent.account_ids)
        for consent in given
    )


def _last_day(params: Params, consent: ConsentFact) -> date:
    fresh = consent.given_on + timedelta(days=params.fresh_days) if params.fresh_days else date.max
    return min(fresh, consent.until or date.max)


def _counts(params: Params, consent: ConsentFact, facts: ContactFacts) -> bool:
    point_id = facts.point.id if facts.point else None
    return (
        consent.channel == facts.channel
        and consent.basis in params.bases
        and (consent.point_id is None or consent.point_id == point_id)
    )
