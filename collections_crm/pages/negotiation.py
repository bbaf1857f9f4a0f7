"""The workbench of an account, and the offers that come from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.htmx import wants_partial
from accounts.foundation.purposes import Purpose
from accounts.foundation.receipts import once
from accounts.models import Account
from accounts.services.accounts import today_of
from arrangements.models import Acceptance, Arrangement, ArrangementState, Escalation
from arrangements.selectors.alternatives import Alternative, alternatives
from arrangements.selectors.budgets import budget_of
from arrangements.selectors.promises import verified_contact
from arrangements.services.asking import ask_offer
from arrangements.services.offers import accept_offer, make_offer, turn_down_offer
from collections_crm.pages.asked import tell_asked
from collections_crm.pages.door import open_account, open_record
from collections_crm.pages.message_forms import WayForm
from collections_crm.pages.negotiation_forms import AcceptForm, AskOfferForm, TurnDownForm, WishForm
from collections_crm.pages.roles import for_roles
from collections_crm.selectors.message_preview import message_preview
from collections_crm.selectors.offers import asked_and_forbidden, offer_page, standing_offers, titled
from collections_crm.selectors.signs import signs_of
from collections_crm.services.agreement_pdf import agreement_pdf
from collections_crm.services.offer_messages import preview, send_offer, what_to_tell
from collections_crm.ui.forms import PageForm
from collections_crm.ui.words import civil
from communications.selectors.messages import written_ways
from communications.tasks import nudge_message

negotiates = for_roles("agent", "manager")


@negotiates
@require_http_methods(["GET", "POST"])
def negotiate(request: HttpRequest, reference: str) -> HttpResponse:
    """What the customer can do, and what could be agreed for it, worked out anew at each change. Changes nothing."""
    account, now = open_account(request, reference), clock.now()
    contact = verified_contact(request.user, account, now)
    budget = None if wants_partial(request) else budget_of(account, today_of(account, now))
    initial = {"affordable": budget.disposable} if budget and budget.disposable > 0 else {}
    form = WishForm(account, request.POST or None, now=now, initial=initial)
    columns: list[Alternative] = []
    asked, forbidden = asked_and_forbidden(account)
    if form.is_bound and form.is_valid():
        on_the_line = contact.pk if contact else None
        columns = alternatives(request.user, account, form.wish, now=now, contact_id=on_the_line, asked=asked)
    do, _colon, code = request.POST.get("do", "").partition(":")
    chosen = next((one for one in columns if one.code == code and one.terms), None)
    if chosen is not None and do in ACTS and (answer := _act(request, account, form, do, chosen)):
        return answer
    asking = code if do == "ask" else ""
    context = {"account": account, "form": form, "columns": titled(columns, account), "asking": asking}
    context |= {"asked": asked, "contact": contact, "forbidden": forbidden, "budget": budget}
    return _workbench(request, context)


def _workbench(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """As one types the columns alone; the page has what was offered before as well."""
    form = context["form"]
    context["ask_form"] = AskOfferForm(request.POST if "reason" in request.POST else None)
    part = wants_partial(request)
    template = "negotiation/partials/_columns.html" if part else "negotiation/workbench.html"
    if not part:
        context["offers"] = standing_offers(context["account"])
        context["signs"] = signs_of(context["account"], now=clock.now())
    status = 422 if form.is_bound and not form.is_valid() else 200
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _act(request: HttpRequest, account: Account, form: WishForm, do: str, chosen: Alternative) -> HttpResponse | None:
    """Offer, accept at once, or ask; None when the workbench is to be shown again."""
    try:
        return ACTS[do](request, account, form, chosen)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def _offer(request: HttpRequest, account: Account, form: WishForm, chosen: Alternative) -> HttpResponse:
    pk = _made(request, account, form, chosen, accepted=False)
    offer = Arrangement.objects.get(pk=pk)
    messages.success(request, _("Offered. It stands until %(day)s.") % {"day": civil(offer.expires_on)})
    return redirect("offer", pk)


def _offer_and_accept(request: HttpRequest, account: Account, form: WishForm, chosen: Alternative) -> HttpResponse:
    pk = _made(request, account, form, chosen, accepted=True)
    messages.success(request, _("Agreed. Nobody demands payment while it is kept."))
    return redirect("offer", pk)


def _made(request: HttpRequest, account: Account, form: WishForm, chosen: Alternative, *, accepted: bool) -> int:
    now = clock.now()
    given = {"account_id": account.pk, "party_id": form.cleaned_data["party"], "terms": chosen.terms}

    def effect() -> Arrangement:
        offer = make_offer(actor=request.user, now=now, **given)
        if accepted:
            contact_id = chosen.terms.contact_id if chosen.terms else None
            said = {"digest": offer.terms_digest, "how": Acceptance.VERBAL, "contact_id": contact_id}
            accept_offer(offer_id=offer.pk, actor=request.user, now=now, **said)
        return offer

    act = "offer.agree" if accepted else "offer.make"
    return once(key=form.key, act=f"{act}.{account.pk}", actor=request.user, at=now, effect=effect)[0]


def _ask(request: HttpRequest, account: Account, form: WishForm, chosen: Alternative) -> HttpResponse | None:
    """Without a reason yet, the workbench asks for it."""
    if "reason" not in request.POST:
        return None
    why = AskOfferForm(request.POST)
    if not why.is_valid():
        return None

    def effect() -> Escalation:
        return ask_offer(
            account_id=account.pk,
            party_id=form.cleaned_data["party"],
            terms=chosen.terms,
            reason=why.cleaned_data["reason"],
            note=why.cleaned_data["note"],
            actor=request.user,
            now=clock.now(),
        )

    act = f"offer.ask.{account.pk}"
    pk = once(key=form.key, act=act, actor=request.user, at=clock.now(), effect=effect)[0]
    asked = Escalation.objects.select_related("approval__account").get(pk=pk).approval
    tell_asked(request, asked, _("Sent to a manager. Tell the customer that it isn't agreed yet."))
    return redirect("escalation", pk)


Act = Callable[[HttpRequest, Account, WishForm, Alternative], "HttpResponse | None"]
ACTS: dict[str, Act] = {"offer": _offer, "accept": _offer_and_accept, "ask": _ask}


def _visible(request: HttpRequest) -> QuerySet[Arrangement]:
    accounts = Account.objects.visible_to(request.user)
    return Arrangement.objects.filter(account__in=accounts).select_related("account__portfolio__product", "party")


def _offer_response(request: HttpRequest, offer: Arrangement, *, status: int = 200, **forms: Any) -> HttpResponse:
    page = offer_page(request.user, offer, now=clock.now())
    context = {
        "page": page,
        "offer": offer,
        "account": offer.account,
        "accept_form": AcceptForm(initial={"digest": offer.terms_digest, "how": page.usual_how}, offer=offer),
        "turn_down_form": TurnDownForm(prefix="no"),
        **forms,
    }
    return render(request, "negotiation/offer.html", context, status=status)


@login_required
@require_GET
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """One arrangement: its exact terms, its payments and how they stand, what to say, and what may be done."""
    return _offer_response(request, open_record(request, _visible(request), pk))


@negotiates
@require_GET
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """The terms as a document to be signed, in the customer's language."""
    found = open_record(request, _visible(request), pk)
    response = HttpResponse(agreement_pdf(found), content_type="application/pdf")
    name = f"{found.account.reference}-{found.pk}.pdf"
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


@negotiates
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the offer with a link to accept it, or the confirmation of what was agreed, shown before."""
    found = open_record(request, _visible(request), pk)
    now, told_as = clock.now(), what_to_tell(found)
    ways = [way for way in written_ways(found.account, now) if way.point.party_id == found.party_id]
    form = WayForm(ways, request.POST or None)
    context: dict[str, Any] = {"offer": found, "account": found.account, "form": form, "told_as": told_as}
    if form.is_bound and form.is_valid():
        try:
            if "send" in request.POST:
                return _sent(request, found, form)
            words = preview(found, form.way.point, form.way.channel)
            context["preview"] = message_preview(found.account_id, form.way, Purpose.CONFIRMATION, words, now=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "negotiation/send.html", context, status=422 if form.errors else 200)


def _sent(request: HttpRequest, offer: Arrangement, form: WayForm) -> HttpResponse:
    where = {"contact_point_id": form.way.point.pk, "channel": form.way.channel}
    given = {"offer_id": offer.pk, "actor": request.user, "now": clock.now(), "key": str(form.key)}
    nudge_message(send_offer(**where, **given).pk)
    messages.success(
        request, _("In line. The gate judges it when it is sent; what became of it stands in the timeline.")
    )
    return redirect("offer", offer.pk)


@negotiates
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer accepts exactly what the page showed."""
    found = open_record(request, _visible(request), pk)
    form = AcceptForm(request.POST, offer=found)

    def effect() -> None:
        contact = verified_contact(request.user, found.account, clock.now())
        said = {"digest": form.cleaned_data["digest"], "how": form.cleaned_data["how"]}
        on = {"contact_id": contact.pk if contact else None, "paper_id": form.cleaned_data["paper"]}
        accept_offer(offer_id=pk, actor=request.user, now=clock.now(), **said, **on)

    done = _("Agreed. Nobody demands payment while it is kept.")
    return _answered(request, found, "accept_form", form, effect, done)


@negotiates
@require_POST
def turn_down(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = open_record(request, _visible(request), pk), TurnDownForm(request.POST, prefix="no")

    def effect() -> None:
        turn_down_offer(offer_id=pk, reason=form.cleaned_data["reason"], actor=request.user, now=clock.now())

    return _answered(request, found, "turn_down_form", form, effect, _("Noted: the offer is off the table."))


def _answered(
    request: HttpRequest, offer: Arrangement, name: str, form: PageForm, effect: Callable[[], None], done: str
) -> HttpResponse:
    """Back to the offer once the answer is kept; else its page again, with what is wrong in the form of that name."""
    if form.is_valid():
        try:
            effect()
        except Refused as refusal:
            form.add_error(None, str(refusal))
            offer.refresh_from_db(fields=["state"])
            if offer.state != ArrangementState.OFFERED:
                # Its page has no form left in which the refusal could stand.
                messages.warning(request, str(refusal))
        else:
            messages.success(request, done)
            return redirect("offer", offer.pk)
    return _offer_response(request, offer, status=422, **{name: form})
