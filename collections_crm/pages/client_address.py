"""From which machine a request came: what guessing passwords is counted by."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The client's address, seen through as many proxies of our own as `TRUSTED_PROXIES` says.

    Each of them adds to the right of `X-Forwarded-For` whom it was asked by. What stands further left was sent by the
    client and may be anything: a guesser would give himself a new address for every try.
    """
    count: int = settings.TRUSTED_PROXIES
    passed_on = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if 0 < count <= len(passed_on) and _is_address(passed_on[-count]):
        return passed_on[-count]
    return request.META.get("REMOTE_ADDR") or None


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
