"""Writing to customers, the line of messages, and the local mailbox where everything ends while nothing leaves."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings
from django.contrib import messages as says
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.receipts import once
from accounts.models import Account
from collections_crm.pages.door import open_account, open_record
from collections_crm.pages.message_forms import ResolveForm, WriteForm
from collections_crm.pages.roles import for_roles
from collections_crm.selectors.message_preview import MessagePreview, message_preview, without_link
from collections_crm.ui.paging import keyset_page
from communications.models import LocalMail, Message, MessageState
from communications.selectors.messages import (
    purposes_to_write,
    recent_messages,
    templates_to_choose,
    unconfirmed_messages,
    ways_as_judged,
    written_ways,
)
from communications.selectors.told_reasons import ToldReason, told_once, told_reasons
from communications.services.messages import cancel_message, queue_message, resolve_unconfirmed
from communications.services.templates import published_template
from communications.services.templates import render as rendered
from communications.tasks import nudge_message


@for_roles("agent", "manager")
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose a way and a message, see it as the customer will, put it in line. The gate judges when it is sent."""
    account = open_account(request, reference)
    ways = written_ways(account, clock.now())
    purposes, demand = purposes_to_write(account, ways, clock.now())
    if ways and not purposes:
        return render(
            request,
            "messages/not_to_write.html",
            {"account": account, "reasons": told_once(demand), "zone": account.portfolio.zone},
        )
    ways = ways_as_judged(ways, demand)
    chosen = next((way.value for way in ways if way.channel == request.GET.get("by")), "")
    initial = {"way": chosen} | request.GET.dict()
    form = WriteForm(ways, templates_to_choose(account, purposes), request.POST or None, initial=initial)
    context: dict[str, Any] = {"account": account, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            if "send" in request.POST:
                return _queue(request, account, form)
            context["preview"] = _preview(account, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "messages/write.html", context)


def _preview(account: Account, form: WriteForm) -> MessagePreview:
    way, now = form.way, clock.now()
    jurisdiction = account.portfolio.jurisdiction
    template = published_template(code=form.cleaned_data["template"], channel=way.channel, jurisdiction=jurisdiction)
    words = rendered(template, account=account, party=way.point.party, values={})
    return message_preview(account.pk, way, template.purpose, words, now=now)


def _queue(request: HttpRequest, account: Account, form: WriteForm) -> HttpResponse:
    now = clock.now()

    def effect() -> Message:
        message = queue_message(
            account_id=account.pk,
            contact_point_id=form.way.point.pk,
            channel=form.way.channel,
            template_code=form.cleaned_data["template"],
            values={},
            actor=request.user,
            now=now,
            dedupe_key=f"by-hand:{request.user.pk}:{form.key}",
        )
        nudge_message(message.pk)
        return message

    once(key=form.key, act="message.write", actor=request.user, at=now, effect=effect)
    says.success(request, _("In line. The gate judges it when it is sent; what became of it stands in the timeline."))
    return redirect("account", account.reference)


@login_required
@require_GET
def message_list(request: HttpRequest) -> HttpResponse:
    """What was written and what became of it; what waits for a person stands first."""
    page = keyset_page(recent_messages(request.user), order=["-id"], after=request.GET.get("after", ""))
    waiting = list(unconfirmed_messages(request.user)[:50])
    return render(request, "messages/list.html", {"page": page, "rows": page.rows, "waiting": waiting})


@login_required
@require_http_methods(["GET", "POST"])
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """One message exactly as it was sent; and, when nobody knows whether it went out, the question."""
    found = open_record(request, recent_messages(request.user), message_id)
    form = ResolveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            resolve_unconfirmed(
                message_id=found.pk, was_sent=form.cleaned_data["was_sent"], actor=request.user, now=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            says.success(request, _("Noted. The message is settled."))
            return redirect("message", found.pk)
    context = {"message": found, "body": without_link(found.body), "form": form, "why": _why_refused(found)}
    return render(request, "messages/detail.html", context)


def _why_refused(message: Message) -> list[ToldReason]:
    """What the gate had against it, in its own words."""
    refused = message.state == MessageState.REFUSED and message.decision
    return told_reasons(message.decision) if refused else []


@login_required
@require_POST
def message_cancel(request: HttpRequest, message_id: int) -> HttpResponse:
    found = open_record(request, recent_messages(request.user), message_id)
    ended = cancel_message(message_id=found.pk, reason="by_hand", actor=request.user, now=clock.now())
    if ended.state == "cancelled":
        says.success(request, _("The message was taken out of the line."))
    else:
        says.error(request, _("It had left the line already: nothing was changed."))
    return redirect("message", found.pk)


@for_roles("manager", "compliance", "admin")
@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    """What the mail server and the text provider would have received. Only there while nothing leaves the machine."""
    local_mail = settings.EMAIL_BACKEND.endswith("LocalMailboxBackend")
    context = {"mails": LocalMail.objects.all()[:100] if local_mail else [], "local_mail": local_mail}
    return render(request, "messages/mailbox.html", context | {"texts": _emulated_texts()})


def _emulated_texts() -> list[dict[str, Any]]:
    """The emulator's newest texts; none when it doesn't run or a real provider is used."""
    if "//127.0.0.1" not in settings.SMS_API_URL:
        return []
    try:
        with urllib.request.urlopen(f"{settings.SMS_API_URL}/texts?most=100", timeout=2) as answer:  # noqa: S310 - local
            return json.load(answer)["texts"]
    except (urllib.error.URLError, OSError):
        return []
