"""The page of an enforcement case, and notices recorded on an account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from arrangements.models import EnforcementCase
from arrangements.services.enforcement import WHO_KEEPS_CASES, close_case, record_filing
from collections_crm.pages.door import open_account, open_record
from collections_crm.pages.escalation_forms import FilingForm, NoticeForm
from collections_crm.pages.roles import for_roles
from collections_crm.selectors.cases import (
    against_filing,
    continuation_window,
    label_of_notice,
    notice_choices,
    visible_cases,
)
from collections_crm.ui.forms import PageForm
from communications.services.notices import record_first_notice

keeps_cases = for_roles("agent", "manager")


@login_required
@require_GET
def enforcement_case(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, open_record(request, visible_cases(request.user), pk))


def _page(request: HttpRequest, case: EnforcementCase, form: FilingForm | None = None) -> HttpResponse:
    keeps = request.user.role in WHO_KEEPS_CASES
    context = {
        "case": case,
        "window": continuation_window(case),
        "against": against_filing(case),
        "filing_form": (form or FilingForm()) if keeps and case.state == "opened" else None,
        "close_form": PageForm() if keeps and case.state != "closed" else None,
    }
    return render(request, "escalations/enforcement.html", context)


@keeps_cases
@require_POST
def enforcement_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the filing: its day and number."""
    case = open_record(request, visible_cases(request.user), pk)
    form = FilingForm(request.POST)
    if not form.is_valid():
        return _page(request, case, form)
    given = {"filed_on": form.cleaned_data["filed_on"], "number": form.cleaned_data["number"]}
    try:
        record_filing(case_id=pk, actor=request.user, now=clock.now(), **given)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, case, form)
    messages.success(request, _("The filing is recorded."))
    return redirect("enforcement-case", pk)


@keeps_cases
@require_POST
def enforcement_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End the case; the account comes back to be worked."""
    open_record(request, visible_cases(request.user), pk)
    try:
        close_case(case_id=pk, actor=request.user, now=clock.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The case is closed."))
    return redirect("enforcement-case", pk)


@keeps_cases
@require_http_methods(["GET", "POST"])
def notice_record(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that a notice was sent for an account, or a request came, so that its waiting time can run."""
    account = open_account(request, reference)
    form = NoticeForm(request.POST or None, kinds=notice_choices(account))
    if request.method == "POST" and form.is_valid():
        given = {"kind": form.cleaned_data["kind"], "sent_on": form.cleaned_data["sent_on"]}
        try:
            record_first_notice(account_id=account.pk, actor=request.user, now=clock.now(), **given)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The notice is recorded."))
            return redirect("notice-record", reference)
    notices = [(label_of_notice(notice.kind), notice) for notice in account.first_notices.all()]
    return render(request, "escalations/notices.html", {"account": account, "form": form, "notices": notices})
