"""What the workbench and the page of an offer show, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.foundation.approvals import Approval
from accounts.foundation.errors import Refused
from accounts.foundation.users import User
from accounts.models import IN_FORCE, Account, Hold, HoldScope, PartyRole
from accounts.selectors.askable import Askable, asked_beside
from accounts.selectors.people_on import people_on
from accounts.services.accounts import today_of
from arrangements.models import (
    Acceptance,
    Arrangement,
    ArrangementKind,
    ArrangementState,
    Instalment,
    OfferMessage,
    PlanRhythm,
)
from arrangements.selectors.alternatives import Alternative
from arrangements.selectors.promises import verified_contact
from arrangements.services.agreeing import Terms, refusal_beside
from collections_crm.ui.words import civil, money

S = ArrangementState
TITLES: dict[str, str | Promise] = {
    "catch_up": gettext_lazy("What is overdue, in payments"),
    "all": gettext_lazy("All that is owed, in payments"),
    "settle": gettext_lazy("Settlement: the rest is let go"),
    "token": gettext_lazy("Token payments while things are hard"),
}
# What a field that makes no schedule has to be instead.
PROBLEMS: dict[str, str | Promise] = {
    "down": gettext_lazy("What is paid at once leaves nothing for later: make it smaller."),
    "down_on": gettext_lazy("What is paid at once has to come before the first payment."),
    "count": gettext_lazy("So many payments can't make up this sum: write fewer."),
    "each": gettext_lazy("Payments of this size can't make up this sum: write more each time."),
    "pay_days": gettext_lazy("Write the days of the month on which they are paid, such as 15, 31."),
}


@dataclass(frozen=True)
class Column:
    """One alternative with its words."""

    of: Alternative
    title: str
    problem: str
    read_aloud: str
    language: str

    @property
    def is_within(self) -> bool:
        return not self.of.beyond

    @property
    def kept(self) -> str:
        """`71 %`; nothing while too few ended to say."""
        return "" if self.of.kept is None else f"{self.of.kept * 100:.0f} %"


def titled(columns: list[Alternative], account: Account) -> list[Column]:
    language = _language_of(account)
    return [
        Column(
            one,
            str(TITLES[one.code]),
            str(PROBLEMS.get(one.problem, "")),
            in_words(one.terms, account, language) if one.terms else "",
            language,
        )
        for one in columns
    ]


def _language_of(account: Account) -> str:
    return next((row.party.language for row in people_on(account) if row.role == PartyRole.PRIMARY), "en")


def in_words(terms: Terms, account: Account, language: str) -> str:
    """What to say to the customer, in their language: every amount and day that they would agree to."""
    with override(language):
        return " ".join(sentences_of(terms, account))


def sentences_of(terms: Terms, account: Account) -> list[str]:
    """Every amount and day of the terms in the active language, and what follows from keeping and missing them."""
    count, (first_on, first), (last_on, last) = len(terms.payments), terms.payments[0], terms.payments[-1]
    said = {"first": _pay(first, account), "first_on": civil(first_on), "last": _pay(last, account)}
    said |= {"last_on": civil(last_on), "total": _pay(terms.amount, account), "count": str(count)}
    if count == 1:
        found = [_("You pay %(first)s on %(first_on)s.") % said]
    elif count == 2:
        found = [_("You pay %(first)s on %(first_on)s and %(last)s on %(last_on)s: %(total)s in all.") % said]
    else:
        said |= {"usual": _pay(terms.payments[1][1], account), "rhythm": str(PlanRhythm(terms.rhythm).label)}
        found = [
            _("You pay %(first)s on %(first_on)s, then %(usual)s %(rhythm)s, and %(last)s on %(last_on)s at the end.")
            % said,
            _("That is %(count)s payments, %(total)s in all.") % said,
        ]
    if terms.kind == ArrangementKind.SETTLEMENT:
        let_go = {"discount": _pay(terms.discount, account)}
        found.append(_("When all of it has arrived, the other %(discount)s are no longer owed.") % let_go)
        found.append(_("If a payment is missing, the whole balance is owed again."))
    elif terms.kind == ArrangementKind.TOKEN:
        found.append(_("The rest stays owed; after the last payment we look at it together again."))
    else:
        found.append(_("If you can't make a payment, call us before its day: we look for another way."))
    if terms.freezes_interest:
        found.append(_("No interest is added while you keep to it."))
    return found


def _pay(amount: Decimal, account: Account) -> str:
    return money(amount, account.currency)


@dataclass(frozen=True)
class OfferPage:
    """One arrangement as one person sees it now."""

    offer: Arrangement
    instalments: list[Instalment]
    may_accept: bool
    usual_how: str
    read_aloud: str
    language: str
    approval: Approval | None
    renegotiated: int
    told: list[OfferMessage]

    @property
    def is_offer(self) -> bool:
        return self.offer.state == S.OFFERED


def offer_page(user: User, offer: Arrangement, *, now: datetime) -> OfferPage:
    account, terms = offer.account, Terms.of(offer)
    is_open = offer.state == S.OFFERED and (offer.expires_on is None or offer.expires_on >= today_of(account, now))
    on_the_line = verified_contact(user, account, now) is not None
    return OfferPage(
        offer=offer,
        instalments=list(offer.instalments.order_by("number")),
        may_accept=is_open and user.works_a_queue and account.is_open,
        usual_how=Acceptance.VERBAL if on_the_line else "",
        read_aloud=in_words(terms, account, offer.party.language),
        language=offer.party.language,
        approval=offer.approval,
        renegotiated=account.arrangements.filter(pk__lt=offer.pk, state__in=[S.REPLACED, S.BROKEN]).count(),
        told=list(offer.told.select_related("message").order_by("pk")),
    )


def standing_offers(account: Account) -> list[Arrangement]:
    """What may still be accepted, and what waits for a yes, newest first."""
    return list(account.arrangements.filter(state__in=[S.OFFERED, S.PENDING_APPROVAL]).order_by("-pk"))


def asked_and_forbidden(account: Account) -> tuple[Askable, Refused | None]:
    """What may be asked of the account, and what stands against any agreement with the customer, before anybody works
    one out. One query, and that for who is on the account."""
    person_id = next(row.party.person_id for row in people_on(account) if row.role == PartyRole.PRIMARY)
    touching = Q(account=account) | Q(scope=HoldScope.PERSON, person_id=person_id)
    holds = list(Hold.objects.filter(touching, state__in=IN_FORCE).order_by("pk"))
    asked = asked_beside(account, (hold for hold in holds if hold.account_id == account.pk))
    if refusal := refusal_beside(account, holds):
        return asked, refusal
    return asked, (Refused("all_is_disputed") if asked.disputed and not asked.balance else None)
