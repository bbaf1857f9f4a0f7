"""The account page: all that its three columns show, and nothing of it while nobody has been verified."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.foundation import days
from accounts.foundation.users import User
from accounts.models import OPEN_STATES, OWES, Account, AccountParty, Event, Hold, Payment
from accounts.services.holds import holds_touching
from arrangements.models import LIVE, OPEN_ESCALATION, Escalation, Instalment
from collections_crm.selectors import queue_words
from collections_crm.selectors.reach import Reach, reach_of
from collections_crm.selectors.timeline import Timeline, timeline
from collections_crm.work.leases import other_holder
from communications.selectors.open_contact import Silence, silence_for

DISHONOURS_WITHIN = timedelta(days=60)


@dataclass
class AccountPage:
    """One account for one person at one instant. While `silence` stands, everything below `reach` is empty."""

    account: Account
    user: User
    now: datetime
    parties: list[AccountParty]
    silence: Silence | None
    reach: Reach
    with_whom: User | None
    holds: list[Hold] = field(default_factory=list)
    others: list[Account] = field(default_factory=list)
    instalments: list[Instalment] = field(default_factory=list)
    history: Timeline | None = None

    @property
    def primary(self) -> AccountParty:
        return next(role for role in self.parties if role.role == "primary")

    @property
    def version(self) -> int:
        return self.account.version

    @property
    def on(self) -> Any:
        return days.civil_day(self.now, self.account.portfolio.zone)

    @property
    def age(self) -> str:
        """`34 days past due`, for an advance `34 days behind` until a default was declared."""
        account, late = self.account, self.account.days_past_due(self.on)
        if account.portfolio.product.is_advance and not account.default_declared_on:
            return ngettext("%(count)d day behind", "%(count)d days behind", late) % {"count": late}
        return ngettext("%(count)d day past due", "%(count)d days past due", late) % {"count": late}

    @property
    def is_advance(self) -> bool:
        return self.account.portfolio.product.is_advance

    @property
    def delivered(self) -> Decimal:
        """What an advance's merchant has delivered of the purchased amount."""
        return self.account.credited

    @property
    def dishonours(self) -> str:
        number = self.account.dishonours
        if not number:
            return ""
        return ngettext("%(count)d returned payment in 60 days", "%(count)d returned payments in 60 days", number) % {
            "count": number
        }

    @property
    def next_step(self) -> str:
        return queue_words.next_step(self.account, self.now)

    @property
    def next_whose(self) -> str:
        owner, team = self.account.next_owner, self.account.next_team
        if owner is not None:
            return _("yours") if owner == self.user else owner.get_full_name() or owner.username
        return team.name if team is not None else ""

    @property
    def totals(self) -> list[tuple[Decimal, str]]:
        """What the person owes on all accounts seen here, one sum per currency."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for account in [self.account, *self.others]:
            sums[account.currency] += account.balance
        return [(amount, currency) for currency, amount in sorted(sums.items())]


def accounts_to_open(user: User, now: datetime) -> QuerySet[Account]:
    """The accounts that this person may open, with what their page's header needs, in one query."""
    return (
        Account.objects.visible_to(user)
        .select_related("portfolio__product", "owner", "next_owner", "next_team")
        .annotate(version=latest_event(), **_summaries(now))
    )


def latest_event() -> Coalesce:
    """The version of an account: the id of its latest event."""
    events = Event.objects.filter(account=OuterRef("pk")).order_by().values("account")
    return Coalesce(Subquery(events.annotate(latest=Max("pk")).values("latest")), 0)


def _summaries(now: datetime) -> dict[str, Any]:
    returned = Payment.objects.filter(account=OuterRef("pk"), state="reversed").exclude(reversal_reason="error")
    since = returned.filter(reversed_on__gt=(now - DISHONOURS_WITHIN).date()).order_by().values("account")
    open_cases = Escalation.objects.filter(account=OuterRef("pk"), state__in=OPEN_ESCALATION)
    paid = Payment.objects.filter(account=OuterRef("pk"), state__in=["posted", "cleared"]).order_by("-pk")
    return {
        "dishonours": Coalesce(Subquery(since.annotate(n=Count("pk")).values("n")), 0),
        "cases": ArraySubquery(open_cases.values(open_case=JSONObject(id="pk", kind="kind", state="state"))),
        "last_paid_on": Subquery(paid.values("received_on")[:1]),
        "last_paid": Subquery(paid.values("amount")[:1]),
    }


def account_page(user: User, account: Account, *, now: datetime) -> AccountPage:
    """Read the page of an account found by `accounts_to_open`."""
    parties = list(AccountParty.objects.filter(account=account).select_related("party").order_by("pk"))
    person_id = next(role.party.person_id for role in parties if role.role == "primary")
    silence = silence_for(user, account, now)
    page = AccountPage(
        account=account,
        user=user,
        now=now,
        parties=parties,
        silence=silence,
        reach=reach_of(account, parties, now=now),
        with_whom=other_holder(person_id=person_id, agent_id=user.pk, now=now),
    )
    if silence is None:
        _tell_all(page, person_id)
    return page


def _tell_all(page: AccountPage, person_id: int) -> None:
    account = page.account
    page.holds = list(holds_touching(account, person_id).select_related("placed_by"))
    page.others = list(other_accounts(page.user, account, person_id))
    live = Instalment.objects.filter(account=account, arrangement__state__in=LIVE).select_related("arrangement")
    page.instalments = list(live.order_by("number"))
    page.history = timeline(account.pk)


def other_accounts(user: User, account: Account, person_id: int) -> QuerySet[Account]:
    """The person's other open accounts that this user may see."""
    of_person = AccountParty.objects.filter(party__person_id=person_id, role__in=OWES)
    seen = Account.objects.visible_to(user).filter(Q(account_parties__in=of_person), state__in=OPEN_STATES)
    return seen.exclude(pk=account.pk).select_related("portfolio__product").distinct().order_by("reference")
