"""How a hardship case begins: by the customer's word, on a call or to whoever opens the account."""

from __future__ import annotations

from datetime import date, datetime

from accounts.foundation import days
from accounts.foundation.domain_events import HardshipTold
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import OWES, Account, AccountParty, PartyRole
from accounts.services.accounts import today_of
from accounts.services.door import lock_account_with_people
from accounts.services.notes import write_note
from arrangements.models import HARDSHIP_CLOCKS, REPEAT_MONTHS, STANDING_HARDSHIP, HardshipCase
from arrangements.services.hardship_door import keep_up
from communications.models import Contact


@retrying
def open_hardship(
    *,
    account_id: int,
    party_id: int,
    actor: User | None,
    now: datetime,
    received_on: date | None = None,
    said: str = "",
    reason: str = "",
) -> HardshipCase:
    """Keep that a customer can't pay, and ask nothing of the person until it is decided. Clocks run from receipt.

    A person has one case in one place that is undecided or helped: told again while nothing is decided, that case goes
    on; told again while help is granted or looked at, a new case with new clocks takes its place. What is `said` is
    kept as a note. Refuses somebody who doesn't owe, a closed account, a day to come or before the account was placed,
    a day before the one from which an open case runs, and one before the help that answered it.
    """
    account = lock_account_with_people(account_id)
    received_on = received_on or today_of(account, now)
    who = AccountParty.objects.filter(account=account, party_id=party_id, role__in=OWES).select_related("party").first()
    if who is None:
        raise Refused("party_does_not_owe")
    _refuse_impossible(account, received_on, now)
    of_person = HardshipCase.objects.filter(
        party__person_id=who.party.person_id, jurisdiction=account.portfolio.jurisdiction
    )
    standing = of_person.filter(state__in=STANDING_HARDSHIP).order_by("pk").locked().first()
    if standing is not None:
        _refuse_out_of_turn(standing, received_on)
    if said.strip() and actor is not None:
        write_note(account_id=account.pk, text=said, actor=actor, now=now)
    if standing is not None and standing.is_undecided:
        record("hardshipcase.said_again", subject=standing, actor=actor, at=now, reason=reason)
        return standing
    repeat_of = of_person.filter(noticed_on__gt=days.add_months(received_on, -REPEAT_MONTHS)).order_by("-pk").first()
    return _open(account, who, received_on, standing, repeat_of, reason, actor, now)


def _refuse_impossible(account: Account, received_on: date, now: datetime) -> None:
    if not account.is_open:
        raise Refused("hardship_account_closed")
    if received_on > today_of(account, now):
        raise Refused("hardship_in_the_future", day=received_on)
    if received_on < account.opened_on:
        raise Refused("hardship_before_placed", day=account.opened_on)


def _refuse_out_of_turn(standing: HardshipCase, received_on: date) -> None:
    """A day that an open case would count wrongly, or has answered already."""
    if standing.is_undecided and received_on < standing.noticed_on:
        raise Refused("hardship_told_before", day=standing.noticed_on)
    if standing.decided_on is not None and received_on < standing.decided_on:
        raise Refused("hardship_answered_since", day=standing.decided_on)


def _open(
    account: Account,
    who: AccountParty,
    received_on: date,
    standing: HardshipCase | None,
    repeat_of: HardshipCase | None,
    reason: str,
    actor: User | None,
    now: datetime,
) -> HardshipCase:
    """The new case holds before the one whose place it takes lets go. How long an agent has helped goes on counting."""
    if standing is not None:
        move(standing, "give_way", actor=actor, at=now, reason="told_again", given={"at": now})
    before, clock = standing or repeat_of, HARDSHIP_CLOCKS[account.portfolio.jurisdiction]
    case = HardshipCase.objects.create(
        account=account,
        jurisdiction=account.portfolio.jurisdiction,
        party=who.party,
        noticed_on=received_on,
        earlier=repeat_of,
        decide_by=clock.decide_by(received_on),
        helped_since=before.helped_since if before else None,
        opened_by=actor,
        opened_at=now,
    )
    record("hardshipcase.signalled", subject=case, actor=actor, at=now, reason=reason)
    keep_up(case, actor, now, reason=reason or "hardship_opened")
    if standing is not None:
        keep_up(standing, actor, now, reason="told_again")
    return case


def open_told(event: HardshipTold) -> None:
    """Who says in a contact that they can't pay has a case in each place where they owe what was spoken of."""
    actor = User.objects.filter(pk=event.actor_id).first()
    for contact in Contact.objects.filter(pk__in=event.ids).order_by("pk"):
        places = set()
        spoken_of = Account.objects.open().filter(account_contacts__contact=contact).select_related("portfolio")
        for account in spoken_of.order_by("pk"):
            if account.portfolio.jurisdiction in places:
                continue
            places.add(account.portfolio.jurisdiction)
            party_id = _who_owes(account, contact.party_id)
            open_hardship(account_id=account.pk, party_id=party_id, reason="cannot_pay", actor=actor, now=event.at)


def _who_owes(account: Account, party_id: int) -> int:
    """Who was spoken with, or, where somebody speaks for them, who owes first."""
    owing = account.account_parties.filter(role__in=OWES)
    if owing.filter(party_id=party_id).exists():
        return party_id
    return owing.values_list("party_id", flat=True).get(role=PartyRole.PRIMARY)
