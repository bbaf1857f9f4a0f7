"""Erasure of a person: asked for by compliance, approved by somebody else, carried out with the yes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.foundation.approvals import Approval
from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.locks import retrying
from accounts.foundation.users import Role, User
from accounts.models import Account, Party
from accounts.retention.periods import grounds_for
from accounts.services.approval_kinds import ApprovalKind, Check, register
from accounts.services.approvals import request_approval
from accounts.services.door import lock_account_with_people
from collections_crm.privacy.blanking import blank, lock_person
from collections_crm.privacy.holdings import holdings_of
from collections_crm.privacy.plan import Plan, plan_for

KIND = "erasure"
ERASES = frozenset({Role.COMPLIANCE})
AGREES = frozenset({Role.COMPLIANCE, Role.ADMIN})

register_sentences(
    {
        "erasure.not_yours": _("Compliance asks for erasure."),
        "erasure.nothing": _("Nothing of this person is left to blank."),
        "erasure.ground_unknown": _("Choose the ground of the country of one of the accounts."),
    }
)


@retrying
def request_erasure(*, account_id: int, ground: str, actor: User, now: datetime) -> Approval:
    """Ask for somebody else's yes to blank what may be blanked of an account's primary person.

    While a duty to keep stands, that is only what nothing needs; when that is nothing, it refuses with the first duty.
    """
    if actor.role not in ERASES:
        raise Refused("erasure.not_yours")
    account = lock_account_with_people(account_id)
    person = person_of(account)
    plan = plan_for(person.pk, on=now.date())
    if ground not in [each.id for each in grounds_of(plan)]:
        raise Refused("erasure.ground_unknown")
    _refuse_nothing(plan)
    terms = _terms(plan, ground)
    return request_approval(kind=KIND, subject=person, terms=terms, account=account, actor=actor, now=now)


def person_of(account: Account) -> Party:
    """The root of the primary party: the person whom the account is about."""
    primary = account.account_parties.select_related("party").get(role="primary")
    return Party.objects.get(pk=primary.party.person_id)


def grounds_of(plan: Plan) -> list[Any]:
    places = Account.objects.filter(pk__in=plan.of.all_accounts).values_list("portfolio__jurisdiction", flat=True)
    return grounds_for(set(places))


def _refuse_nothing(plan: Plan) -> None:
    if not plan.counts:
        raise refusal_of(plan)


def refusal_of(plan: Plan) -> Refused:
    """Why nothing may be blanked: the first duty, or that there is nothing."""
    return plan.duties[0] if plan.duties else Refused("erasure.nothing")


def _terms(plan: Plan, ground: str) -> dict[str, Any]:
    return {"person": plan.of.person_id, "ground": ground, "blanked": plan.counts}


def _terms_now(approval: Approval) -> dict[str, Any]:
    """As of the day it was asked: a value that came or went since is another request."""
    if _is_done(approval):
        return approval.terms
    plan = plan_for(approval.subject_id, on=approval.requested_at.date())
    return _terms(plan, approval.terms["ground"])


def _is_done(approval: Approval) -> bool:
    return approval.state == "executed"


TO_BLANK = _("What is to be blanked needn't be kept")


def _checks(approval: Approval, now: datetime) -> list[Check]:
    if _is_done(approval):
        return [Check("may_be_blanked", TO_BLANK)]
    plan = plan_for(approval.subject_id, on=now.date())
    refusal = None if plan.counts else refusal_of(plan)
    return [Check("may_be_blanked", TO_BLANK, refusal)]


def _carry_out(approval: Approval, actor: User, now: datetime) -> None:
    of = holdings_of(approval.subject_id)
    lock_person(of.parties, of.all_accounts)
    plan = plan_for(approval.subject_id, on=now.date())
    _refuse_nothing(plan)
    blank(plan, rule=approval.terms["ground"], approval=approval, maker=approval.maker, checker=actor, now=now)


register(
    ApprovalKind(
        code=KIND,
        label=_("Erasure of a person"),
        executor=_carry_out,
        consequence=_("These values are blanked for good. Decisions, events and the ledger stay, and name nobody."),
        checker=_checks,
        terms_now=_terms_now,
        deciders=AGREES,
    )
)
