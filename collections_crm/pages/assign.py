"""A manager gives accounts to an agent: what will happen, then the receipt."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.receipts import once
from accounts.models import Account
from collections_crm.models import QueueEntry
from collections_crm.pages.queue_forms import AssignForm
from collections_crm.selectors.queue_scope import members_of
from collections_crm.work.assign import assign_accounts


@login_required
@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """First a page that says what will happen; with `confirmed` the act and its receipt."""
    if not request.user.is_manager:
        raise PermissionDenied
    members = members_of(request.user)
    form = AssignForm(request.POST, members=members, chosen=request.POST.getlist("account"))
    if not form.is_valid():
        return render(request, "queue/assign.html", {"form": form}, status=422)
    to = next((member for member in members if member.pk == form.cleaned_data["to"]), None)
    context = {"form": form, "to": to, "accounts": _chosen(request, form)}
    if not form.cleaned_data["confirmed"]:
        return render(request, "queue/assign.html", context)
    try:
        _moved, context["first"] = _assign(request, form)
    except Refused as refusal:
        return render(request, "queue/assign.html", context | {"refusal": refusal}, status=422)
    return render(request, "queue/assigned.html", context)


def _chosen(request: HttpRequest, form: AssignForm) -> list[Account]:
    ids = form.cleaned_data["account"]
    entries = QueueEntry.objects.filter(pk__in=ids).values("pk")
    visible = Account.objects.visible_to(request.user).filter(pk__in=entries)
    return list(visible.select_related("owner").order_by("reference"))


def _assign(request: HttpRequest, form: AssignForm) -> tuple[int | None, bool]:
    now, chosen = clock.now(), form.cleaned_data["account"]

    def effect() -> int:
        moved = assign_accounts(
            account_ids=chosen, owner_id=form.cleaned_data["to"], reason="assigned", actor=request.user, now=now
        )
        return len(moved)

    return once(key=form.key, act="queue.assign", actor=request.user, at=now, effect=effect)
