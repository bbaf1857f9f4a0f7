"""One of everything that a page can be about, for tests that look at every page."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any

from accounts.foundation.runs import claim_run
from accounts.models import Payment, RetentionReport, User
from accounts.services.approvals import approve, return_for_correction
from accounts.services.complaints import raise_complaint
from accounts.services.contact_points import add_contact_point
from accounts.services.dispute_raising import raise_dispute
from accounts.services.merchant_statements import keep_statement
from accounts.services.placements.uploads import receive_file
from accounts.services.sensitive_notes import SensitiveSaid, write_sensitive_note
from accounts.services.skip_traces import request_trace
from accounts.services.suspense import take_unidentified
from arrangements.models import BudgetCategory, BudgetPeriod, Escalation
from arrangements.services.budgets import Told, take_budget
from collections_crm.privacy.exports import ask_export, make_export
from collections_crm.services.saved_views import save_view
from communications.models import Message
from communications.services.stops import stop_contact
from tests.communications.calls import conclude, ring
from tests.factories import NOW, TODAY, make_limit, make_party, make_portfolio, make_team, make_user, pay, place_account
from tests.support.advances import advance, asked, bank_file
from tests.support.cases import keep_file, make_limits, raise_case
from tests.support.hardship import told as in_hardship
from tests.support.offers import offer, token_of, told_of

SAID = SensitiveSaid(
    category="health", support_need="more_time", text="In hospital until May.", basis="consent", consent_way="call"
)
ROLES = ("agent", "manager", "finance", "compliance", "admin")


@dataclass
class World:
    """People by role, and the arguments of every address: by the name of its parameter, or of the address itself."""

    people: dict[str, User]
    args: dict[str, Any] = field(default_factory=dict)
    sessions: list[str] = field(default_factory=list)

    def args_for(self, url_name: str, params: list[str]) -> dict[str, Any]:
        return {name: self.args.get(f"{url_name}.{name}", self.args.get(name)) for name in params}


def reconciling(agent: User, manager: User) -> dict[str, Any]:
    """A merchant who asked to be reconciled, with a statement whose columns nobody has named yet."""
    case = asked(advance(owner=agent), agent)
    statement = keep_statement(reconciliation_id=case.pk, name="bank.csv", content=bank_file(), actor=agent, now=NOW)
    names = ("reconciliation", "reconciliation-act", "reconciliation-letter", "reconciliation-statement")
    return {f"{name}.pk": case.pk for name in names} | {
        "reconciliation-act.name": "withdraw",
        "reconciliation-statement.file_id": statement.pk,
    }


def in_suspense() -> Payment:
    """Money of which the bank wrote too little."""
    came = {"amount": Decimal("35.00"), "currency": "GBP", "method": "transfer", "received_on": TODAY}
    key = {"reference": "RUIZ A RENT", "source": "test", "source_key": "suspense"}
    return take_unidentified(**came, **key, actor=None, now=NOW)


def build_world() -> World:
    team = make_team(*[make_portfolio(place) for place in ("UK", "US", "MX", "AU")], make_portfolio("US", "mca"))
    people = {role: make_user(role, team if role in ("agent", "manager") else None) for role in ROLES}
    make_limits()
    make_limit("agent")
    agent, manager = people["agent"], people["manager"]
    account = place_account(party=make_party("Ana Pérez"), email="ana@example.com", owner=agent)
    payment = pay(account, "20.00")
    contact = ring(account, agent)
    conclude(contact, agent, "no_answer")
    enforced, fraud, returned = (raise_case(kind, agent) for kind in ("legal", "fraud", "write_off"))
    approve(approval_id=enforced.approval_id, actor=manager, now=NOW)
    approve(approval_id=fraud.approval_id, actor=manager, now=NOW)
    return_for_correction(
        approval_id=returned.approval_id, reason="unclear", sentence="Which debt?", actor=manager, now=NOW
    )
    waiting = raise_case("settlement", agent)
    file = keep_file(account, agent)
    placement, _new = receive_file(
        portfolio_id=account.portfolio_id,
        stream=BytesIO(b"reference,balance\n77,500.00\n"),
        file_name="accounts.csv",
        as_of=TODAY,
        actor=manager,
        now=NOW,
    )
    party = account.parties.get()
    message = Message.objects.create(
        party=party,
        account=account,
        contact_point=party.contact_points.get(kind="email"),
        channel="email",
        purpose="reminder",
        language="en",
        body="Good day.",
        queued_by=agent,
        queued_at=NOW,
        due_at=NOW,
        provider_key="p-1",
        dedupe_key="d-1",
    )
    trace = request_trace(account_id=account.pk, party_id=party.pk, actor=agent, now=NOW)
    other = make_party("Ana Perez")
    candidate = trace.candidates.create(
        provider="own_book",
        kind="phone",
        value="+442079460123",
        other_party=other,
        contact_point=add_contact_point(
            party_id=other.pk,
            kind="phone",
            value="+442079460123",
            country="GB",
            provenance="creditor",
            actor=None,
            now=NOW,
        ),
        confidence=60,
    )
    told = write_sensitive_note(account_id=account.pk, party_id=party.pk, said=SAID, actor=agent, now=NOW)
    export = ask_export(account_id=account.pk, actor=people["compliance"], now=NOW)
    make_export(export_id=export.pk, now=NOW)
    run, _made = claim_run(job="retention", scope="house", period=TODAY.isoformat(), at=NOW)
    report = RetentionReport.objects.create(run=run, on=TODAY, made_at=NOW)
    args = {
        "note_id": told.pk,
        "export_id": export.pk,
        "report_id": report.pk,
        "reference": account.reference,
        "key": "some-key",
        "contact_id": contact.pk,
        "decision_id": contact.decision_id,
        "party_id": party.pk,
        "placement_id": placement.pk,
        "payment_id": payment.pk,
        "payment-identify.payment_id": in_suspense().pk,
        "message_id": message.pk,
        "point_id": message.contact_point_id,
        "candidate_id": candidate.pk,
        "file_id": file.pk,
        "version": 0,
        "view_id": save_view(user_id=agent.pk, name="mine", query="tab=now").pk,
        "approval.pk": waiting.approval_id,
        "approval-claim.pk": waiting.approval_id,
        "approval-act.pk": waiting.approval_id,
        "approval-act.name": "decline",
        "account-act.name": "note",
        "queue-day.name": "worked",
        "result": "skipped",
        "escalation.pk": fraud.pk,
        "escalation-correct.pk": returned.pk,
        "referral-answer.pk": fraud.pk,
        "evidence.pk": file.pk,
        "stop_id": stop_contact(
            channel="post", jurisdiction="AU", portfolio_id=None, cause="other", note="A drill.", actor=manager, now=NOW
        ).pk,
    }
    doubted = place_account(owner=agent)
    disputed = raise_dispute(
        account_id=doubted.pk,
        party_id=doubted.parties.get().pk,
        kind="amount",
        said="Too much.",
        actor=agent,
        now=NOW,
    )
    args |= {f"{name}.pk": disputed.pk for name in ("dispute", "dispute-act", "dispute-letter")}
    args["dispute-act.name"] = "withdraw"
    unhappy = place_account(owner=agent)
    complaint = raise_complaint(
        account_id=unhappy.pk,
        party_id=unhappy.parties.get().pk,
        category="contact",
        said="You ring me at work.",
        actor=agent,
        now=NOW,
    )
    args |= {f"{name}.pk": complaint.pk for name in ("complaint", "complaint-act", "complaint-letter")}
    args["complaint-act.name"] = "withdraw"
    args["budget.pk"] = take_budget(
        account_id=account.pk,
        party_id=party.pk,
        household="single",
        told=[Told(BudgetCategory.EARNINGS, Decimal("450.00"), BudgetPeriod.WEEKLY)],
        actor=agent,
        now=NOW,
    ).pk
    struggling = place_account(owner=agent)
    case_pk = in_hardship(struggling, agent).pk
    args |= {f"{name}.pk": case_pk for name in ("hardship", "hardship-act", "hardship-letter")}
    args["hardship-act.name"] = "record"
    args |= reconciling(agent, manager)
    quoted = offer(place_account(owner=agent, email="luz@example.com"), agent)
    about_offers = ("offer", "offer-accept", "offer-agreement", "offer-send", "offer-turn-down")
    args |= {f"{name}.pk": quoted.pk for name in about_offers}
    args["token"] = token_of(told_of(quoted, agent))
    case = Escalation.objects.get(pk=enforced.pk).case
    args |= {f"{name}.pk": case.pk for name in ("enforcement-case", "enforcement-file", "enforcement-close")}
    return World(people, args)
