"""Signs that somebody may be in difficulty, for whoever speaks with them. No rank and no limit reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.foundation.days import civil_day
from accounts.models import Account, LedgerEntry, Note, Payment, ReversalReason, Sign, SignSetAside
from accounts.services.accounts import today_of
from accounts.stress import tells_of_difficulty, thresholds
from arrangements.models import Arrangement, ArrangementState, Instalment, InstalmentState
from communications.models import ReceivedText

ADVICE: dict[Sign, str | Promise] = {
    Sign.DISHONOURS: _("Ask whether the day of the payments suits them, and what is left when it comes."),
    Sign.PART_PAYMENTS: _("Take a budget: what they pay may be what they can."),
    Sign.MOVED_DATES: _("The amounts may be too high: take a budget before another date is agreed."),
    Sign.RISING: _("Ask what changed. Offer help before anything is demanded."),
    Sign.WORDS: _(
        "Ask how they are, and whether they want help with this. What they tell belongs to a sensitive note."
    ),
}


@dataclass(frozen=True)
class SignSeen:
    """One sign: on which days what happened, most recent first. Of words only the day is told, never the words."""

    code: Sign
    days: list[date]

    @property
    def label(self) -> str | Promise:
        return self.code.label

    @property
    def advice(self) -> str | Promise:
        return ADVICE[self.code]

    @property
    def times(self) -> int:
        return len(self.days)

    @property
    def last_on(self) -> date:
        return self.days[0]


def refer_to(account: Account) -> str:
    """Who gives free advice about debts where the account is."""
    return str(thresholds()["refer"][account.portfolio.jurisdiction])


def signs_of(account: Account, *, now: datetime) -> list[SignSeen]:
    """The signs that stand on the account today, each by what happened after it was last set aside. Seven queries."""
    today, rules = today_of(account, now), thresholds()
    aside = dict(SignSetAside.objects.filter(account=account).order_by("on").values_list("sign", "on"))
    seen = []
    for code, days in _happened(account, today, now).items():
        fresh = sorted((day for day in days if day > aside.get(code, date.min)), reverse=True)
        if len(fresh) >= rules[code].get("at_least", 1):
            seen.append(SignSeen(code, fresh))
    return seen


def _happened(account: Account, today: date, now: datetime) -> dict[Sign, Iterable[date]]:
    def since(code: Sign) -> date:
        return today - timedelta(days=thresholds()[code]["within_days"])

    returned = Payment.objects.filter(account=account, reversed_on__gt=since(Sign.DISHONOURS))
    in_part = Instalment.objects.filter(account=account, state=InstalmentState.PART_KEPT)
    changed = Arrangement.objects.filter(
        account=account, state=ArrangementState.REPLACED, ended_at__date__gt=since(Sign.MOVED_DATES)
    )
    return {
        Sign.DISHONOURS: returned.exclude(reversal_reason=ReversalReason.ERROR).values_list("reversed_on", flat=True),
        Sign.PART_PAYMENTS: in_part.filter(decided_on__gt=since(Sign.PART_PAYMENTS)).values_list(
            "decided_on", flat=True
        ),
        Sign.MOVED_DATES: changed.values_list("ended_at__date", flat=True),
        Sign.RISING: _rising(account, since(Sign.RISING), today),
        Sign.WORDS: _words(account, since(Sign.WORDS)),
    }


def _rising(account: Account, since: date, today: date) -> list[date]:
    later = LedgerEntry.objects.filter(account=account, effective_on__gt=since)
    paid = Payment.objects.filter(account=account, received_on__gt=since, state__in=["posted", "cleared"]).exists()
    added = later.exclude(kind="opening").aggregate(all=Sum("amount"))["all"] or Decimal(0)
    before = account.balance - added
    much = Decimal(str(thresholds()[Sign.RISING]["share"]))
    return [today] if not paid and before > 0 and added >= before * much else []


def _words(account: Account, since: date) -> list[date]:
    zone = account.portfolio.zone
    notes = Note.objects.filter(account=account, written_at__date__gt=since, erased_on=None)
    texts = ReceivedText.objects.filter(
        contact__account_contacts__account=account, received_at__date__gt=since, erased_on=None
    )
    told = [*notes.values_list("text", "written_at"), *texts.values_list("body", "received_at")]
    return [civil_day(at, zone) for text, at in told if tells_of_difficulty(text)]
