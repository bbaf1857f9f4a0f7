"""Disputes in tests: raised, and taken as far as a test needs."""

from decimal import Decimal

from accounts.models import Account, Dispute, User
from accounts.services.disputes import acknowledge_dispute, raise_dispute, review_dispute
from tests.factories import NOW


def disputed(account: Account, actor: User, kind: str = "amount", amount: str = "", *, now=NOW, **more) -> Dispute:
    given = {"said": "The fees are wrong.", "amount": Decimal(amount) if amount else None} | more
    return raise_dispute(
        account_id=account.pk, party_id=account.parties.get().pk, kind=kind, actor=actor, now=now, **given
    )


def under_review(account: Account, actor: User, kind: str = "amount", amount: str = "", **more) -> Dispute:
    dispute = disputed(account, actor, kind, amount, **more)
    acknowledge_dispute(dispute_id=dispute.pk, actor=actor, now=NOW)
    return review_dispute(dispute_id=dispute.pk, actor=actor, now=NOW)
