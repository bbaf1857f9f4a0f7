"""The page behind a link in a message: the customer proves who they are, reads what is offered or agreed, and answers.

Nobody is logged in here. Before the proof the page tells nothing of a debt; three wrong answers a day close it, and
the questions of a call with it. What our own people open shows them that it isn't theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.foundation import clock, days
from accounts.foundation.errors import Refused
from arrangements.models import Arrangement, ArrangementState, OfferMessage
from arrangements.services.agreeing import Terms
from arrangements.services.offers import accept_by_link, turn_down_by_link
from collections_crm.pages.contact_forms import VerifyForm
from collections_crm.selectors.offers import sentences_of
from collections_crm.services.agreement_pdf import agreement_pdf, duties_of
from collections_crm.services.offer_messages import send_offer
from communications.selectors.verification import TRIES_A_DAY, failures_on, questions_for, was_proved
from communications.services.links import message_of
from communications.services.verification import try_on_page
from communications.tasks import nudge_message

CustomerView = Callable[[HttpRequest, str, OfferMessage], HttpResponse]


def _of_customer(view: CustomerView) -> Callable[..., HttpResponse]:
    """Find what the link is about, in the customer's language; 404 for a link that we never wrote."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        message = message_of(token)
        related = ("arrangement__account__portfolio__product", "arrangement__party", "message__contact__party")
        told = OfferMessage.objects.select_related(*related).filter(message=message).first() if message else None
        if told is None or told.message.contact is None:
            raise Http404
        with translation.override(told.arrangement.party.language):
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
            if request.user.is_authenticated:
                return render(request, "customer/ours.html", status=403)
            return view(request, token, told)

    return never_cache(wrapped)


@require_http_methods(["GET", "POST"])
@_of_customer
def customer_offer(request: HttpRequest, token: str, told: OfferMessage) -> HttpResponse:
    """The questions, or once they are answered the terms."""
    if _has_proved(request, told):
        return _terms(request, token, told)
    asked = questions_for(told.message.contact, told.arrangement.account)
    today = days.civil_day(clock.now(), told.arrangement.account.portfolio.zone)
    if not asked.can_pass or failures_on(told.arrangement.party_id, today) >= TRIES_A_DAY:
        return _closed(request)
    form = VerifyForm(asked.codes, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            attempt = try_on_page(message_id=told.message_id, answers=form.answers, now=clock.now())
        except Refused:
            return _closed(request)
        if attempt.matched:
            request.session[_mark(told)] = attempt.pk
            return redirect("customer-offer", token)
        form.add_error(None, _("That doesn't match what we have. Please look at it once more."))
    return render(request, "customer/questions.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@_of_customer
def customer_answer(request: HttpRequest, token: str, told: OfferMessage) -> HttpResponse:
    """Yes or no, to exactly the terms that the page showed."""
    if not _has_proved(request, told):
        return redirect("customer-offer", token)
    about: dict[str, Any] = {"message_id": told.message_id, "try_id": request.session[_mark(told)], "now": clock.now()}
    try:
        if request.POST.get("answer") == "yes":
            accept_by_link(digest=request.POST.get("digest", ""), **about)
            _confirm(told)
        elif request.POST.get("answer") == "no":
            turn_down_by_link(**about)
    except Refused:
        told.arrangement.refresh_from_db(fields=["state"])
        return _terms(request, token, told, failed=True)
    return redirect("customer-offer", token)


@require_GET
@_of_customer
def customer_agreement(request: HttpRequest, token: str, told: OfferMessage) -> HttpResponse:
    """The document, for who proved to be the customer."""
    if not _has_proved(request, told):
        return redirect("customer-offer", token)
    response = HttpResponse(agreement_pdf(told.arrangement), content_type="application/pdf")
    name = f"{told.arrangement.account.reference}-{told.arrangement_id}.pdf"
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _confirm(told: OfferMessage) -> None:
    """What was accepted is confirmed by the same way; once, however often the form comes."""
    message = told.message
    where = {"contact_point_id": message.contact_point_id, "channel": message.channel}
    sent = send_offer(offer_id=told.arrangement_id, actor=None, now=clock.now(), key=f"link:{message.pk}", **where)
    nudge_message(sent.pk)


def _mark(told: OfferMessage) -> str:
    return f"proved:{told.message_id}"


def _has_proved(request: HttpRequest, told: OfferMessage) -> bool:
    attempt = request.session.get(_mark(told))
    return was_proved(told.message, told.arrangement.party_id, attempt, clock.now())


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "customer/closed.html", status=403)


def _terms(request: HttpRequest, token: str, told: OfferMessage, *, failed: bool = False) -> HttpResponse:
    offer: Arrangement = told.arrangement
    account = offer.account
    today = days.civil_day(clock.now(), account.portfolio.zone)
    context = {
        "token": token,
        "offer": offer,
        "account": account,
        "payments": Terms.of(offer).payments,
        "sentences": sentences_of(Terms.of(offer), account),
        "duties": duties_of(offer),
        "is_open": offer.state == ArrangementState.OFFERED and (offer.expires_on or today) >= today,
        "is_agreed": offer.is_live or offer.state == ArrangementState.COMPLETED,
        "failed": failed,
    }
    return render(request, "customer/terms.html", context, status=409 if failed else 200)
