"""What the text provider tells us: how a text fared, and what customers write. Believed only with its signature."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from twilio.request_validator import RequestValidator

from accounts.foundation import clock
from communications.services.messages import record_delivery
from communications.services.received_texts import receive_text


def _signed(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """403 to whoever doesn't hold the account's token."""

    @csrf_exempt
    @require_POST
    def checked(request: HttpRequest) -> HttpResponse:
        signature = request.headers.get("X-Twilio-Signature", "")
        validator = RequestValidator(settings.SMS_TOKEN)
        if not validator.validate(request.build_absolute_uri(), request.POST.dict(), signature):
            return HttpResponse("signature refused", status=403, content_type="text/plain")
        return view(request)

    return checked


@_signed
def text_status(request: HttpRequest) -> HttpResponse:
    reference, status = request.POST.get("MessageSid", ""), request.POST.get("MessageStatus", "")
    if reference:
        record_delivery(provider_reference=reference, status=status, now=clock.now())
    return HttpResponse(status=204)


@_signed
def text_inbound(request: HttpRequest) -> HttpResponse:
    receive_text(
        sender=request.POST.get("From", ""),
        body=request.POST.get("Body", ""),
        provider_reference=request.POST.get("MessageSid", ""),
        now=clock.now(),
    )
    return HttpResponse(status=204)
