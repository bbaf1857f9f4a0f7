"""The page of a hardship case, and each step that it takes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.foundation import clock
from arrangements.models import UNDECIDED_HARDSHIP, HardshipCase, HardshipState
from arrangements.services import hardship as services
from arrangements.services import hardship_ends as ends
from arrangements.services.hardship import WHO_DECLINES
from collections_crm.pages import hardship_forms as forms
from collections_crm.pages.case_steps import (
    WHO_WORKS,
    ReasonsForm,
    Step,
    StepForm,
    letter_response,
    step_of,
    steps_to_take,
    taken,
)
from collections_crm.pages.door import open_record
from collections_crm.pages.roles import for_roles
from collections_crm.selectors.hardship import hardship_page, visible_hardship
from collections_crm.services.hardship_letter import letter_pdf, send_refusal

S = HardshipState
STEPS: dict[str, Step] = {
    "record": Step(
        StepForm,
        _("Confirm it with the customer"),
        _("They can't pay as agreed"),
        _("Recorded. Ask for information, or take a budget and decide."),
        services.record_hardship,
        frozenset({S.SIGNALLED}),
    ),
    "information": Step(
        StepForm,
        _("Ask for information"),
        _("It is asked for today"),
        _("Noted: the customer's days to answer run from today."),
        services.ask_information,
        frozenset({S.RECORDED}),
    ),
    "assess": Step(
        forms.AssessForm,
        _("Decide by the budget"),
        _("The budget says it all"),
        _("Assessed: grant help, or have it refused with reasons."),
        services.assess_hardship,
        frozenset({S.RECORDED, S.INFORMATION_REQUESTED}),
    ),
    "grant": Step(
        forms.GrantForm,
        _("Grant help"),
        _("Grant it"),
        _("Granted. It is looked at again on its day."),
        services.grant_help,
        frozenset({S.ASSESSED, S.UNDER_REVIEW}),
    ),
    "review": Step(
        StepForm,
        _("Look at the help again"),
        _("Review it now"),
        _("Under review: renew the help or end it."),
        services.review_help,
        frozenset({S.GRANTED}),
    ),
    "decline": Step(
        ReasonsForm,
        _("Refuse help"),
        _("Refuse it"),
        _("Refused. Send the customer the letter with the reasons, then record its day."),
        services.decline_help,
        frozenset({S.ASSESSED, S.INFORMATION_REQUESTED}),
        WHO_DECLINES,
        hurts=True,
    ),
    "answer": Step(
        forms.SentForm,
        _("Send the refusal"),
        _("It was sent"),
        _("Ended: the customer knows why, and where to complain. The letter is kept with the account."),
        send_refusal,
        frozenset({S.DECLINED}),
    ),
    "end": Step(
        forms.WordForm,
        _("The help is over"),
        _("End the case"),
        _("Ended: the hold is lifted, the account is worked again."),
        ends.end_hardship,
        frozenset({S.UNDER_REVIEW}),
        hurts=True,
    ),
    "withdraw": Step(
        forms.WithdrawForm,
        _("The customer takes it back"),
        _("They withdraw it"),
        _("Ended: the hold is lifted, the account is worked again."),
        ends.withdraw_hardship,
        frozenset(UNDECIDED_HARDSHIP),
        hurts=True,
    ),
    "void": Step(
        forms.WordForm,
        _("It was opened in error"),
        _("End it as an error"),
        _("Ended: the hold is lifted, the account is worked again."),
        ends.void_hardship,
        frozenset(UNDECIDED_HARDSHIP),
        WHO_DECLINES,
        hurts=True,
    ),
}
READS = for_roles(*sorted(WHO_WORKS))


@READS
@require_GET
def hardship(request: HttpRequest, pk: int) -> HttpResponse:
    """What is owed to the customer by when, what was found and granted, and what may be done now."""
    return _page(request, open_record(request, visible_hardship(request.user), pk))


def _page(request: HttpRequest, case: HardshipCase, name: str = "", form: StepForm | None = None) -> HttpResponse:
    page = hardship_page(case, now=clock.now())
    steps = steps_to_take(
        request,
        STEPS,
        case,
        tried=name,
        form=form,
        sensible=lambda code: code == name or code != "decline" or not page.awaits_answer,
    )
    context = {"page": page, "case": case, "account": case.account, "steps": steps}
    return render(request, "hardship/page.html", context, status=422 if form else 200)


@READS
@require_POST
def hardship_act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One step; refused or mistyped, the page again with what was typed."""
    case = open_record(request, visible_hardship(request.user), pk)
    step = step_of(request, STEPS, name)
    form = step.form(request.POST, case=case, prefix=name)
    if not form.is_valid() or not taken(request, step, form, f"hardship.{name}.{pk}", case_id=pk):
        case.refresh_from_db()
        return _page(request, case, name, form)
    messages.success(request, step.done)
    return redirect("hardship", pk)


@READS
@require_GET
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """What the customer is sent now, in their language."""
    case = open_record(request, visible_hardship(request.user), pk)
    return letter_response(letter_pdf(case, on=hardship_page(case, now=clock.now()).on), case, "hardship")
