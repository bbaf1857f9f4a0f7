"""Asking a manager for an exception to a rule that allows exceptions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.receipts import once
from accounts.models import ContactPoint
from collections_crm.pages.contact_forms import ExceptionForm
from collections_crm.pages.door import open_account
from collections_crm.selectors.purposes import purpose_of_call
from communications.selectors.contact_facts import ContactRequest
from communications.services.contact_override import request_override


@login_required
@require_POST
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Send the call that the gate held back to a manager's inbox; approved, the same button makes it."""
    account = open_account(request, reference)
    form, now = ExceptionForm(request.POST), clock.now()
    if not form.is_valid():
        wrong = form.errors.get("why")
        messages.error(request, wrong[0] if wrong else str(Refused("call_needs_number")))
        return redirect("account", reference)
    why = form.cleaned_data["why"]
    point = get_object_or_404(ContactPoint, pk=form.cleaned_data["contact_point"], party__accounts=account)
    purpose = purpose_of_call(account, point, now=now)
    wanted = ContactRequest((account.pk,), point.party_id, point.pk, "call", purpose)
    try:
        once(
            key=form.key,
            act="contact.exception",
            actor=request.user,
            at=now,
            effect=lambda: request_override(request=wanted, why=why, actor=request.user, now=now),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Asked. Once a manager has approved it, press Call again."))
    return redirect("account", reference)
