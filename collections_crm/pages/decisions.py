"""What the gate answered, for whoever may see the accounts that it was asked about."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.models import Account
from collections_crm.pages.door import note_opened, refuse_in_silence
from collections_crm.selectors.judged_on import judged_on
from communications.models import PolicyDecision
from communications.selectors.told_reasons import clock_of, told_reasons


@login_required
@require_GET
def decision(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Verdict, reasons with their sources, what it was judged on, and the versions of the policy.

    404 unless every account may be seen.
    """
    found = get_object_or_404(PolicyDecision.objects.select_related("actor", "override__checker"), pk=decision_id)
    visible = Account.objects.visible_to(request.user).filter(pk__in=found.account_ids).select_related("portfolio")
    accounts = list(visible.order_by("reference"))
    if len(accounts) < len(found.account_ids):
        raise Http404
    refuse_in_silence(request, *accounts)
    note_opened(request, *accounts)
    context = {
        "decision": found,
        "accounts": accounts,
        "reasons": told_reasons(found),
        "zone": clock_of(found, now=found.at),
        "judged": judged_on(found),
        "versions": sorted(found.pack_versions.items()),
    }
    return render(request, "contact/decision.html", context)
