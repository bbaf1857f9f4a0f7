"""The account page: all that its three columns show, and nothing of it while nobody has been verified."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.foundation import days
from accounts.foundation.users import User
from accounts.models import (
    FREEZES_INTEREST,
    OPEN_STATES,
    Account,
    AccountParty,
    ComplaintCategory,
    ComplaintState,
    Hold,
    HoldKind,
    Role,
    SensitiveKind,
    SupportNeed,
)
from accounts.selectors.askable import Askable, asked_beside
from accounts.services.accounts import today_of
from accounts.services.holds import holds_on_account
from arrangements.models import LIVE, HardshipCase, Instalment
from collections_crm.selectors import queue_words
from collections_crm.selectors.account_summary import Summary, summary_of
from collections_crm.selectors.preference_words import WishTold, wishes_told
from collections_crm.selectors.reach import Reach, reach_of
from collections_crm.selectors.timeline import Timeline, timeline
from communications.models import Contact
from communications.selectors.open_contact import Silence, line_of

# Finance and administrators need to know nothing of people's health.
SEES_SUPPORT = {Role.AGENT, Role.MANAGER, Role.COMPLIANCE}


@dataclass(frozen=True)
class InterestTold:
    """`24 %` a year, since a day; `why` it stands still, empty while it doesn't."""

    rate: str
    from_on: date
    why: str


@dataclass
class AccountPage:
    """One account for one person at one instant, who may have `contact` on the line. While `silence` stands, everything
    below `reach` is empty."""

    account: Account
    summary: Summary
    user: User
    now: datetime
    parties: list[AccountParty]
    contact: Contact | None
    silence: Silence | None
    reach: Reach
    holds: list[Hold] = field(default_factory=list)
    hardship: set[int] = field(default_factory=set)
    others: list[Account] = field(default_factory=list)
    instalments: list[Instalment] = field(default_factory=list)
    history: Timeline | None = None

    @property
    def primary(self) -> AccountParty:
        return next(role for role in self.parties if role.role == "primary")

    @property
    def with_whom(self) -> str:
        """The name of somebody else who has the person just now."""
        return self.summary.holder or "" if self.summary.held_by != self.user.pk else ""

    @property
    def is_leased_here(self) -> bool:
        return self.summary.held_by == self.user.pk

    @property
    def wishes(self) -> list[WishTold]:
        """What the account's people asked for about being contacted."""
        return wishes_told(self.summary.preferences, {way.point.pk: way.masked for way in self.reach.ways})

    @property
    def version(self) -> int:
        return self.summary.version

    @property
    def on(self) -> Any:
        return days.civil_day(self.now, self.account.portfolio.zone)

    @property
    def age(self) -> str:
        """`34 days past due`, for an advance `34 days behind` until a default was declared."""
        account, late = self.account, self.account.days_past_due(self.on)
        said = {"count": f"{late:,}"}
        if account.portfolio.product.is_advance and not account.default_declared_on:
            return ngettext("%(count)s day behind", "%(count)s days behind", late) % said
        return ngettext("%(count)s day past due", "%(count)s days past due", late) % said

    @property
    def asked(self) -> Askable:
        """What may be asked now, by the holds that the page shows."""
        return asked_beside(self.account, self.holds)

    @property
    def is_advance(self) -> bool:
        return self.account.portfolio.product.is_advance

    @property
    def dishonours(self) -> str:
        number = self.summary.dishonours
        if not number:
            return ""
        return ngettext("%(count)d returned payment in 60 days", "%(count)d returned payments in 60 days", number) % {
            "count": number
        }

    @property
    def support(self) -> list[str]:
        """`mental health: more time, one thing at a time`, for who works the account; nothing of what was told."""
        if self.user.role not in SEES_SUPPORT:
            return []
        told = [
            (SensitiveKind(note["category"]).label, SupportNeed(note["need"]).label) for note in self.summary.support
        ]
        return [f"{about}: {need}" for about, need in told]

    @property
    def complaints(self) -> list[tuple[int, str]]:
        """`fees or an amount, with the authority`, each with its number."""
        return [
            (
                one["id"],
                f"{ComplaintCategory(one['category']).label}, {ComplaintState(one['state']).label}",
            )
            for one in self.summary.complaints
        ]

    @property
    def interest(self) -> InterestTold | None:
        """The rate at which the account bears interest, and why it stands still now."""
        if not self.summary.interest:
            return None
        frozen = next((hold for hold in self.holds if hold.kind in FREEZES_INTEREST), None)
        agreed = any(row.arrangement.freezes_interest for row in self.instalments)
        why = frozen.get_kind_display() if frozen else _("agreed") if agreed else ""
        rate = f"{(Decimal(self.summary.interest['rate']) * 100).normalize():f} %"
        return InterestTold(rate, date.fromisoformat(self.summary.interest["from_on"]), why)

    @property
    def next_step(self) -> str:
        """By the customer's clock, as it was agreed with them."""
        account, zone = self.account, next(iter(self.reach.zones), "")
        today = today_of(account, self.now)
        return queue_words.next_step(account.next_kind, account.next_on, account.next_at, today, zone)

    @property
    def next_whose(self) -> str:
        account = self.account
        if account.next_owner_id == self.user.pk:
            return _("yours")
        if account.next_owner is not None:
            return account.next_owner.get_full_name() or account.next_owner.username
        if account.next_team_id is None:
            return ""
        return account.next_team.name

    @property
    def totals(self) -> list[tuple[Decimal, str]]:
        """What the person owes on all accounts seen here, one sum per currency."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for account in [self.account, *self.others]:
            sums[account.currency] += account.balance
        return [(amount, currency) for currency, amount in sorted(sums.items())]


def accounts_to_open(user: User) -> QuerySet[Account]:
    """The accounts that this person may open, with what their page's header needs."""
    return Account.objects.visible_to(user).select_related("portfolio__product", "origin", "next_team")


def account_page(user: User, account: Account, *, now: datetime) -> AccountPage:
    """Read the page of an account found by `accounts_to_open`."""
    parties = list(AccountParty.objects.filter(account=account).select_related("party").order_by("pk"))
    person_id = next(role.party.person_id for role in parties if role.role == "primary")
    line = line_of(user, account, now)
    page = AccountPage(
        account=account,
        summary=summary_of(account.pk, now=now),
        user=user,
        now=now,
        parties=parties,
        contact=line.contact,
        silence=line.silence,
        reach=reach_of(account, parties, now=now),
    )
    if line.silence is None:
        _tell_all(page, person_id)
    return page


def _tell_all(page: AccountPage, person_id: int) -> None:
    account = page.account
    page.holds = list(holds_on_account(account, person_id))
    if page.user.role in SEES_SUPPORT and any(hold.kind == HoldKind.HARDSHIP for hold in page.holds):
        seen = HardshipCase.objects.filter(account__in=Account.objects.visible_to(page.user), hold__in=page.holds)
        page.hardship = set(seen.values_list("pk", flat=True))
    page.others = _others(page.user, page.summary.others)
    # A live arrangement keeps its hold, so without one there is nothing to ask for.
    if any(hold.kind == HoldKind.ARRANGEMENT for hold in page.holds):
        live = Instalment.objects.filter(account=account, arrangement__state__in=LIVE).select_related("arrangement")
        page.instalments = list(live.order_by("number"))
    page.history = timeline(account.pk, tells_hardship=page.user.role in SEES_SUPPORT)


def _others(user: User, ids: list[int]) -> list[Account]:
    """The person's other open accounts that this user may see."""
    if not ids:
        return []
    seen = Account.objects.visible_to(user).filter(pk__in=ids, state__in=OPEN_STATES)
    return list(seen.select_related("portfolio__product").order_by("reference"))
