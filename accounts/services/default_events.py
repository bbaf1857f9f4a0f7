"""A default of an advance is declared for what somebody did, with evidence, by two people; never for slow receipts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from accounts.foundation.approvals import Approval
from accounts.foundation.domain_events import AccountsChanged, publish
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import Role, User
from accounts.models import DEFAULT_FACTS, Account, Attachment, DefaultEvent, DefaultFact, Note
from accounts.services import advance_words  # noqa: F401 - registers the refusals
from accounts.services.accounts import today_of
from accounts.services.approval_kinds import ApprovalKind, Check, register
from accounts.services.approvals import request_approval
from accounts.services.disputes import note_of
from accounts.services.door import lock_account_with_people

KIND = "default_declared"
WHO_DECLARES = frozenset({Role.MANAGER, Role.COMPLIANCE})


@retrying
def ask_default(
    *,
    account_id: int,
    facts: Iterable[str],
    happened_on: date,
    said: str,
    evidence: Iterable[int],
    actor: User,
    now: datetime,
) -> Approval:
    """Ask a second person to agree that this advance is in default, for what happened and by which files.

    Refuses other products and roles, a closed account, a default declared before, facts that are nothing but slow
    receipts, a day to come, nothing written, no evidence of this account, and any declaration while a reconciliation
    is open.
    """
    account = lock_account_with_people(account_id)
    if actor.role not in WHO_DECLARES:
        raise Refused("default_not_your_role")
    if refusal := stands_against(account):
        raise refusal
    named = sorted(set(facts))
    _refuse_facts(named)
    if happened_on > today_of(account, now):
        raise Refused("default_day", day=happened_on)
    kept = Attachment.objects.filter(account=account, erased_on=None, pk__in=list(evidence))
    files = sorted(kept.values_list("pk", flat=True))
    if not files:
        raise Refused("default_evidence_missing")
    if not (note := note_of(account, said, actor, now)):
        raise Refused("default_said_missing")
    terms = {
        "account": account.reference,
        "facts": named,
        "happened_on": happened_on,
        "said": note.pk,
        "evidence": files,
    }
    return request_approval(kind=KIND, subject=account, terms=terms, account=account, actor=actor, now=now)


def stands_against(account: Account) -> Refused | None:
    """Why no default is declared of this account now, whatever happened; none when it may be."""
    if not account.portfolio.product.is_advance:
        return Refused("advance_only")
    if not account.is_open:
        return Refused("advance_account_closed")
    if account.default_declared_on is not None:
        return Refused("default_declared_already", day=account.default_declared_on)
    if account.reconciliations.filter(ended_at=None).exists():
        return Refused("default_reconciling")
    return None


def _refuse_facts(facts: list[str]) -> None:
    if not facts or not set(facts) <= set(DefaultFact.values):
        raise Refused("default_fact_unknown")
    if not set(facts) & set(DEFAULT_FACTS):
        raise Refused("default_only_slow")


def declare(approval: Approval, actor: User, now: datetime) -> None:
    """Keep the event and its day. From then on the advance is worded and enforced as one in default."""
    account = lock_account_with_people(approval.subject_id)
    if refusal := stands_against(account):
        raise refusal
    terms, today = approval.terms, today_of(account, now)
    _refuse_facts(terms["facts"])
    event = DefaultEvent.objects.create(
        account=account,
        facts=terms["facts"],
        happened_on=date.fromisoformat(terms["happened_on"]),
        declared_on=today,
        said=Note.objects.get(pk=terms["said"]),
        approval=approval,
        declared_by=approval.maker,
        agreed_by=actor,
        at=now,
    )
    account.default_declared_on = today
    account.save(update_fields=["default_declared_on"])
    codes = {"facts": terms["facts"], "happened_on": terms["happened_on"]}
    record("defaultevent.declared", subject=event, actor=approval.maker, at=now, codes=codes)
    publish(AccountsChanged(ids=frozenset([account.pk]), at=now, actor_id=actor.pk))


def _checks(approval: Approval, _now: datetime) -> list[Check]:
    account = Account.objects.select_related("portfolio__product").get(pk=approval.subject_id)
    return [
        Check("default_may_be_declared", _("No reconciliation is open, no default declared"), stands_against(account))
    ]


register(
    ApprovalKind(
        code=KIND,
        label=_("Default of an advance"),
        executor=declare,
        consequence=_(
            "The advance is in default from today: its words and enforcement follow, and its guarantors may be asked."
        ),
        checker=_checks,
        deciders=WHO_DECLARES,
    )
)
