"""A kind of request for tests: a credit memo of the amount asked, which can be told to refuse."""

from __future__ import annotations

from decimal import Decimal

from accounts.models import AuthorityLimit, EntryKind, LedgerEntry
from accounts.services import approval_kinds
from accounts.services.approval_kinds import ApprovalKind, Authority, Check
from accounts.services.approvals import request_approval
from accounts.services.ledger import post_entry
from tests.factories import TODAY, make_limit, place_account


class Credit:
    """What the kind checks and does; a test sets what it is to refuse, or which terms it finds now."""

    check_refusal = None
    act_refusal = None
    terms = None

    def carry_out(self, approval, actor, now):
        post_entry(
            account=approval.account,
            kind=EntryKind.CREDIT_MEMO,
            principal=-approval.amount,
            effective_on=TODAY,
            source="test credit",
            source_key=str(approval.pk),
            actor=actor,
            now=now,
        )
        if self.act_refusal:
            raise self.act_refusal

    def checks(self, _approval, _now):
        return [Check("may_be_credited", "It may be credited", self.check_refusal)]

    def terms_now(self, approval):
        return self.terms or approval.terms

    def authority(self, approval, user):
        limit = AuthorityLimit.objects.filter(role=user.role).first()
        return Authority(approval.amount, limit.write_off_max if limit else Decimal(0))


def credit_kind(monkeypatch) -> Credit:
    acts = Credit()
    kind = ApprovalKind(
        code="test.credit",
        label="credit",
        executor=acts.carry_out,
        consequence="The amount is credited.",
        checker=acts.checks,
        terms_now=acts.terms_now,
        authority=acts.authority,
    )
    monkeypatch.setitem(approval_kinds._kinds, kind.code, kind)
    return acts


def ask_credit(maker, amount, now):
    """A request for a credit on a new account; managers may give 100.00."""
    make_limit("manager", write_off_max=Decimal("100.00"))
    account = place_account(owed="1200.00")
    terms = {"amount": Decimal(amount), "account": account.reference}
    asked = {"subject": account, "terms": terms, "account": account, "amount": Decimal(amount)}
    return request_approval(kind="test.credit", actor=maker, now=now, **asked)


def credits(approval) -> int:
    """How often the request was carried out."""
    return LedgerEntry.objects.filter(source="test credit", source_key=str(approval.pk)).count()
