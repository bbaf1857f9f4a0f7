"""Giving accounts to an agent, or back to the team."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import Team, User
from accounts.models import Account
from accounts.services.next_step import default_team, hand_over

register_sentences(
    {
        "assign.managers_only": _("Only a manager gives accounts to people."),
        "assign.not_in_team": _("{name} doesn't work the portfolio of account {account}."),
        "assign.nothing_chosen": _("Tick the accounts to give first."),
    }
)


@retrying
def assign_accounts(
    *, account_ids: Iterable[int], owner_id: int | None, reason: str, actor: User, now: datetime
) -> list[int]:
    """Make one person the owner of these accounts and of their next steps; without an owner they go to the team's pool.

    Accounts that the manager may not see or that are closed meanwhile are left alone; answers those that moved. Refuses
    anybody but managers, and an owner whose team doesn't work an account's portfolio.
    """
    if not actor.is_manager:
        raise Refused("assign.managers_only")
    wanted = Account.objects.visible_to(actor).open().filter(pk__in=set(account_ids)).order_by("pk")
    accounts = list(wanted.select_related("portfolio").select_for_update(no_key=True, of=("self",)))
    if not accounts:
        raise Refused("assign.nothing_chosen")
    owner = User.objects.get(pk=owner_id, is_active=True) if owner_id else None
    if owner is not None:
        _refuse_strangers(owner, accounts)
    for account in accounts:
        _assign(account, owner, reason, actor, now)
    return [account.pk for account in accounts]


def _refuse_strangers(owner: User, accounts: list[Account]) -> None:
    works = set(Team.portfolios.through.objects.filter(team_id=owner.team_id).values_list("portfolio_id", flat=True))
    for account in accounts:
        if account.portfolio_id not in works or not owner.works_a_queue:
            raise Refused("assign.not_in_team", name=owner.username, account=account.reference)


def _assign(account: Account, owner: User | None, reason: str, actor: User, now: datetime) -> None:
    was, account.owner = account.owner_id, owner
    account.save(update_fields=["owner"])
    codes = {"from": was, "to": owner.pk if owner else None}
    record("account.assigned", subject=account, actor=actor, at=now, reason=reason, codes=codes)
    team = None if owner else default_team(account)
    hand_over(account=account, owner=owner, team=team, reason="assigned", actor=actor, now=now)
