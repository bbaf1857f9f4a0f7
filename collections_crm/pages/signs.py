"""How the customer is, and what law and policy cap: the part of the account page that comes after the rest."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from accounts.foundation import clock
from accounts.foundation.htmx import wants_partial
from accounts.models import MOST_FAILED
from accounts.selectors.total_cost import cap_of, cost_of
from accounts.services.card_authorities import failed_in_a_row, in_force, is_counted
from collections_crm.pages.door import open_account
from collections_crm.pages.roles import for_roles
from collections_crm.selectors.signs import refer_to, signs_of


@for_roles("agent", "manager", "finance", "compliance")
@require_GET
def signs(request: HttpRequest, reference: str) -> HttpResponse:
    """A page of its own, or the part that the account page adds to itself. Finance is told nothing of how they are."""
    account, now = open_account(request, reference), clock.now()
    card = in_force(account)
    context = {
        "account": account,
        "tells": request.user.role != "finance",
        "signs": signs_of(account, now=now) if request.user.role != "finance" else [],
        "refer_to": refer_to(account),
        "card": card,
        "failed": failed_in_a_row(card) if card else 0,
        "most_failed": MOST_FAILED if is_counted(account) else None,
        "reageings": list(account.reageings.order_by("-pk")),
        "cost": cost_of(account),
        "cap": cap_of(account),
    }
    template = "account/partials/_signs.html" if wants_partial(request) else "account/signs.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
