"""What could be done instead of what is asked, without asking anybody."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.foundation.approvals import Approval
from accounts.foundation.money import rounded
from accounts.foundation.users import User
from accounts.models import Account, AuthorityLimit
from accounts.selectors.askable import Askable, may_be_asked
from accounts.selectors.authority import limit_of
from collections_crm.ui.words import money


def alternatives_to(approval: Approval, user: User) -> list[str]:
    """Promise and settlement within the maker's and the reader's own limits, in sentences."""
    account = approval.account
    if account is None or not account.is_open or account.balance <= 0:
        return []
    asked = may_be_asked(account)
    if not asked.balance:
        return []
    maker = limit_of(approval.maker, account.portfolio)
    found = [_promise(account, asked, maker)]
    if asked.disputed:
        return found
    if settlement := _settlement(account, maker):
        found.append(_("The agent alone: %(offer)s.") % {"offer": settlement})
    if user.pk != approval.maker_id and (mine := _settlement(account, limit_of(user, account.portfolio))):
        found.append(_("Within your limit: %(offer)s.") % {"offer": mine})
    return found


def _promise(account: Account, asked: Askable, limit: AuthorityLimit) -> str:
    least = rounded(asked.usual * limit.promise_min_share, account.currency)
    return _("The agent alone: a promise of %(amount)s or more within %(days)d days.") % {
        "amount": money(least, account.currency),
        "days": limit.promise_max_days,
    }


def _settlement(account: Account, limit: AuthorityLimit) -> str:
    share = limit.settlement_max_discount
    if not share:
        return ""
    least = rounded(account.balance * (Decimal(1) - share), account.currency)
    return _("a settlement of %(amount)s or more") % {"amount": money(least, account.currency)}
