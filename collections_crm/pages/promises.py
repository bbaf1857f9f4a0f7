"""Promises on an account: take one, cancel one; and the customer's word that it is paid."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.htmx import wants_partial
from accounts.foundation.receipts import once
from accounts.services.paid_claims import record_paid_claim
from arrangements.models import LIVE, Arrangement, Escalation
from arrangements.selectors.promises import PromisePanel, promise_panel
from arrangements.services.escalations import raise_escalation
from arrangements.services.promise_limits import BEYOND_LIMITS
from arrangements.services.promises import cancel_arrangement, make_promise
from collections_crm.pages.asked import tell_asked
from collections_crm.pages.door import open_account
from collections_crm.pages.promise_forms import AskPromiseForm, CancelPromiseForm, PaidClaimForm, PromiseForm
from collections_crm.pages.roles import for_roles
from collections_crm.ui.words import civil, money


@login_required
@require_http_methods(["GET", "POST"])
def promise(request: HttpRequest, reference: str) -> HttpResponse:
    """The promise panel: as a page of its own, or the part that htmx swaps."""
    panel = promise_panel(request.user, open_account(request, reference), clock.now())
    form = PromiseForm(panel, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _take(request, panel, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            if refusal.code in BEYOND_LIMITS:
                said = {name: form.cleaned_data[name] for name in ("amount", "due_on", "party")}
                return _panel(request, panel, form, ask_form=AskPromiseForm(panel.account, initial=said))
    return _panel(request, panel, form)


def _take(request: HttpRequest, panel: PromisePanel, form: PromiseForm) -> HttpResponse:
    said = form.cleaned_data

    def effect() -> Arrangement:
        return make_promise(
            account_id=panel.account.pk,
            party_id=said["party"],
            amount=said["amount"],
            due_on=said["due_on"],
            contact_id=panel.contact.pk if panel.contact else None,
            actor=request.user,
            now=clock.now(),
        )

    once(key=form.key, act="promise.make", actor=request.user, at=clock.now(), effect=effect)
    messages.success(
        request,
        _("Promise taken: %(amount)s by %(day)s. Nobody demands payment before it is judged.")
        % {"amount": money(said["amount"], panel.account.currency), "day": civil(said["due_on"])},
    )
    return redirect("promise", panel.account.reference)


def _panel(request: HttpRequest, panel: PromisePanel, form: PromiseForm | None = None, **more: object) -> HttpResponse:
    context = {
        "account": panel.account,
        "panel": panel,
        "form": form or PromiseForm(panel),
        "cancel_form": CancelPromiseForm(prefix="cancel"),
        "open": True,
        **more,
    }
    template = "arrangements/partials/_promise.html" if wants_partial(request) else "arrangements/promise.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@for_roles("agent", "manager")
@require_POST
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """A promise beyond one's limits, asked of a manager: nothing is promised before somebody else says yes."""
    panel = promise_panel(request.user, open_account(request, reference), clock.now())
    form = AskPromiseForm(panel.account, request.POST)
    if form.is_valid():
        try:
            return _ask(request, panel, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _panel(request, panel, ask_form=form)


def _ask(request: HttpRequest, panel: PromisePanel, form: AskPromiseForm) -> HttpResponse:
    said, account = form.cleaned_data, panel.account

    def effect() -> Escalation:
        return raise_escalation(
            account_id=account.pk,
            kind="promise",
            reason=said["reason"],
            note=said["note"],
            amount=said["amount"],
            pay_by=said["due_on"],
            party_id=said["party"],
            contact_id=panel.contact.pk if panel.contact else None,
            actor=request.user,
            now=clock.now(),
        )

    pk, _first = once(key=form.key, act="promise.ask", actor=request.user, at=clock.now(), effect=effect)
    asked = Escalation.objects.select_related("approval__account").get(pk=pk).approval
    tell_asked(request, asked, _("Asked. It is no promise before a manager says yes; the answer comes to your inbox."))
    return redirect("escalation", pk)


@login_required
@require_POST
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """End the live promise for a reason; the account is worked again from today."""
    account = open_account(request, reference)
    live = get_object_or_404(Arrangement, account=account, state__in=LIVE)
    form = CancelPromiseForm(request.POST, prefix="cancel")
    if form.is_valid():
        try:
            cancel_arrangement(
                arrangement_id=live.pk, reason=form.cleaned_data["reason"], actor=request.user, now=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The promise is cancelled. The account is to be worked again from today."))
            return redirect("promise", reference)
    return _panel(request, promise_panel(request.user, account, clock.now()), cancel_form=form)


@for_roles("agent", "manager")
@require_http_methods(["GET", "POST"])
def paid_claim(request: HttpRequest, reference: str) -> HttpResponse:
    """The customer says that it is paid: a pause and a review. No money is posted here."""
    account = open_account(request, reference)
    form = PaidClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hold = record_paid_claim(
                account_id=account.pk, paid_on=form.cleaned_data["paid_on"], actor=request.user, now=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Noted. Demands pause until %(day)s, when it is looked at.") % {"day": civil(hold.review_on)}
            )
            return redirect("paid-claim", reference)
    return render(request, "arrangements/paid_claim.html", {"account": account, "form": form})
