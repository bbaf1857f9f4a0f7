"""Accounts that are ready for each kind of escalation; a test takes one thing away."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from accounts.models import Attachment
from arrangements.services.escalations import raise_escalation
from communications.models import FirstNotice
from tests.factories import NOW, TODAY, make_limit, make_party, make_portfolio, place_account

REASONS = {
    "legal": "refuses",
    "ucc": "secured",
    "settlement": "offered",
    "write_off": "small",
    "fraud": "identity",
}


def serve(account, kind, *, waited=True):
    """A notice on record, its time over unless told otherwise."""
    sent_on = TODAY - timedelta(days=60 if waited else 1)
    wait_until = sent_on + timedelta(days=32)
    return FirstNotice.objects.create(
        account=account, kind=kind, sent_on=sent_on, wait_until=wait_until, recorded_at=NOW
    )


def keep_file(account, user, *, now=NOW, kind="evidence"):
    content = b"%PDF-1.4 agreement"
    return Attachment.objects.create(
        account=account,
        kind=kind,
        name="agreement.pdf",
        media_type="application/pdf",
        size=len(content),
        digest="d" * 64,
        content=content,
        uploaded_by=user,
        uploaded_at=now,
    )


def make_limits():
    make_limit("manager", write_off_max=Decimal("2000.00"), settlement_max_discount=Decimal("0.600"))


def account_for(kind, *, served=("default", "letter_of_claim"), **fields):
    """An account on which a case of the kind may be raised; `served`: the notices on record where it needs any."""
    make_limits()
    fields = {"limitation_on": TODAY + timedelta(days=400)} | fields
    if kind == "ucc":
        portfolio = make_portfolio("US", "mca", regulated=False)
        business = make_party("Harbor Sports LLC", kind="entity", birth_date=None)
        fields = {"portfolio": portfolio, "party": business, "default_declared_on": TODAY} | fields
    account = place_account(**fields)
    if kind in ("legal", "ucc"):
        for notice in (*served, "forbearance_offered"):
            serve(account, notice)
    return account


def asked_for(kind, account, actor):
    """What a case of the kind asks, complete."""
    given = {"account_id": account.pk, "kind": kind, "reason": REASONS[kind], "note": "Please look at it."}
    if kind in ("legal", "ucc"):
        given["evidence"] = [keep_file(account, actor).pk]
    if kind == "settlement":
        given |= {"amount": Decimal("600.00"), "pay_by": TODAY + timedelta(days=10)}
    return {**given, "actor": actor, "now": NOW}


def raise_case(kind, actor, account=None, **changes):
    account = account or account_for(kind)
    return raise_escalation(**(asked_for(kind, account, actor) | changes))
