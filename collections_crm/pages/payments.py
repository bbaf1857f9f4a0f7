"""Finance: payments found, posted after a look at what they do, and taken back with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.users import Role
from accounts.models import Account, Payment
from accounts.selectors.payments import (
    effect_of_posting,
    effect_of_reversing,
    find_payments,
    goes_to_disputed,
    may_be_reversed,
    parts_of,
    payments_alike,
    payments_of,
)
from accounts.services.payments import record_payment, reverse_payment
from arrangements.models import LIVE, Arrangement
from collections_crm.pages.door import open_record, refuse_in_silence
from collections_crm.pages.payment_forms import AccountForm, FindPaymentForm, PostPaymentForm, ReversePaymentForm
from collections_crm.pages.roles import for_roles
from collections_crm.selectors.suspense import in_suspense
from collections_crm.ui.paging import keyset_page

SOURCE = "payment_form"
for_finance = for_roles(Role.FINANCE)


@for_finance
@require_http_methods(["GET", "POST"])
def payments(request: HttpRequest) -> HttpResponse:
    """The latest payments; or, by a form whose words stay out of the address, those of a reference."""
    form = FindPaymentForm(request.POST or None)
    found = find_payments(request.user, form.cleaned_data["words"]) if form.is_bound and form.is_valid() else None
    latest = keyset_page(payments_of(request.user), order=["-received_on", "-id"], after=request.GET.get("after", ""))
    rows = latest.rows if found is None else found
    context = {"form": form, "found": found, "page": latest, "rows": rows, "waiting": in_suspense().count()}
    return render(request, "payments/list.html", context)


@for_finance
@require_http_methods(["GET", "POST"])
def post(request: HttpRequest) -> HttpResponse:
    """Two steps: what it will do, then do it; what looks like a slip needs a tick. The same form twice posts once."""
    given = {"initial": {"reference": request.GET.get("account", "")}}
    form = PostPaymentForm(request.user, clock.now(), request.POST or None, **given)
    if request.method == "POST" and form.is_valid():
        refuse_in_silence(request, form.account)
        if "confirmed" in request.POST and (known := _known(form)):
            return _posted(request, known)
        look = _look(form)
        if to_be_confirmed(request, look):
            return confirmation(request, form, look)
        try:
            looked_at = bool(look["alike"]) and "sure" in request.POST
            return _posted(request, _record(request, form, but_once=not looked_at))
        except Refused as refusal:
            if refusal.code == "payment_alike":
                return confirmation(request, form, _look(form))
            form.add_error(None, str(refusal))
    return render(request, "payments/post.html", {"form": form})


def to_be_confirmed(request: HttpRequest, look: dict[str, Any]) -> bool:
    """Nobody has said yes yet, or not to what speaks against it."""
    return "confirmed" not in request.POST or (look["unsure"] and "sure" not in request.POST)


def confirmation(request: HttpRequest, form: AccountForm, look: dict[str, Any]) -> HttpResponse:
    """What was read is what is sent back: `-1` would be another day after midnight."""
    missing = look["unsure"] and "confirmed" in request.POST
    return render(request, "payments/confirm.html", {"form": form, "missing": missing, "sent": form.as_read(), **look})


def _posted(request: HttpRequest, payment: Payment) -> HttpResponse:
    """The receipt. A form sent twice gets it from its second answer: nobody sees the first."""
    messages.success(request, _("The payment is posted."))
    return redirect("payment", payment.pk)


def _known(form: PostPaymentForm) -> Payment | None:
    """What this very form has posted already: looked at anew it would seem too much, or the same again."""
    return Payment.objects.filter(source=SOURCE, source_key=form.key).first()


def _look(form: PostPaymentForm) -> dict[str, Any]:
    said = {name: form.cleaned_data[name] for name in ("amount", "method", "received_on")}
    return look_at_posting(form.account, said, key=form.key)


def look_at_posting(account: Account, said: dict[str, Any], *, key: str) -> dict[str, Any]:
    """What posting will do, and what speaks for thinking twice."""
    effect = effect_of_posting(account, said["amount"])
    doubts = {
        "disputed": goes_to_disputed(account, said["amount"]),
        "alike": payments_alike(account, other_than=key, **said),
        "before_us": said["received_on"] < account.opened_on,
    }
    live = Arrangement.objects.filter(account=account, state__in=LIVE).first()
    unsure = effect.far_too_much or any(doubts.values())
    return {"said": said, "effect": effect, "live": live, "unsure": unsure, **doubts}


def _record(request: HttpRequest, form: PostPaymentForm, *, but_once: bool) -> Payment:
    said = form.cleaned_data
    return record_payment(
        account_id=form.account.pk,
        amount=said["amount"],
        method=said["method"],
        received_on=said["received_on"],
        reference=said["bank_reference"],
        source=SOURCE,
        source_key=form.key,
        but_once=but_once,
        actor=request.user,
        now=clock.now(),
    )


@for_finance
@require_GET
def payment(request: HttpRequest, payment_id: int) -> HttpResponse:
    """The receipt: what was posted, what became of it, what is owed now."""
    seen = payments_of(request.user).select_related("account__portfolio__product", "entry__actor")
    one = open_record(request, seen, payment_id)
    live = Arrangement.objects.filter(account=one.account, state__in=LIVE).first()
    context = {"payment": one, "account": one.account, "live": live, "may_reverse": may_be_reversed(one)}
    return render(request, "payments/detail.html", context | {"parts": parts_of(one)})


@for_finance
@require_http_methods(["GET", "POST"])
def reverse(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Take a payment back, after a look at what that does."""
    one = open_record(request, payments_of(request.user).select_related("account__portfolio"), payment_id)
    form = ReversePaymentForm(one, clock.now(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            reverse_payment(
                payment_id=one.pk, reason=said["reason"], on=said["on"], actor=request.user, now=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The payment is taken back."))
            return redirect("payment", one.pk)
    context = {"payment": one, "account": one.account, "form": form, "effect": effect_of_reversing(one)}
    return render(request, "payments/reverse.html", context | {"may_reverse": may_be_reversed(one)})
