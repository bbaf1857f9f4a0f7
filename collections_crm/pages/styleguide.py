"""Every part of our pages on one page, to look at and to try. Served in development and demonstrations only."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.foundation import clock
from collections_crm.selectors.drafts import draft_of
from collections_crm.services.drafts import forget_draft
from collections_crm.ui.fields import CivilDateField, MoneyField
from collections_crm.ui.forms import PageForm

KEY = "styleguide"


class TryForm(PageForm):
    amount = MoneyField(label=_("amount"), currency="MXN", help_text=_("Comma groups, a decimal point."))
    day = CivilDateField(label=_("due on"))
    method = forms.ChoiceField(label=_("method"), choices=[("transfer", _("bank transfer")), ("cash", _("cash"))])
    note = forms.CharField(label=_("note"), widget=forms.Textarea, required=False)


@login_required
@require_http_methods(["GET", "POST"])
def styleguide(request: HttpRequest) -> HttpResponse:
    form = TryForm(request.POST or None, initial=draft_of(request.user, KEY, now=clock.now()))
    if form.is_valid():
        forget_draft(user_id=request.user.pk, key=KEY)
        messages.success(request, f"{form.cleaned_data['amount']:,.2f} / {form.cleaned_data['day']}")
        return redirect("styleguide")
    rows = [("A-10233", "America/Monterrey", Decimal("620.00")), ("A-10240", "America/New_York", Decimal("-58959.00"))]
    return render(request, "ui/styleguide.html", {"form": form, "rows": rows, "now": clock.now()})
