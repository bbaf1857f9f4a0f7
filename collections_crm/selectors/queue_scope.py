"""Whose queue is looked at: one's own with the team's, the whole team's, one agent's, or nobody's."""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts.foundation.users import Role, Team, User

MINE, TEAM, POOL = "mine", "team", "pool"


@dataclass(frozen=True)
class Scope:
    """The owners and team pools whose entries are shown. `own` are shown before everything else."""

    owners: list[int]
    pools: list[int]
    own: list[int] = field(default_factory=list)


def members_of(user: User) -> list[User]:
    """Who works the queues that this person may look at, by name. Agents see only their own and the pool."""
    if user.role == Role.AGENT:
        return [user]
    workers = User.objects.filter(is_active=True, role__in=[Role.AGENT, Role.MANAGER])
    if not user.sees_every_account:
        workers = workers.filter(team=user.team_id)
    return list(workers.order_by("first_name", "username"))


def scope_of(user: User, whose: str, members: list[User]) -> Scope:
    """What `whose` of the address means for this person: `mine`, `team`, `pool` (nobody's), or a member's id.

    Anything else means the usual one.
    """
    pools = pools_of(user)
    if whose == POOL:
        return Scope(owners=[], pools=pools)
    if whose.isdigit() and any(member.pk == int(whose) for member in members):
        return Scope(owners=[int(whose)], pools=[])
    if user.role == Role.AGENT or whose == MINE:
        return Scope(owners=[], pools=pools, own=[user.pk])
    return Scope(owners=[member.pk for member in members], pools=pools)


def pools_of(user: User) -> list[int]:
    if user.sees_every_account:
        return list(Team.objects.values_list("pk", flat=True))
    return [user.team_id] if user.team_id else []
