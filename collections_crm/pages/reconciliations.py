"""The page of a reconciliation, each step that it takes, and which column of a statement is what."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as told
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.foundation import clock
from accounts.foundation.approvals import Approval
from accounts.foundation.errors import Refused
from accounts.foundation.receipts import once
from accounts.models import Attachment, Reconciliation, ReconciliationState
from accounts.remittance.statements import first_rows, guessed
from accounts.services import merchant_statements as statements
from accounts.services import reconciliations as services
from accounts.services.reconciliation_outcomes import KIND, propose_true_up
from accounts.services.reconciliations import WHO_REFUSES
from collections_crm.pages import reconciliation_forms as forms
from collections_crm.pages.asked import tell_asked
from collections_crm.pages.case_steps import WHO_WORKS, ReasonsForm, Step, StepForm, letter_response, step_of, taken
from collections_crm.pages.door import open_record
from collections_crm.selectors.reconciliations import reconciliation_page, visible_reconciliations
from collections_crm.services.reconciliation_letter import letter_pdf

S = ReconciliationState
UNDECIDED = frozenset({S.ASKED, S.STATEMENTS_RECEIVED, S.PROPOSED})


def _take_out(*, reconciliation_id: int, statement_id: int, **who: Any) -> Any:
    return statements.take_statement_out(statement_id=statement_id, **who)


STEPS: dict[str, Step] = {
    "propose": Step(
        StepForm,
        _("Propose the true-up"),
        _("Ask a manager to agree"),
        _("Sent to a manager. Nothing is changed before they agree."),
        propose_true_up,
        frozenset({S.STATEMENTS_RECEIVED, S.PROPOSED}),
    ),
    "tell": Step(
        forms.ToldForm,
        _("Send the merchant the answer"),
        _("It was sent"),
        _("Noted: the merchant knows what was decided."),
        services.record_told,
        frozenset({S.DONE, S.REFUSED}),
    ),
    "file": Step(
        forms.StatementForm,
        _("Add a statement from the bank"),
        _("Read the file"),
        _("The file is kept. Say which column is what."),
        statements.keep_statement,
        UNDECIDED,
    ),
    "typed": Step(
        forms.ReceiptsForm,
        _("Or type the receipts"),
        _("Count them"),
        _("Counted: the receipts are part of the reconciliation."),
        statements.add_receipts,
        UNDECIDED,
    ),
    "take-out": Step(
        forms.TakeOutForm,
        _("A statement was the wrong one"),
        _("Count it no more"),
        _("It counts no more. A proposal that leaned on it is void."),
        _take_out,
        frozenset({S.STATEMENTS_RECEIVED, S.PROPOSED}),
        hurts=True,
    ),
    "refuse": Step(
        ReasonsForm,
        _("Refuse it"),
        _("Refuse the reconciliation"),
        _("Refused. Send the merchant the letter with the reasons, then record that it went."),
        services.refuse_reconciliation,
        UNDECIDED,
        WHO_REFUSES,
        hurts=True,
    ),
    "withdraw": Step(
        StepForm,
        _("Not wanted any more"),
        _("The merchant withdraws it"),
        _("Withdrawn: the account is worked again."),
        services.withdraw_reconciliation,
        UNDECIDED,
        hurts=True,
    ),
}


@login_required
@require_GET
def reconciliation(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked, by when it is made, what came in, what it makes, and what may be done now."""
    return _page(request, open_record(request, visible_reconciliations(request.user), pk))


def _page(request: HttpRequest, case: Reconciliation, name: str = "", form: StepForm | None = None) -> HttpResponse:
    page = reconciliation_page(case, now=clock.now())
    steps = [
        (code, step, form if code == name else step.form(case=case, prefix=code))
        for code, step in STEPS.items()
        if step.may_be_taken(request, case.state) and page.is_sensible(code)
    ]
    context = {"page": page, "case": case, "account": case.account, "steps": steps}
    return render(request, "reconciliations/page.html", context, status=422 if form else 200)


@login_required
@require_POST
def reconciliation_act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One step; refused or mistyped, the page again with what was typed. A file leads on to its columns."""
    case = open_record(request, visible_reconciliations(request.user), pk)
    step = step_of(request, STEPS, name)
    form = step.form(request.POST, request.FILES, case=case, prefix=name)
    act = f"reconciliation.{name}.{pk}"
    if not form.is_valid() or not taken(request, step, form, act, reconciliation_id=pk):
        case.refresh_from_db()
        return _page(request, case, name, form)
    asked = Approval.objects.filter(kind=KIND, subject_id=pk).order_by("-pk").first() if name == "propose" else None
    tell_asked(request, asked, step.done)
    if name == "file":
        digest = sha256(form.given["content"]).hexdigest()
        return redirect("reconciliation-statement", pk, case.account.attachments.get(digest=digest).pk)
    return redirect("reconciliation", pk)


@login_required
@require_http_methods(["GET", "POST"])
def reconciliation_statement(request: HttpRequest, pk: int, file_id: int) -> HttpResponse:
    """The first rows of a kept statement and a choice for its columns; said rightly, its credits count."""
    case = open_record(request, visible_reconciliations(request.user), pk)
    if request.user.role not in WHO_WORKS:
        raise Http404
    kept = Attachment.objects.filter(account=case.account, erased_on=None, media_type="text/plain")
    file = get_object_or_404(kept, pk=file_id)
    try:
        header, rows = first_rows(bytes(file.content), file.name)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("reconciliation", pk)
    form = forms.ColumnsForm(request.POST or None, header=header, guess=guessed(header))
    if form.is_bound and form.is_valid() and _counted(request, case, file, form):
        return redirect("reconciliation", pk)
    context = {"case": case, "account": case.account, "file": file, "header": header, "rows": rows, "form": form}
    return render(request, "reconciliations/columns.html", context, status=422 if form.is_bound else 200)


def _counted(request: HttpRequest, case: Reconciliation, file: Attachment, form: forms.ColumnsForm) -> bool:
    """True when the file counts; a refusal stands in the form."""
    said = {"columns": form.columns, "is_other_account": form.cleaned_data["is_other_account"]}

    def effect() -> Any:
        now = clock.now()
        return statements.add_statement(reconciliation_id=case.pk, file_id=file.pk, actor=request.user, now=now, **said)

    try:
        once(key=form.key, act=f"reconciliation.columns.{file.pk}", actor=request.user, at=clock.now(), effect=effect)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    statement = case.statements.filter(file=file).order_by("-pk").first()
    if statement is not None:
        _tell_counted(request, statement)
    return True


def _tell_counted(request: HttpRequest, statement: Any) -> None:
    messages.success(request, told("Counted: the receipts are part of the reconciliation."))
    if number := len(statement.rejected):
        said = ngettext("%(count)d row could not be read.", "%(count)d rows could not be read.", number)
        messages.warning(request, said % {"count": number})


@login_required
@require_GET
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """What the merchant is sent now, in their language, with every figure."""
    case = open_record(request, visible_reconciliations(request.user), pk)
    page = reconciliation_page(case, now=clock.now())
    return letter_response(letter_pdf(page), case, "reconciliation")
