"""The page of a dispute, and each step that it takes."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.foundation import clock
from accounts.foundation.approvals import Approval
from accounts.models import Dispute, DisputeState
from accounts.services import disputes as services
from accounts.services.dispute_outcomes import KIND, ask_to_uphold
from accounts.services.disputes import WHO_DECIDES
from collections_crm.pages import dispute_forms as forms
from collections_crm.pages.asked import tell_asked
from collections_crm.pages.case_steps import ReasonsForm, Step, StepForm, letter_response, step_of, steps_to_take, taken
from collections_crm.pages.door import open_record
from collections_crm.selectors.disputes import dispute_page, visible_disputes
from collections_crm.services.dispute_letter import letter_pdf

S = DisputeState


STEPS: dict[str, Step] = {
    "acknowledge": Step(
        forms.AcknowledgeForm,
        _("Tell the customer that it came"),
        _("It is acknowledged"),
        _("Noted: the customer knows that we look at it."),
        services.acknowledge_dispute,
        frozenset({S.RAISED}),
    ),
    "evidence": Step(
        forms.EvidenceForm,
        _("Ask for evidence"),
        _("It is asked for"),
        _("Noted: evidence is asked for."),
        services.ask_evidence,
        frozenset({S.ACKNOWLEDGED}),
    ),
    "review": Step(
        StepForm,
        _("Take it under review"),
        _("All that can be seen is here"),
        _("It can be decided now."),
        services.review_dispute,
        frozenset({S.ACKNOWLEDGED, S.EVIDENCE_REQUESTED}),
    ),
    "uphold": Step(
        forms.UpholdForm,
        _("The customer is right"),
        _("Ask a manager to agree"),
        _("Sent to a manager. Nothing is changed before they agree."),
        ask_to_uphold,
        frozenset({S.UNDER_REVIEW}),
        WHO_DECIDES,
    ),
    "reject": Step(
        ReasonsForm,
        _("It is owed as it stands"),
        _("Reject the dispute"),
        _("Rejected. Send the customer the letter with the reasons, then record that it went."),
        services.reject_dispute,
        frozenset({S.UNDER_REVIEW}),
        WHO_DECIDES,
        hurts=True,
    ),
    "answer": Step(
        forms.AnswerForm,
        _("Send the answer"),
        _("The answer was sent"),
        _("Closed: the customer has the answer."),
        services.record_answer,
        frozenset({S.UPHELD, S.PART_UPHELD, S.REJECTED}),
    ),
    "withdraw": Step(
        StepForm,
        _("Not disputed any more"),
        _("The customer withdraws it"),
        _("Withdrawn: the hold is lifted."),
        services.withdraw_dispute,
        frozenset({S.RAISED, S.ACKNOWLEDGED, S.EVIDENCE_REQUESTED, S.UNDER_REVIEW}),
        hurts=True,
    ),
    "reopen": Step(
        forms.ReopenForm,
        _("Look at it again"),
        _("Reopen the dispute"),
        _("Reopened: the amount is held again."),
        services.reopen_dispute,
        frozenset({S.CLOSED}),
    ),
}


@login_required
@require_GET
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """What is disputed, until when it is answered, what happened, and what may be done now."""
    return _page(request, open_record(request, visible_disputes(request.user), pk))


def _page(request: HttpRequest, one: Dispute, name: str = "", form: StepForm | None = None) -> HttpResponse:
    page = dispute_page(one, now=clock.now())
    sensible = partial(_is_sensible, one, waits=page.waits)
    steps = steps_to_take(request, STEPS, one, tried=name, form=form, sensible=sensible)
    context = {"page": page, "dispute": one, "account": one.account, "steps": steps, "refused": form if name else None}
    return render(request, "disputes/page.html", context, status=422 if form else 200)


def _is_sensible(one: Dispute, code: str, *, waits: bool) -> bool:
    """While a manager is asked to agree nothing else is decided."""
    if code == "reopen":
        return one.may_be_reopened() and one.account.is_open
    return not waits or code not in ("uphold", "reject", "withdraw")


@login_required
@require_POST
def dispute_act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One step; refused or mistyped, the page again with what was typed."""
    one = open_record(request, visible_disputes(request.user), pk)
    step = step_of(request, STEPS, name)
    form = step.form(request.POST, case=one, prefix=name)
    if not form.is_valid() or not taken(request, step, form, f"dispute.{name}.{pk}", dispute_id=pk):
        one.refresh_from_db()
        return _page(request, one, name, form)
    asked = Approval.objects.filter(kind=KIND, subject_id=pk).order_by("-pk").first() if name == "uphold" else None
    tell_asked(request, asked, step.done)
    return redirect("dispute", pk)


@login_required
@require_GET
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """What the customer is sent now, in their language: that it came, or what was decided and why."""
    one = open_record(request, visible_disputes(request.user), pk)
    return letter_response(letter_pdf(one, on=dispute_page(one, now=clock.now()).on), one, "dispute")
