"""Calls: begin one, take one, prove who is speaking, hang up, wrap up."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.htmx import wants_partial
from accounts.models import OURS_TO_COLLECT, Account, ContactPoint
from collections_crm.pages.account import page_in_silence
from collections_crm.pages.call_bar import CallBar
from collections_crm.pages.contact_forms import CallerForm, StartCallForm, VerifyForm, WrapUpForm
from collections_crm.pages.door import account_in_silence, refuse_in_silence
from collections_crm.pages.queue import next_account
from collections_crm.selectors.purposes import purpose_of_call
from collections_crm.selectors.refused_contact import refused_contact
from collections_crm.services.finish_call import finish_call
from collections_crm.ui.addresses import page_to_open
from collections_crm.ui.forms import PageForm
from communications.models import Contact, PolicyDecision
from communications.services.contacts import hang_up, start_call
from communications.services.inbound import answer_caller
from communications.services.verification import try_verification


@login_required
@require_POST
def start(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the gate for a call. Allowed: the account page with the number in its bar. Refused: every reason, 200."""
    account = account_in_silence(request, reference)
    form, now = StartCallForm(_sisters(account, request), request.POST), clock.now()
    if not form.is_valid():
        return _not_begun(request, account, Refused("call_needs_number"))
    point = get_object_or_404(ContactPoint, pk=form.cleaned_data["contact_point"], party__accounts=account)
    try:
        decision = start_call(
            account_ids=[account.pk, *form.cleaned_data["also"]],
            contact_point_id=point.pk,
            purpose=purpose_of_call(account, point, now=now),
            key=form.key,
            actor=request.user,
            now=now,
        )
    except Refused as refusal:
        return _not_begun(request, account, refusal)
    return redirect(_account_url(account)) if _has_contact(decision) else _refused(request, account, decision)


def _sisters(account: Account, request: HttpRequest) -> list[Account]:
    """The accounts that a call about this one may also speak of: those that are ours to collect."""
    people = account.parties.values("person_id")
    ours = Account.objects.visible_to(request.user).filter(state__in=OURS_TO_COLLECT)
    return list(ours.filter(parties__person_id__in=people).distinct())


def _has_contact(decision: PolicyDecision) -> bool:
    return hasattr(decision, "contact")


def _refused(request: HttpRequest, account: Account, decision: PolicyDecision) -> HttpResponse:
    """The account page again, with every reason at its head."""
    page = page_in_silence(request, account.reference)
    ground = "account/silent.html" if page.silence else "account/page.html"
    context = {"page": page, "account": page.account, "next_form": PageForm(), "ground": ground}
    return render(request, "contact/refused.html", context | refused_contact(decision, now=clock.now()))


def _not_begun(request: HttpRequest, account: Account, refusal: Refused) -> HttpResponse:
    opens = Account.objects.visible_to(request.user).filter(pk=account.pk).exists()
    context = {"account": account, "refusal": refusal, "opens": opens}
    return render(request, "contact/not_begun.html", context, status=409)


def _account_url(account: Account) -> str:
    return reverse("account", args=[account.reference])


@login_required
@require_POST
def inbound(request: HttpRequest, reference: str) -> HttpResponse:
    """Somebody called about this account. Any agent may serve any caller; it is written down."""
    account = get_object_or_404(Account.objects.live(), reference=reference)
    form = CallerForm(request.POST)
    if not form.is_valid():
        return _not_begun(request, account, Refused("caller_role_unknown"))
    try:
        answer_caller(
            account_id=account.pk,
            caller_role=form.cleaned_data["role"],
            key=form.key,
            actor=request.user,
            now=clock.now(),
        )
    except Refused as refusal:
        return _not_begun(request, account, refusal)
    return redirect(_account_url(account))


def _own_contact(request: HttpRequest, contact_id: int) -> Contact:
    own = Contact.objects.filter(agent=request.user, channel="call").select_related("party", "contact_point")
    return get_object_or_404(own, pk=contact_id)


@login_required
@require_GET
def contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """The contact by itself: what it is about and its bar; or how it ended, which is history like the rest."""
    bar = CallBar(_own_contact(request, contact_id), request)
    if bar.contact.wrapped_up_at:
        refuse_in_silence(request, *bar.accounts)
    return render(request, "contact/page.html", {"contact": bar.contact, "accounts": bar.accounts})


@login_required
@require_POST
def verify(request: HttpRequest, contact_id: int) -> HttpResponse:
    """All answers together: match or no match. An answer that can't be read is asked for again and isn't a try."""
    bar = CallBar(_own_contact(request, contact_id), request)
    form = VerifyForm(bar.verification.questions, request.POST, prefix="verify")
    if not form.is_valid():
        bar.verify_form = form
        return _page_with(request, bar)
    try:
        attempt = try_verification(contact_id=contact_id, answers=form.answers, actor=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        _tell_match(request, attempt.matched)
    return _go(request, redirect(_back(request, bar)))


def _tell_match(request: HttpRequest, matched: bool) -> None:
    if matched:
        messages.success(request, _("Match: this is the person. You may speak about the account."))
    else:
        messages.error(request, _("No match. Say nothing about a debt."))


def _back(request: HttpRequest, bar: CallBar) -> str:
    """Where the bar was used; only addresses of our own are believed."""
    return page_to_open(request, request.POST.get("back", "")) or _account_url(bar.accounts[0])


def _page_with(request: HttpRequest, bar: CallBar, refusal: Refused | None = None) -> HttpResponse:
    """The bar with what is wrong in it: swapped in place, or on the contact's own page."""
    template = "contact/_call_bar.html" if wants_partial(request) else "contact/page.html"
    context = {"call_bar": bar, "refusal": refusal, "contact": bar.contact, "accounts": bar.accounts}
    response = render(request, template, context, status=422)
    patch_vary_headers(response, ["HX-Request"])
    return response


@login_required
@require_POST
def hung_up(request: HttpRequest, contact_id: int) -> HttpResponse:
    bar = CallBar(_own_contact(request, contact_id), request)
    hang_up(contact_id=contact_id, actor=request.user, now=clock.now())
    return redirect(_back(request, bar))


@login_required
@require_POST
def wrap_up(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Save the outcome with all that follows, then the next account or the same one. Refused: nothing is saved."""
    bar = CallBar(_own_contact(request, contact_id), request)
    bar.form = WrapUpForm(bar, request.POST)
    if not bar.form.is_valid():
        return _page_with(request, bar)
    try:
        done = finish_call(
            contact_id=contact_id,
            wrap_up=bar.form.wrap_up,
            promise=bar.form.promise,
            key=bar.form.key,
            actor=request.user,
            now=clock.now(),
        )
    except Refused as refusal:
        return _page_with(request, bar, refusal)
    messages.success(request, _("Saved: %(outcome)s.") % {"outcome": done.outcome.label})
    return _go(request, redirect(_account_url(bar.accounts[0])) if "stay" in request.POST else next_account(request))


def _go(request: HttpRequest, onward: HttpResponse) -> HttpResponse:
    """A whole page follows, also where a script sent the form."""
    if wants_partial(request):
        return HttpResponse(status=204, headers={"HX-Redirect": onward["Location"]})
    return onward
