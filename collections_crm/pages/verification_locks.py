"""Where a manager opens verification again after three wrong answers."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.users import Role
from accounts.models import Account, Party
from collections_crm.pages.contact_forms import UnlockForm
from collections_crm.pages.roles import for_roles
from collections_crm.ui.frame import register_count
from communications.selectors.verification import count_locked, locked_tries
from communications.services.verification import unlock_verification

# A civil day where the customer is may be yesterday's or tomorrow's here.
LOOK_BACK = timedelta(days=1)


def waiting(request: HttpRequest) -> int:
    """The number in the header."""
    return count_locked(request.user, clock.now().date() - LOOK_BACK)


register_count("verification-locks", waiting)


@for_roles(Role.MANAGER)
@require_GET
def locked(request: HttpRequest) -> HttpResponse:
    """Who failed three times today, in which calls, and the form that opens it again."""
    since = clock.now().date() - LOOK_BACK
    rows = [
        (attempt, _first_account(request, attempt.party), UnlockForm(prefix=str(attempt.party_id)))
        for attempt in locked_tries(request.user, since)
    ]
    return render(request, "contact/locked.html", {"rows": rows})


def _first_account(request: HttpRequest, party: Party) -> Account | None:
    return Account.objects.visible_to(request.user).filter(parties=party).order_by("reference").first()


@for_roles(Role.MANAGER)
@require_POST
def unlock(request: HttpRequest, party_id: int) -> HttpResponse:
    get_object_or_404(
        Party.objects.filter(accounts__in=Account.objects.visible_to(request.user)).distinct(), pk=party_id
    )
    form = UnlockForm(request.POST, prefix=str(party_id))
    if not form.is_valid():
        messages.error(request, _("Choose a reason."))
        return redirect("verification-locks")
    try:
        unlock_verification(party_id=party_id, reason=form.cleaned_data["reason"], actor=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Verification is open again."))
    return redirect("verification-locks")
