"""Personal data as a whole, for compliance: what is held, its export, its erasure, and what is kept too long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.receipts import once
from accounts.models import Account, Erasure, RetentionReport
from accounts.retention.periods import periods
from collections_crm.models import DataExport
from collections_crm.pages.door import open_account
from collections_crm.pages.roles import for_roles
from collections_crm.privacy.erasure import grounds_of, person_of, request_erasure
from collections_crm.privacy.exports import ask_export, download_export, exports_about
from collections_crm.privacy.holdings import VALUES
from collections_crm.privacy.plan import Plan, plan_for
from collections_crm.privacy.retention import ask_release
from collections_crm.tasks import nudge_exports
from collections_crm.ui.forms import PageForm
from collections_crm.ui.paging import keyset_page

of_compliance = for_roles("compliance")


class ErasureForm(PageForm):
    ground = forms.ChoiceField(label=gettext_lazy("On which ground"))

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [(each.id, each.title) for each in grounds_of(plan)]


@of_compliance
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """The reports of what is kept too long, the newest exports and erasures, and the periods."""
    context = {
        "reports": RetentionReport.objects.order_by("-pk")[:20],
        "exports": DataExport.objects.defer("content").select_related("account", "asked_by")[:20],
        "erasures": Erasure.objects.select_related("maker", "checker")[:20],
        "periods": periods(),
    }
    return render(request, "privacy/page.html", context)


@of_compliance
@require_GET
def account_privacy(request: HttpRequest, reference: str) -> HttpResponse:
    """What is held of an account's person, what may be blanked and what must stay, and the exports."""
    return _account_page(request, open_account(request, reference))


def _account_page(request: HttpRequest, account: Account, form: ErasureForm | None = None) -> HttpResponse:
    person, now = person_of(account), clock.now()
    plan = plan_for(person.pk, on=now.date())
    context = {
        "account": account,
        "person": person,
        "plan": plan,
        "kinds": [(kind.label, len(plan.blanked[kind]), plan.left[kind]) for kind in VALUES],
        "exports": exports_about(account),
        "erasures": Erasure.objects.filter(person=person).select_related("maker", "checker"),
        "form": form or ErasureForm(plan=plan),
        "export_form": PageForm(),
    }
    return render(request, "privacy/account.html", context, status=422 if form and form.errors else 200)


@of_compliance
@require_POST
def ask_for_export(request: HttpRequest, reference: str) -> HttpResponse:
    account, form = open_account(request, reference), PageForm(request.POST)
    if form.is_valid():
        given = {"account_id": account.pk}
        _done(request, form, "privacy.export", lambda **who: ask_export(**given, **who))
        nudge_exports()
    messages.success(request, _("Asked for. The page says when it can be taken."))
    return redirect("account-privacy", reference)


@of_compliance
@require_POST
def ask_for_erasure(request: HttpRequest, reference: str) -> HttpResponse:
    """The request goes to somebody else; refused, the page comes back with the reason."""
    account = open_account(request, reference)
    form = ErasureForm(request.POST, plan=plan_for(person_of(account).pk, on=clock.now().date()))
    if form.is_valid():
        given = {"account_id": account.pk, "ground": form.cleaned_data["ground"]}
        if approval_id := _done(request, form, "privacy.erase", lambda **who: request_erasure(**given, **who)):
            messages.success(request, _("Asked for. Somebody else decides."))
            return redirect("approval", approval_id)
    return _account_page(request, account, form)


@of_compliance
@require_GET
def retention_report(request: HttpRequest, report_id: int) -> HttpResponse:
    """Whom a report lists, since when what is kept too long, and what became of it."""
    report = get_object_or_404(RetentionReport, pk=report_id)
    lines = report.lines.select_related("erasure")
    page = keyset_page(lines, order=["id"], after=request.GET.get("after", ""))
    return render(request, "privacy/report.html", {"report": report, "page": page, "form": PageForm()})


@of_compliance
@require_POST
def ask_for_release(request: HttpRequest, report_id: int) -> HttpResponse:
    report, form = get_object_or_404(RetentionReport, pk=report_id), PageForm(request.POST)
    if form.is_valid():
        given = {"report_id": report.pk}
        if approval_id := _done(request, form, "privacy.release", lambda **who: ask_release(**given, **who)):
            messages.success(request, _("Asked for. Somebody else decides."))
            return redirect("approval", approval_id)
        messages.error(request, " ".join(form.non_field_errors()))
    return redirect("retention-report", report_id)


def _done(request: HttpRequest, form: PageForm, act: str, service: Callable[..., Any]) -> int | None:
    """Call one service once for this form; None when it refuses, and then the form says why."""
    now = clock.now()

    def effect() -> Any:
        return service(actor=request.user, now=now)

    try:
        subject_id, _first = once(key=form.key, act=act, actor=request.user, at=now, effect=effect)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    return subject_id


@of_compliance
@require_GET
def export_file(request: HttpRequest, export_id: int) -> HttpResponse:
    """The ZIP, always as a download. 404 once it is removed; each download is written down."""
    get_object_or_404(DataExport.objects.defer("content"), pk=export_id)
    try:
        export = download_export(export_id=export_id, actor=request.user, now=clock.now())
    except Refused as refusal:
        return render(request, "privacy/not_there.html", {"refusal": refusal}, status=404)
    response = HttpResponse(bytes(export.content), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="personal-data-{export.pk}.zip"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
