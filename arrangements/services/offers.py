"""Offers: exact terms quoted to a customer, with an id and an expiry; accepted as they are, or not at all."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet

from accounts.foundation.errors import Refused
from accounts.foundation.locks import retrying
from accounts.foundation.set_moves import move_set
from accounts.foundation.states import move
from accounts.foundation.users import Role, User
from accounts.models import Account, Attachment, Party, Portfolio
from accounts.selectors.interest import balance_apart_from
from accounts.services.accounts import today_of
from accounts.services.attachments import OUR_LETTERS
from accounts.services.door import lock_account_with_people
from arrangements.models import Acceptance, Arrangement, ArrangementKind, ArrangementState, OfferMessage
from arrangements.services import sentences  # noqa: F401 - registers the refusals
from arrangements.services.agreeing import Terms, draft, enter, put_in_force, refuse_not_said
from arrangements.services.askable import refuse_more_than_may_be_asked, refuse_settling_disputed
from arrangements.services.offer_limits import offer_limits_for
from communications.selectors.verification import was_proved
from communications.services.notices import record_first_notice

DECLINE_REASONS = ("customer_refused", "cannot_afford", "made_in_error")


@retrying
def make_offer(*, account_id: int, party_id: int, terms: Terms, actor: User, now: datetime) -> Arrangement:
    """Quote terms that the actor may offer alone. Nothing follows on the account until they are accepted.

    The offer stands for the portfolio's days, and no longer than its first payment; several may stand beside each
    other. Refuses what `refuse_impossible` does and the first limit that is passed.
    """
    account, party = enter(account_id, party_id)
    refuse_impossible(account, terms, actor)
    for beyond in offer_limits_for(actor, account, today_of(account, now)).beyond(terms):
        raise beyond
    offer = draft(account, party, terms, made_by=actor, stands_for=account.portfolio.offer_days, now=now)
    put_on_offer(offer, actor=actor, now=now)
    return offer


def put_on_offer(offer: Arrangement, *, actor: User, now: datetime) -> None:
    """Let a draft, or what was approved, be accepted from now on. That the customer was offered a way to pay is kept as
    a paper of the account: nothing is enforced without one where the law wants it."""
    codes = {"digest": offer.terms_digest, "until": offer.expires_on.isoformat() if offer.expires_on else ""}
    move(offer, "offer", actor=actor, at=now, codes=codes)
    paper = {"kind": "forbearance_offered", "sent_on": offer.agreed_on, "contact_id": offer.contact_id}
    record_first_notice(account_id=offer.account_id, actor=actor, now=now, **paper)


def refuse_impossible(account: Account, terms: Terms, actor: User) -> None:
    """Refuses what nobody may offer: other roles, more than is owed, a settlement that lets nothing go or doesn't name
    the whole rest, a plan that lets something go, and what is in dispute."""
    if actor.role not in (Role.AGENT, Role.MANAGER):
        raise Refused("promise_not_your_role")
    owed = {"balance": account.balance, "currency": account.currency}
    if terms.kind == ArrangementKind.SETTLEMENT:
        if not 0 < terms.amount < account.balance or terms.discount != account.balance - terms.amount:
            raise Refused("settlement_not_below_balance", **owed)
    elif terms.discount:
        raise Refused("promise_more_than_owed", **owed)
    _refuse_disputed(account, terms)


def _refuse_disputed(account: Account, terms: Terms) -> None:
    if terms.kind == ArrangementKind.SETTLEMENT:
        refuse_settling_disputed(account)
    else:
        refuse_more_than_may_be_asked(account, terms.amount)


@retrying
def accept_offer(
    *,
    offer_id: int,
    digest: str,
    how: str,
    actor: User,
    now: datetime,
    contact_id: int | None = None,
    paper_id: int | None = None,
) -> Arrangement:
    """The customer says yes to exactly the terms of that digest: they are in force, in place of a live arrangement.

    `how`: in a call with the verified person (`contact_id`), or in writing, the paper being a file that was kept on the
    account since the offer (`paper_id`). Accepting twice changes nothing. Refuses an
    offer that has ended, terms other than those quoted, a balance that no longer bears them, and what its maker may no
    longer offer when nobody approved it.
    """
    offer, account, party = _enter(offer_id)
    if _is_accepted(offer, digest):
        return offer
    _refuse_unacceptable(offer, account, party, digest, now)
    codes = {}
    if how == Acceptance.VERBAL:
        refuse_not_said(account, party, contact_id, now)
    elif how != Acceptance.WRITTEN:
        raise Refused("offer_accepted_how")
    elif not papers_of(offer).filter(pk=paper_id).exists():
        raise Refused("offer_needs_paper")
    else:
        codes = {"paper": paper_id}
    put_in_force(offer, account, how=how, actor=actor, now=now, codes=codes)
    return offer


def papers_of(offer: Arrangement) -> QuerySet[Attachment]:
    """Files that may show that the customer accepted in writing: kept on the account since it was offered, our own
    letters aside."""
    kept = Attachment.objects.filter(account_id=offer.account_id, uploaded_at__gte=offer.made_at, erased_on=None)
    return kept.exclude(kind__in=OUR_LETTERS).defer("content").order_by("-pk")


@retrying
def accept_by_link(*, message_id: int, digest: str, try_id: int, now: datetime) -> Arrangement:
    """The customer says yes on the page of the message that told them of the offer.

    Refuses who didn't prove to be the customer on that page within the last half hour (`try_id`), and all that
    `accept_offer` does. Accepting twice changes nothing.
    """
    told = OfferMessage.objects.select_related("message").get(message_id=message_id)
    offer, account, party = _enter(told.arrangement_id)
    if _is_accepted(offer, digest):
        return offer
    _refuse_unproved(told, offer, try_id, now)
    _refuse_unacceptable(offer, account, party, digest, now)
    codes = {"message": message_id, "verification": try_id}
    put_in_force(offer, account, how=Acceptance.LINK, actor=None, now=now, codes=codes)
    return offer


def _refuse_unproved(told: OfferMessage, offer: Arrangement, try_id: int, now: datetime) -> None:
    if told.terms_digest != offer.terms_digest or not was_proved(told.message, offer.party_id, try_id, now):
        raise Refused("party_not_verified")


def _is_accepted(offer: Arrangement, digest: str) -> bool:
    return offer.state == ArrangementState.ACTIVE and offer.terms_digest == digest


def _refuse_unacceptable(offer: Arrangement, account: Account, party: Party, digest: str, now: datetime) -> None:
    """What ended, what isn't what was quoted, what the balance or its maker's limits no longer bear."""
    terms = Terms.of(offer)
    _refuse_ended(offer, today_of(account, now))
    if digest != offer.terms_digest or terms.digest(account, party) != digest:
        raise Refused("offer_terms_changed")
    _refuse_no_longer(offer, account, terms, now)


def _enter(offer_id: int) -> tuple[Arrangement, Account, Party]:
    look = Arrangement.objects.only("account_id", "party_id").get(pk=offer_id)
    account, party = enter(look.account_id, look.party_id)
    return Arrangement.objects.lock(offer_id), account, party


def _refuse_ended(offer: Arrangement, today: date) -> None:
    if offer.state != ArrangementState.OFFERED:
        raise Refused("offer_not_open", state=offer.get_state_display())
    if offer.expires_on is not None and offer.expires_on < today:
        raise Refused("offer_expired", day=offer.expires_on)


def _refuse_no_longer(offer: Arrangement, account: Account, terms: Terms, now: datetime) -> None:
    """What was owed when it was quoted, and how far its maker might go, may be others by now."""
    if offer.balance_at_offer not in (None, balance_apart_from(account, offer.priced_without)):
        raise Refused("offer_balance_changed", balance=account.balance, currency=account.currency)
    _refuse_disputed(account, terms)
    if offer.approval_id is None:
        for beyond in offer_limits_for(offer.made_by, account, offer.agreed_on).beyond(terms):
            raise beyond


@retrying
def turn_down_offer(*, offer_id: int, reason: str, actor: User, now: datetime) -> Arrangement:
    """The customer says no, or it was a mistake. Twice changes nothing; refuses one that has ended otherwise."""
    if reason not in DECLINE_REASONS:
        raise Refused("offer_reason_unknown")
    return _declined(_look_again(offer_id), reason, actor, now, {})


@retrying
def turn_down_by_link(*, message_id: int, try_id: int, now: datetime) -> Arrangement:
    """The customer says no on the page of the message that told them. Refuses who didn't prove to be the customer."""
    told = OfferMessage.objects.select_related("message").get(message_id=message_id)
    offer = _look_again(told.arrangement_id)
    _refuse_unproved(told, offer, try_id, now)
    return _declined(offer, "customer_refused", None, now, {"message": message_id, "verification": try_id})


def _look_again(offer_id: int) -> Arrangement:
    lock_account_with_people(Arrangement.objects.values_list("account_id", flat=True).get(pk=offer_id))
    return Arrangement.objects.lock(offer_id)


def _declined(offer: Arrangement, reason: str, actor: User | None, now: datetime, codes: dict[str, int]) -> Arrangement:
    if offer.state == ArrangementState.DECLINED:
        return offer
    if offer.state != ArrangementState.OFFERED:
        raise Refused("offer_not_open", state=offer.get_state_display())
    move(offer, "decline", actor=actor, at=now, reason=reason, given={"at": now}, codes=codes)
    return offer


def expire_offers(*, portfolio: Portfolio, on: date, now: datetime) -> list[int]:
    """End the offers of a portfolio whose last day was before the civil day `on`; answers their ids."""
    over = Arrangement.objects.filter(
        account__portfolio=portfolio, state=ArrangementState.OFFERED, expires_on__lt=on
    ).order_by("pk")
    ids = list(over.locked().values_list("pk", flat=True))
    move_set(Arrangement, "expire", ids, actor=None, at=now, reason="offer_expired", fields={"ended_at": "%(at)s"})
    return ids
