"""Offers in tests: terms by rhythm, made and accepted."""

from datetime import timedelta
from decimal import Decimal

from accounts.models import Account, User
from arrangements.models import Arrangement, ArrangementKind
from arrangements.schedules.plan import PlanTerms
from arrangements.schedules.rhythms import Rhythm
from arrangements.services.agreeing import Terms
from arrangements.services.offers import accept_offer, make_offer
from collections_crm.services.offer_messages import send_offer
from communications.models import Message
from communications.services.links import address_of
from communications.services.send import claim, confirm
from tests.factories import NOW, TODAY
from tests.support.cases import keep_file


def plan_terms(account: Account, count: int = 4, *, total: str = "", rhythm=Rhythm.WEEKLY, in_days: int = 7, **more):
    """A plan of what is owed, or of `total`, from some days ahead on."""
    planned = PlanTerms(
        Decimal(total) if total else account.balance,
        account.currency,
        rhythm,
        TODAY + timedelta(days=in_days),
        count=count,
    )
    return Terms.planned(more.pop("kind", ArrangementKind.PLAN), planned, account.portfolio, **more)


def settlement_terms(account: Account, amount: str, count: int = 1, **more):
    more = {"kind": ArrangementKind.SETTLEMENT, "discount": account.balance - Decimal(amount)} | more
    return plan_terms(account, count, total=amount, **more)


def offer(account: Account, actor: User, terms: Terms | None = None, *, now=NOW, **more) -> Arrangement:
    terms = terms or plan_terms(account, **more)
    return make_offer(account_id=account.pk, party_id=account.parties.get().pk, terms=terms, actor=actor, now=now)


def accepted(one: Arrangement, actor: User, *, now=NOW, how: str = "written", **more) -> Arrangement:
    given = {"digest": one.terms_digest, "how": how} | more
    if how == "written" and "paper_id" not in given:
        given["paper_id"] = keep_file(one.account, actor, now=now).pk
    return accept_offer(offer_id=one.pk, actor=actor, now=now, **given)


def told_of(one: Arrangement, actor: User | None, *, channel: str = "email", key: str = "1", now=NOW) -> Message:
    """The offer, or what was agreed, sent to the customer's e-mail or phone, and taken by the provider."""
    point = one.party.contact_points.get(kind="phone" if channel == "text" else "email")
    sent = send_offer(offer_id=one.pk, contact_point_id=point.pk, channel=channel, actor=actor, now=now, key=key)
    claim(message_id=sent.pk, now=now)
    return confirm(message_id=sent.pk, reference=f"ref-{sent.pk}", now=now)


def token_of(message: Message) -> str:
    return address_of(message).strip("/").split("/")[-1]
