"""Disputes in tests: raised, and taken as far as a test needs."""

from decimal import Decimal

import pytest

from accounts.foundation.errors import Refused
from accounts.models import Account, Approval, Dispute, User
from accounts.services.approvals import approve
from accounts.services.dispute_outcomes import ask_to_uphold
from accounts.services.dispute_raising import raise_dispute
from accounts.services.disputes import acknowledge_dispute, record_answer, reject_dispute, review_dispute
from tests.factories import NOW, TODAY


def refusal_of(act, **given) -> str:
    """The code with which the act refuses."""
    with pytest.raises(Refused) as caught:
        act(**given)
    return caught.value.code


def disputed(account: Account, actor: User, kind: str = "amount", amount: str = "", *, now=NOW, **more) -> Dispute:
    given = {"said": "The fees are wrong.", "amount": Decimal(amount) if amount else None} | more
    return raise_dispute(
        account_id=account.pk, party_id=account.parties.get().pk, kind=kind, actor=actor, now=now, **given
    )


def under_review(account: Account, actor: User, kind: str = "amount", amount: str = "", **more) -> Dispute:
    dispute = disputed(account, actor, kind, amount, **more)
    acknowledge_dispute(dispute_id=dispute.pk, actor=actor, now=NOW)
    return review_dispute(dispute_id=dispute.pk, actor=actor, now=NOW)


def asked(dispute: Dispute, actor: User, credit: str | None, *, now=NOW, reasons: str = "Right.") -> Approval:
    amount = None if credit is None else Decimal(credit)
    return ask_to_uphold(dispute_id=dispute.pk, credit=amount, reasons=reasons, actor=actor, now=now)


def upheld(dispute: Dispute, asks: User, agrees: User, credit: str | None, *, now=NOW) -> Dispute:
    request = approve(approval_id=asked(dispute, asks, credit, now=now).pk, actor=agrees, now=now)
    assert request.state == "executed", request.decision_code
    return Dispute.objects.get(pk=dispute.pk)


def answered(dispute: Dispute, actor: User, *, now=NOW, how: str = "post") -> Dispute:
    return record_answer(dispute_id=dispute.pk, how=how, on=now.date(), actor=actor, now=now)


def closed_as_rejected(account: Account, agent: User, manager: User, amount: str = "") -> Dispute:
    dispute = under_review(account, agent, amount=amount)
    reject_dispute(dispute_id=dispute.pk, reasons="The contract says so.", actor=manager, now=NOW)
    return record_answer(dispute_id=dispute.pk, how="post", on=TODAY, actor=manager, now=NOW)
