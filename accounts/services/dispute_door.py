"""The door of every step of a dispute: its locks, who may take it, and the hold and clock that follow it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.foundation.approvals import OPEN_APPROVAL, Approval
from accounts.foundation.domain_events import AccountsChanged, publish
from accounts.foundation.errors import Refused
from accounts.foundation.users import Role, User
from accounts.models import OPEN_DISPUTE, Account, Dispute, HoldKind
from accounts.models.dispute import DENIES_OWING
from accounts.services import dispute_words  # noqa: F401 - registers the refusals
from accounts.services.accounts import today_of
from accounts.services.case_clocks import keep_review
from accounts.services.door import lock_account_with_people
from accounts.services.holds import place_hold

# The kind of request that asks somebody else to agree that the customer is right.
UPHOLDING = "dispute_upheld"
WHO_WORKS = frozenset({Role.AGENT, Role.MANAGER, Role.COMPLIANCE})
WHO_DECIDES = frozenset({Role.MANAGER, Role.COMPLIANCE})


def enter_dispute(dispute_id: int) -> Dispute:
    """The dispute, locked after its people and its account."""
    look = Dispute.objects.only("account_id").get(pk=dispute_id)
    account = lock_account_with_people(look.account_id)
    dispute = Dispute.objects.lock(dispute_id)
    dispute.account = account
    return dispute


def enter_as_worker(dispute_id: int, actor: User) -> Dispute:
    """The same for whoever takes a step. Refuses other roles, and the person whom the dispute is about."""
    dispute = enter_dispute(dispute_id)
    if actor.role not in WHO_WORKS:
        raise Refused("dispute_not_your_work")
    refuse_about(dispute, actor)
    return dispute


def enter_as_decider(dispute_id: int, actor: User) -> Dispute:
    """The same for whoever decides it, while nobody else is asked to."""
    dispute = enter_dispute(dispute_id)
    refuse_decider(dispute, actor)
    refuse_while_asked(dispute)
    return dispute


def refuse_decider(dispute: Dispute, actor: User) -> None:
    """Refuses whoever may not decide this dispute: other roles, and the person complained of."""
    if actor.role not in WHO_DECIDES:
        raise Refused("dispute_not_your_role")
    refuse_about(dispute, actor)


def refuse_about(dispute: Dispute, actor: User) -> None:
    if actor.pk == dispute.about_agent_id:
        raise Refused("dispute_about_you")


def refuse_while_asked(dispute: Dispute) -> None:
    """While somebody is asked to agree nothing else is decided, or the answer would meet another dispute."""
    if requests_about(dispute).filter(state__in=OPEN_APPROVAL).exists():
        raise Refused("dispute_asked_already")


def requests_about(dispute: Dispute) -> QuerySet[Approval]:
    """Every request to uphold it, whatever became of it."""
    return Approval.objects.filter(kind=UPHOLDING, subject_type="dispute", subject_id=dispute.pk)


def who_withdraws(dispute: Dispute) -> frozenset[str]:
    """Who may note that the customer disputes it no more: of somebody's identity or of a colleague, who decides."""
    is_grave = dispute.kind in DENIES_OWING or dispute.about_agent_id is not None
    return WHO_DECIDES if is_grave else WHO_WORKS


def hold_disputed(dispute: Dispute, actor: User | None, now: datetime) -> None:
    """Keep what is still disputed from being asked for: the account, or of a part so much of it as is owed."""
    today = today_of(dispute.account, now)
    part = None if dispute.is_whole else min(dispute.still_disputed, dispute.account.balance)
    dispute.hold = place_hold(
        kind=HoldKind.DISPUTE,
        account_id=dispute.account_id,
        party_id=dispute.party_id,
        amount=part,
        review_on=max(today, dispute.due_on),
        reason=dispute.kind,
        placed_for=dispute,
        actor=actor,
        now=now,
    )
    dispute.save(update_fields=["hold"])


def keep_clock(dispute: Dispute, actor: User | None, now: datetime) -> None:
    """The hold is looked at when the next thing is due; one that is late stays due."""
    keep_review(dispute.hold, dispute.due_on, account=dispute.account, reason="dispute_clock", actor=actor, now=now)


def tell(dispute: Dispute, actor: User | None, now: datetime) -> None:
    publish(AccountsChanged(ids=frozenset([dispute.account_id]), at=now, actor_id=getattr(actor, "pk", None)))


def refuse_closed(account: Account) -> None:
    if not account.is_open:
        raise Refused("dispute_account_closed")


def refuse_another_open(account: Account, kind: str, dispute: Dispute | None = None) -> None:
    """Of one kind one dispute is open at a time on an account."""
    others = account.disputes.filter(kind=kind, state__in=OPEN_DISPUTE)
    if others.exclude(pk=dispute.pk if dispute else None).exists():
        raise Refused("dispute_open_already")
