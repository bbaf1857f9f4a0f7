"""Texts through a Twilio-compatible account: the real one, or the local emulator that speaks its API."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import requests
from django.conf import settings
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from communications.providers.answers import ProviderBusy, ProviderRefused

BUSY = {429, 500, 502, 503}


class RedirectedHttp(TwilioHttpClient):
    """Sends every request to the configured address, with the key that makes a repeat harmless."""

    def __init__(self, base: str, key: str) -> None:
        super().__init__(timeout=10)
        self._base, self._key = urlsplit(base), key

    def request(self, method, url, params=None, data=None, headers=None, *args, **kwargs):
        asked = urlsplit(url)
        url = urlunsplit((self._base.scheme, self._base.netloc, asked.path, asked.query, ""))
        headers = {**(headers or {}), "I-Twilio-Idempotency-Token": self._key}
        return super().request(method, url, params, data, headers, *args, **kwargs)


def send_text(*, to: str, body: str, key: str) -> str:
    """Hand one text over. Answers the provider's reference.

    Raises ProviderBusy when it took nothing for now, ProviderRefused when it never will. A connection that breaks after
    the request was sent raises as it is: nobody knows whether the text went out.
    """
    http = RedirectedHttp(settings.SMS_API_URL, key)
    client = Client(settings.SMS_ACCOUNT, settings.SMS_TOKEN, http_client=http)
    callback = {"status_callback": settings.SMS_STATUS_URL} if settings.SMS_STATUS_URL else {}
    try:
        sent = client.messages.create(to=to, from_=settings.SMS_FROM, body=body, **callback)
    except TwilioRestException as answer:
        if answer.status in BUSY:
            raise ProviderBusy(str(answer.status)) from answer
        raise ProviderRefused(f"provider_{answer.code}") from answer
    except requests.exceptions.ConnectTimeout as failure:
        raise ProviderBusy("no connection") from failure
    except requests.exceptions.ConnectionError as failure:
        if _never_connected(failure):
            raise ProviderBusy("no connection") from failure
        raise
    return str(sent.sid)


def _never_connected(failure: requests.exceptions.ConnectionError) -> bool:
    reason = getattr(failure.args[0], "reason", None) if failure.args else None
    return type(reason).__name__ == "NewConnectionError"
