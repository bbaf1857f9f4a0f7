"""Authorities to charge a card: noted, taken back, and used no more often than the law lets us."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.purposes import Purpose
from accounts.foundation.users import Role, User
from accounts.models import (
    FAILURES_COUNT_IN,
    MOST_FAILED,
    OWES,
    Account,
    AccountParty,
    AttemptResult,
    AuthorityEnd,
    CardAttempt,
    CardAuthority,
    HoldKind,
    PartyRole,
    ProductKind,
)
from accounts.selectors.askable import may_be_asked
from accounts.services.accounts import today_of
from accounts.services.door import lock_account_with_people
from accounts.services.holds import holds_touching
from accounts.services.payments import record_payment

SOURCE = "card_authority"
WHO_NOTES = frozenset({Role.AGENT, Role.MANAGER})
WHO_ENDS = frozenset({Role.AGENT, Role.MANAGER, Role.FINANCE, Role.COMPLIANCE})
WHO_CHARGES = frozenset({Role.FINANCE})
register_sentences(
    {
        "card_not_your_role": _("Your role does not do this with card authorities."),
        "card_authority_day": _("It was given on a day up to today, not on {day}."),
        "card_authority_none": _("No card authority is in force: nothing may be charged."),
        "card_account_closed": _("The account is closed: nothing is charged any more."),
        "card_attempt_day": _("It was tried between {first} and today, not on {day}."),
        "card_attempt_result": _("Say whether it was collected or failed."),
        "card_held": _("Nothing is charged while this stands: {hold}."),
        "card_nothing_due": _("Nothing is due: nothing may be charged."),
        "card_too_much": _("No more than what is due may be charged: {due} {currency}."),
        "card_in_part": _("The customer did not agree to being charged in part: {due} {currency} is due, or nothing."),
        "card_failed_twice": _(
            "It failed {times} times in a row: ask the customer first, and note the authority they give anew "
            "(UK CONC 7.6.12R; AU National Consumer Credit Protection Regulations 79C)."
        ),
    }
)


@retrying
def note_authority(
    *, account_id: int, party_id: int, given_on: date, in_part: bool, actor: User, now: datetime
) -> CardAuthority:
    """The customer lets their card be charged. One that is in force already is ended as given anew, and its failed
    attempts count no more. Refuses other roles, closed accounts, whoever doesn't owe, and a day to come."""
    if actor.role not in WHO_NOTES:
        raise Refused("card_not_your_role")
    account = lock_account_with_people(account_id)
    if not account.is_open:
        raise Refused("card_account_closed")
    if not AccountParty.objects.filter(account=account, party_id=party_id, role__in=OWES).exists():
        raise Refused("party_does_not_owe")
    if given_on > today_of(account, now):
        raise Refused("card_authority_day", day=given_on)
    _end(account, AuthorityEnd.RENEWED, actor, now)
    authority = CardAuthority.objects.create(
        account=account, party_id=party_id, given_on=given_on, in_part=in_part, noted_by=actor, noted_at=now
    )
    record("cardauthority.given", subject=authority, actor=actor, at=now, codes={"in_part": in_part})
    return authority


@retrying
def end_authority(*, account_id: int, actor: User, now: datetime) -> CardAuthority:
    """The customer takes it back; from now on nothing is charged. Refuses where none is in force."""
    if actor.role not in WHO_ENDS:
        raise Refused("card_not_your_role")
    account = lock_account_with_people(account_id)
    ended = _end(account, AuthorityEnd.CANCELLED, actor, now)
    if ended is None:
        raise Refused("card_authority_none")
    return ended


def _end(account: Account, why: AuthorityEnd, actor: User, now: datetime) -> CardAuthority | None:
    standing = in_force(account)
    if standing is None:
        return None
    standing.ended_why, standing.ended_by, standing.ended_at = why, actor, now
    standing.save(update_fields=["ended_why", "ended_by", "ended_at"])
    record("cardauthority.ended", subject=standing, actor=actor, at=now, reason=why)
    return standing


@retrying
def record_attempt(
    *, account_id: int, amount: Decimal, on: date, result: str, actor: User, now: datetime
) -> CardAttempt:
    """Keep a charge that was tried; collected money is posted as a payment of the day in the same transaction.

    Refuses other roles, closed accounts, no authority, a day before it or to come, a hold that forbids demands, more
    than is due, less than it unless that was agreed (CONC 7.6.14R), and a short-term loan's third attempt after two
    that failed in a row, until the customer gave a new authority.
    """
    if actor.role not in WHO_CHARGES:
        raise Refused("card_not_your_role")
    if result not in AttemptResult.values:
        raise Refused("card_attempt_result")
    account = lock_account_with_people(account_id)
    authority = in_force(account)
    if authority is None:
        raise Refused("card_authority_none")
    if refusal := stands_against(account, authority):
        raise refusal
    if not authority.given_on <= on <= today_of(account, now):
        raise Refused("card_attempt_day", first=authority.given_on, day=on)
    _refuse_amount(account, authority, amount)
    payment = None
    if result == AttemptResult.COLLECTED:
        key = f"{authority.pk}:{authority.attempts.count() + 1}"
        payment = record_payment(
            account_id=account.pk, amount=amount, method="card", received_on=on, source=SOURCE, source_key=key,
            actor=actor, now=now,
        )  # fmt: skip
    attempt = CardAttempt.objects.create(
        authority=authority, account=account, amount=amount, currency=account.currency, on=on, result=result,
        payment=payment, tried_by=actor, tried_at=now,
    )  # fmt: skip
    record(f"cardattempt.{result}", subject=attempt, actor=actor, at=now, codes={"amount": str(amount)})
    return attempt


def in_force(account: Account) -> CardAuthority | None:
    return CardAuthority.objects.filter(account=account, ended_at__isnull=True).first()


def failed_in_a_row(authority: CardAuthority) -> int:
    results = list(authority.attempts.order_by("-pk").values_list("result", flat=True)[: MOST_FAILED + 1])
    return next((place for place, result in enumerate(results) if result != AttemptResult.FAILED), len(results))


def is_counted(account: Account) -> bool:
    """Whether failed charges are counted for this loan where it is."""
    portfolio = account.portfolio
    return portfolio.product.kind == ProductKind.PAYDAY and portfolio.jurisdiction in FAILURES_COUNT_IN


def stands_against(account: Account, authority: CardAuthority) -> Refused | None:
    """Why nothing may be charged now; none when it may."""
    if not account.is_open:
        return Refused("card_account_closed")
    person_id = account.account_parties.values_list("party__person_id", flat=True).get(role=PartyRole.PRIMARY)
    holds = holds_touching(account, person_id).exclude(kind=HoldKind.ARRANGEMENT).order_by("pk")
    if hold := next((hold for hold in holds if hold.forbids(Purpose.DEMAND)), None):
        return Refused("card_held", hold=hold.get_kind_display())
    if is_counted(account) and (times := failed_in_a_row(authority)) >= MOST_FAILED:
        return Refused("card_failed_twice", times=times)
    return None


def _refuse_amount(account: Account, authority: CardAuthority, amount: Decimal) -> None:
    # What is in dispute rests, and isn't charged.
    asked = may_be_asked(account).due
    due = {"due": asked, "currency": account.currency}
    if asked <= 0:
        raise Refused("card_nothing_due")
    if not 0 < amount <= asked:
        raise Refused("card_too_much", **due)
    if amount < asked and not authority.in_part:
        raise Refused("card_in_part", **due)
