"""The page of a complaint, and each step that it takes."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.foundation import clock
from accounts.models import ANSWERED_AS, NOT_DECIDED, WAITS_FOR_US, Complaint, ComplaintState
from accounts.services import complaint_referrals as referrals
from accounts.services import complaints as services
from accounts.services.complaints import WHO_DECIDES
from collections_crm.pages import complaint_forms as forms
from collections_crm.pages.case_steps import (
    ReasonsForm,
    Step,
    StepForm,
    letter_response,
    step_of,
    steps_to_take,
    taken,
)
from collections_crm.pages.door import open_record
from collections_crm.selectors.complaints import complaint_page, visible_complaints
from collections_crm.services.complaint_letter import letter_pdf

S = ComplaintState


STEPS: dict[str, Step] = {
    "acknowledge": Step(
        StepForm,
        _("Tell the customer that it came"),
        _("It is acknowledged"),
        _("Noted: the customer knows that we look at it."),
        services.acknowledge_complaint,
        frozenset({S.RAISED}),
    ),
    "review": Step(
        StepForm,
        _("Look into it"),
        _("Take it under review"),
        _("It can be decided now."),
        services.review_complaint,
        frozenset({S.ACKNOWLEDGED}),
    ),
    "uphold": Step(
        forms.UpholdForm,
        _("The customer is right"),
        _("Uphold the complaint"),
        _("Decided. Send the customer the letter with the reasons, then record that it went."),
        services.uphold_complaint,
        frozenset({S.UNDER_REVIEW}),
        WHO_DECIDES,
    ),
    "reject": Step(
        ReasonsForm,
        _("There is nothing to put right"),
        _("Reject the complaint"),
        _("Decided. Send the customer the letter with the reasons, then record that it went."),
        services.reject_complaint,
        frozenset({S.UNDER_REVIEW}),
        WHO_DECIDES,
        hurts=True,
    ),
    "delay": Step(
        forms.DelayForm,
        _("Tell the customer that it takes longer"),
        _("It takes longer"),
        _("Noted. Send the customer the letter with the new day."),
        services.tell_of_delay,
        frozenset({S.ACKNOWLEDGED, S.UNDER_REVIEW}),
        WHO_DECIDES,
    ),
    "answer": Step(
        forms.AnswerForm,
        _("Send the answer"),
        _("The answer was sent"),
        _("Closed: the customer has the answer."),
        services.record_complaint_answer,
        frozenset(ANSWERED_AS),
    ),
    "ask": Step(
        StepForm,
        _("Ask the authority how it stands"),
        _("It was asked today"),
        _("Noted: it is asked again in thirty days."),
        referrals.ask_authority,
        frozenset({S.REFERRED}),
    ),
    "ruling": Step(
        forms.RulingForm,
        _("The authority has decided"),
        _("Record its decision"),
        _("Closed for good, with the authority's decision."),
        referrals.record_ruling,
        frozenset({S.REFERRED}),
        WHO_DECIDES,
    ),
    "refer": Step(
        forms.ReferForm,
        _("The customer went to the authority"),
        _("It is with the authority"),
        _("Noted: nothing is asked of the customer and nothing enforced until the authority has decided."),
        referrals.refer_complaint,
        frozenset({*WAITS_FOR_US, S.CLOSED}),
    ),
    "withdraw": Step(
        StepForm,
        _("No complaint any more"),
        _("The customer withdraws it"),
        _("Withdrawn: its hold is lifted."),
        services.withdraw_complaint,
        frozenset(NOT_DECIDED),
        hurts=True,
    ),
}


@login_required
@require_GET
def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """What is said and wanted, until when it is answered, what happened, and what may be done now."""
    return _page(request, open_record(request, visible_complaints(request.user), pk))


def _page(request: HttpRequest, one: Complaint, name: str = "", form: StepForm | None = None) -> HttpResponse:
    page = complaint_page(one, request.user, now=clock.now())

    def sensible(code: str) -> bool:
        """Whom it is about takes no step of it; what the authority decided is over for good."""
        return not page.is_about_reader and (code != "refer" or one.is_not_ruled())

    steps = steps_to_take(request, STEPS, one, tried=name, form=form, sensible=sensible)
    context = {"page": page, "complaint": one, "account": one.account, "steps": steps}
    return render(request, "complaints/page.html", context, status=422 if form else 200)


@login_required
@require_POST
def complaint_act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One step; refused or mistyped, the page again with what was typed."""
    one = open_record(request, visible_complaints(request.user), pk)
    step = step_of(request, STEPS, name)
    form = step.form(request.POST, case=one, prefix=name)
    if not form.is_valid() or not taken(request, step, form, f"complaint.{name}.{pk}", complaint_id=pk):
        one.refresh_from_db()
        return _page(request, one, name, form)
    messages.success(request, step.done)
    return redirect("complaint", pk)


@login_required
@require_GET
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """What the customer is sent now, in their language: that it came, that it takes longer, or what was decided."""
    one = open_record(request, visible_complaints(request.user), pk)
    on = complaint_page(one, request.user, now=clock.now()).on
    return letter_response(letter_pdf(one, on=on), one, "complaint")
