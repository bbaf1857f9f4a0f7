"""Raising a case, following it, correcting it, and answering a referral."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.receipts import once
from accounts.foundation.users import User
from accounts.models import Account
from accounts.services.accounts import today_of
from arrangements.models import Escalation
from arrangements.services.agreeing import Terms
from arrangements.services.escalation_kinds.catalogue import CASE_KINDS
from arrangements.services.escalations import answer_referral
from arrangements.services.evidence import correct_with_file, raise_with_file
from arrangements.services.offer_limits import offer_limits_for
from collections_crm.pages.asked import tell_asked
from collections_crm.pages.door import open_account, open_record
from collections_crm.pages.escalation_forms import EscalateForm, ReferralForm
from collections_crm.pages.roles import for_roles
from collections_crm.selectors.cases import offers_of, verdict_of, visible_escalations
from collections_crm.selectors.files import files_for
from collections_crm.ui.forms import PageForm

raises_cases = for_roles("agent", "manager")


@raises_cases
@require_http_methods(["GET", "POST"])
def escalate(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose a kind, see its checks, fill in what it asks, raise it."""
    account, now = open_account(request, reference), clock.now()
    offers = offers_of(account, now)
    code = request.POST.get("kind") or request.GET.get("kind", "")
    chosen = next((offer for offer in offers if offer.kind.code == code), None)
    context = {"account": account, "offers": offers, "chosen": chosen}
    if chosen is None:
        return render(request, "escalations/escalate.html", context)
    form = EscalateForm(request.POST or None, request.FILES or None, kind=chosen.kind, account=account)
    if request.method == "POST" and form.is_valid():
        given = {"account_id": account.pk, "kind": code, "actor": request.user, "now": now, **form.asked()}
        pk = _once(request, form, f"escalation.raise.{account.pk}", lambda: raise_with_file(**given))
        if pk:
            raised = Escalation.objects.select_related("approval__account").get(pk=pk)
            told = _("Raised. Somebody else decides; you will see the answer in your inbox.")
            tell_asked(request, raised.approval, told)
            return redirect("escalation", pk)
    return render(request, "escalations/escalate.html", {**context, "form": form})


@login_required
@require_GET
def escalation(request: HttpRequest, pk: int) -> HttpResponse:
    case = open_record(request, visible_escalations(request.user), pk)
    return render(request, "escalations/page.html", _case_context(request, case))


def _case_context(request: HttpRequest, case: Escalation, form: PageForm | None = None) -> dict[str, Any]:
    waits = case.kind == "fraud" and case.state == "in_progress" and request.user.role == "compliance"
    kind = CASE_KINDS[case.kind]
    return {
        "escalation": case,
        "kind": kind,
        "reason": kind.reasons(case.reason_code).label,
        "evidence": case.evidence.defer("content"),
        "enforcement": getattr(case, "case", None),
        # An answer that was refused stays with what was typed, also when somebody else answered meanwhile.
        "referral_form": form or (ReferralForm() if waits else None),
        "verdict": verdict_of(case),
        "may_correct": case.state == "returned" and case.raised_by_id == request.user.pk,
        "nearest": _nearest(request.user, case),
    }


def _nearest(user: User, case: Escalation) -> list[str] | None:
    """After a no to an offer: each limit of the user's that it passed. None where nothing can be offered instead."""
    if case.state != "declined" or case.arrangement is None or not case.account.is_open or not user.works_a_queue:
        return None
    limits = offer_limits_for(user, case.account, today_of(case.account, clock.now()))
    return [str(refusal) for refusal in limits.beyond(Terms.of(case.arrangement))]


@raises_cases
@require_http_methods(["GET", "POST"])
def escalation_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """The returned case again, to be corrected and asked anew by who raised it."""
    case = open_record(request, visible_escalations(request.user), pk)
    if case.raised_by_id != request.user.pk or case.state != "returned":
        messages.warning(request, _("Only a returned case can be corrected, by the person who raised it."))
        return redirect("escalation", pk)
    kind = CASE_KINDS[case.kind]
    form = EscalateForm(
        request.POST or None, request.FILES or None, kind=kind, account=case.account, initial=_as_raised(case)
    )
    if request.method == "POST" and form.is_valid():
        given = {"escalation_id": pk, "actor": request.user, "now": clock.now(), **form.asked()}
        if _once(request, form, f"escalation.correct.{pk}", lambda: correct_with_file(**given)):
            messages.success(request, _("Asked again."))
            return redirect("escalation", pk)
    return render(request, "escalations/correct.html", {**_case_context(request, case), "form": form})


def _as_raised(case: Escalation) -> dict[str, Any]:
    evidence = [str(pk) for pk in case.evidence.values_list("pk", flat=True)]
    text = case.note.text if case.note else ""
    return {
        "reason": case.reason_code,
        "amount": case.amount,
        "pay_by": case.pay_by,
        "note": text,
        "evidence": evidence,
    }


@for_roles("compliance")
@require_POST
def referral_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Compliance answers a fraud referral."""
    case = open_record(request, visible_escalations(request.user), pk)
    form = ReferralForm(request.POST)
    if form.is_valid():
        confirmed = form.cleaned_data["answer"] == "confirmed"
        given = {"escalation_id": pk, "confirmed": confirmed, "note": form.cleaned_data["note"]}
        answer = lambda: answer_referral(actor=request.user, now=clock.now(), **given)  # noqa: E731
        if _once(request, form, f"referral.{pk}", answer):
            messages.success(request, _("Answered."))
            return redirect("escalation", pk)
    case.refresh_from_db()
    return render(request, "escalations/page.html", _case_context(request, case, form), status=422)


def _once(request: HttpRequest, form: PageForm, act: str, effect: Callable[[], Any]) -> int | None:
    """Do it once; a refusal stands in the form, and nothing was done."""
    try:
        return once(key=form.key, act=act, actor=request.user, at=clock.now(), effect=effect)[0]
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


@login_required
@require_GET
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """A file of an account that the person may see. Pictures may be shown, everything else is downloaded."""
    accounts = Account.objects.visible_to(request.user)
    file = open_record(request, files_for(request.user).filter(account__in=accounts), pk)
    response = HttpResponse(bytes(file.content), content_type=file.media_type)
    shown = file.media_type.startswith("image/")
    response.headers["Content-Disposition"] = _disposition("inline" if shown else "attachment", file.name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _disposition(kind: str, name: str) -> str:
    return content_disposition_header(kind == "attachment", name) or kind
