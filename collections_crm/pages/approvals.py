"""The list of requests and the one page to decide from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.foundation import clock
from accounts.foundation.approvals import Approval, ApprovalState
from accounts.foundation.errors import Refused
from accounts.foundation.receipts import once
from accounts.services import approval_ends, approvals
from collections_crm.pages.approval_forms import DecideForm, DeclineForm, ReturnForm
from collections_crm.pages.door import open_record
from collections_crm.selectors.approvals import TABS, failure_of, in_tab, visible_approvals
from collections_crm.selectors.decision import Decision
from collections_crm.ui.forms import PageForm
from collections_crm.ui.paging import keyset_page
from communications.selectors.open_contact import unspoken_accounts


@login_required
@require_GET
def approval_list(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    standard = "waiting" if request.user.role in ("manager", "compliance") else "mine"
    tab = request.GET.get("tab", standard)
    tab = tab if tab in TABS else standard
    order = ["requested_at", "id"] if tab == "waiting" else ["-requested_at", "-id"]
    rows = in_tab(request.user, tab, now)
    page = keyset_page(rows, order=order, after=request.GET.get("after", ""), as_of=now)
    context = {"page": page, "tab": tab, "now": now, "unspoken": unspoken_accounts(request.user)}
    return render(request, "approvals/list.html", context)


@login_required
@require_GET
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "approvals/page.html", {"decision": _decision(request, pk), "form": DecideForm()})


@dataclass(frozen=True)
class Act:
    """One thing that can be done with a request: its form, service, when it is offered, and its words."""

    form: type[PageForm]
    service: Callable[..., Approval]
    offered: Callable[[Decision], bool]
    title: str | Promise
    consequence: str | Promise
    button: str | Promise


ACTS = {
    "approve": Act(
        DecideForm,
        approvals.approve,
        lambda decision: decision.may_approve,
        gettext_lazy("Approve this request?"),
        "",
        pgettext_lazy("request", "Approve"),
    ),
    "decline": Act(
        DeclineForm,
        approvals.decline,
        lambda decision: decision.may_refuse,
        gettext_lazy("Decline this request?"),
        gettext_lazy("Nothing of what was asked is done; the account stays as it was, with its earlier next step."),
        pgettext_lazy("request", "Decline"),
    ),
    "return": Act(
        ReturnForm,
        approvals.return_for_correction,
        lambda decision: decision.may_refuse,
        gettext_lazy("Return this request for correction?"),
        gettext_lazy("It goes back to the person who raised it, who may correct it and ask again."),
        pgettext_lazy("request", "Return"),
    ),
    "try-again": Act(
        DecideForm,
        approvals.try_again,
        lambda decision: decision.may_try_again,
        gettext_lazy("Carry it out now?"),
        "",
        gettext_lazy("Carry out now"),
    ),
    "set-aside": Act(
        DecideForm,
        approval_ends.void_changed,
        lambda decision: decision.may_set_aside,
        gettext_lazy("Set this request aside?"),
        gettext_lazy("Its terms have changed: it goes back to the person who raised it, who may ask anew."),
        gettext_lazy("Set aside"),
    ),
    "withdraw": Act(
        DecideForm,
        approvals.withdraw,
        lambda decision: decision.may_withdraw,
        gettext_lazy("Withdraw your request?"),
        gettext_lazy("Nobody decides it any more; the account goes back to its earlier next step."),
        gettext_lazy("Withdraw"),
    ),
}


@login_required
@require_http_methods(["GET", "POST"])
def approval_act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The confirmation of one act, and the act. Works as two plain pages. Who may not decide hears that first."""
    if (act := ACTS.get(name)) is None:
        raise Http404
    decision = _decision(request, pk)
    if request.method == "GET":
        return _confirmation(request, decision, act, act.form()) if act.offered(decision) else redirect("approval", pk)
    if name != "withdraw" and decision.not_theirs:
        return _confirmation(request, decision, act, act.form(), decision.not_theirs)
    form = act.form(request.POST)
    if form.is_valid():
        return _perform(request, decision, name, act, form)
    return _confirmation(request, decision, act, form)


def _confirmation(
    request: HttpRequest, decision: Decision, act: Act, form: PageForm, refusal: Refused | None = None
) -> HttpResponse:
    context = {"decision": decision, "act": act, "form": form, "refusal": refusal}
    context["consequence"] = act.consequence or decision.kind.consequence
    refused = refusal is not None or (form.is_bound and not form.is_valid())
    return render(request, "approvals/confirm.html", context, status=422 if refused else 200)


def _perform(request: HttpRequest, decision: Decision, name: str, act: Act, form: PageForm) -> HttpResponse:
    pk, now = decision.approval.pk, clock.now()
    given = {field: value for field, value in form.cleaned_data.items() if field != "idempotency"}
    try:
        once(
            key=form.key,
            act=f"approval.{name}.{pk}",
            actor=request.user,
            at=now,
            effect=lambda: act.service(approval_id=pk, actor=request.user, now=now, **given),
        )
    except Refused as refusal:
        return _confirmation(request, decision, act, form, refusal)
    _say(request, Approval.objects.get(pk=pk))
    return redirect("approval", pk)


def _say(request: HttpRequest, approval: Approval) -> None:
    """What came of it, in the words of the state that it is in now."""
    if approval.state == ApprovalState.EXECUTION_FAILED:
        why = {"why": failure_of(approval)}
        messages.error(request, _("It could not be carried out, and nothing was done: %(why)s") % why)
    elif approval.state == ApprovalState.VOIDED:
        messages.warning(request, _("Its terms had changed, so nothing was done. It went back to who raised it."))
    else:
        messages.success(request, _("Done: the request is %(state)s.") % {"state": approval.get_state_display()})


@login_required
@require_POST
def approval_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it into one's hands, or give it back when it is there."""
    decision = _decision(request, pk)
    act = approvals.unclaim if request.POST.get("give_back") else approvals.claim
    try:
        act(approval_id=decision.approval.pk, actor=request.user, now=clock.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        given_back = act is approvals.unclaim
        messages.success(request, _("Given back.") if given_back else _("Yours to decide for 30 minutes."))
    return redirect("approval", pk)


def _decision(request: HttpRequest, pk: int) -> Decision:
    return Decision(open_record(request, visible_approvals(request.user), pk), request.user, clock.now())
