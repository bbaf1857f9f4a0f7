"""The budget of a customer: taken category by category, with its sums as one types."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.htmx import wants_partial
from accounts.foundation.receipts import once
from accounts.models import Account
from accounts.services.accounts import today_of
from arrangements.models import Budget
from arrangements.selectors.budgets import before, budget_of_party, compared, told_in
from arrangements.services.budgets import sums_of, take_budget
from collections_crm.pages.budget_forms import BudgetForm
from collections_crm.pages.door import open_account, open_record
from collections_crm.pages.promise_forms import debtors_of
from collections_crm.pages.roles import for_roles


@for_roles("agent", "manager", "compliance")
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """The form, begun with what was told last; typed into, its sums; saved, the budget."""
    account = open_account(request, reference)
    party_id = _whose(request, account)
    last = budget_of_party(party_id, account.currency, today_of(account, clock.now()))
    form = BudgetForm(account, request.POST or None, initial={"party": party_id, **_as_told(last)})
    if form.is_bound and form.is_valid() and "save" in request.POST:
        try:
            return redirect("budget", _kept(request, account, form))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    told = form.told if form.is_bound and form.is_valid() else told_in(last) if last and not form.is_bound else []
    sums = sums_of(told, account.currency)
    context = {"account": account, "form": form, "sums": sums, "lines": compared(sums, last), "last": last}
    part = wants_partial(request)
    template = "budgets/partials/_sums.html" if part else "budgets/take.html"
    status = 422 if form.is_bound and not form.is_valid() and not part else 200
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _whose(request: HttpRequest, account: Account) -> int:
    """Whoever the link named, where they owe; else who owes first."""
    owing = [party_id for party_id, _name in debtors_of(account)]
    return next((pk for pk in owing if str(pk) == request.GET.get("party")), owing[0])


def _as_told(last: Budget | None) -> dict[str, Any]:
    if last is None:
        return {}
    lines = told_in(last)
    amounts = {one.category.value: one.amount for one in lines}
    return {"household": last.household, **amounts, **{f"{one.category.value}_period": one.period for one in lines}}


def _kept(request: HttpRequest, account: Account, form: BudgetForm) -> int:
    given = form.cleaned_data

    def effect() -> Budget:
        return take_budget(
            account_id=account.pk,
            party_id=given["party"],
            household=given["household"],
            told=form.told,
            evidence_ids=given["evidence"],
            actor=request.user,
            now=clock.now(),
        )

    pk = once(key=form.key, act=f"budget.{account.pk}", actor=request.user, at=clock.now(), effect=effect)[0]
    messages.success(request, _("Kept. The workbench begins with what is left a month."))
    return pk


@for_roles("agent", "manager", "compliance")
@require_GET
def budget(request: HttpRequest, pk: int) -> HttpResponse:
    """One budget as it was told, its sums, and what changed since the last time."""
    seen = Budget.objects.filter(account__in=Account.objects.visible_to(request.user))
    one = open_record(request, seen.select_related("account__portfolio__product", "party", "taken_by"), pk)
    sums = sums_of(told_in(one), one.currency)
    context = {
        "account": one.account,
        "budget": one,
        "sums": sums,
        "lines": compared(sums, before(one)),
        "told": told_in(one),
        "evidence": one.evidence.filter(erased_on=None).defer("content"),
        "is_over": one.valid_until < today_of(one.account, clock.now()),
    }
    return render(request, "budgets/page.html", context)
