"""Finance: money whose account nobody knows, taken in, looked through and posted once it is known whose it is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.models import Account, Payment
from accounts.services.suspense import post_identified, take_unidentified
from collections_crm.pages.door import open_record, refuse_in_silence
from collections_crm.pages.payment_forms import AccountForm, UnidentifiedForm
from collections_crm.pages.payments import confirmation, for_finance, look_at_posting, to_be_confirmed
from collections_crm.selectors.suspense import Suggestion, in_suspense, suggestions, waiting
from collections_crm.ui.fields import today_here
from collections_crm.ui.paging import keyset_page
from communications.selectors.open_contact import silence_for

SOURCE = "suspense_form"


@for_finance
@require_GET
def suspense(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first, with how long it has."""
    page = keyset_page(in_suspense(), order=["received_on", "id"], after=request.GET.get("after", ""))
    context = {"page": page, "rows": page.rows, "waiting": waiting(today_here())}
    return render(request, "payments/suspense.html", context)


@for_finance
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Keep money in suspense. The same form twice keeps it once."""
    form = UnidentifiedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        given = {name: said[name] for name in ("amount", "currency", "method", "received_on")}
        key = {"reference": said["bank_reference"], "source": SOURCE, "source_key": form.key}
        try:
            take_unidentified(**given, **key, actor=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The money waits in suspense."))
            return redirect("suspense")
    return render(request, "payments/take.html", {"form": form}, status=422 if form.is_bound else 200)


@for_finance
@require_http_methods(["GET", "POST"])
def identify(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Say whose it is: first with what that does, then for good. What is somebody's already leads to its receipt."""
    one = open_record(request, Payment.objects.select_related("account"), payment_id)
    if one.account is not None:
        return redirect("payment", one.pk)
    form = AccountForm(request.user, clock.now(), request.POST or None)
    if request.method == "POST" and form.is_valid() and form.account is not None:
        refuse_in_silence(request, form.account)
        look = _look(form.account, one)
        if to_be_confirmed(request, look):
            return confirmation(request, form, look)
        try:
            post_identified(payment_id=one.pk, account_id=form.account.pk, actor=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The payment is posted."))
            return redirect("payment", one.pk)
    context = {"payment": one, "form": form, "suggestions": _to_be_told(request, one)}
    return render(request, "payments/identify.html", context, status=422 if form.is_bound else 200)


def _to_be_told(request: HttpRequest, payment: Payment) -> list[Suggestion]:
    """Without whoever the person speaks with and hasn't verified: what is due is of the debt."""
    now = clock.now()
    return [one for one in suggestions(payment, request.user) if not silence_for(request.user, one.account, now)]


def _look(account: Account, payment: Payment) -> dict[str, Any]:
    said = {"amount": payment.amount, "method": payment.method, "received_on": payment.received_on}
    return look_at_posting(account, said, key=payment.source_key)
