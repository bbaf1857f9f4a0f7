"""Going back to where somebody was: only to pages of ours, and only to such as can be opened by their address."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

View = Callable[..., Any]


def page_to_open(request: HttpRequest, address: str) -> str:
    """The address, if it is ours and may be opened; the account's, if it only took a form about one; else nothing."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return ""
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return ""
    if "GET" in methods_of(match.func):
        return address
    reference = match.kwargs.get("reference")
    return reverse("account", args=[reference]) if reference else ""


def methods_of(view: View) -> set[str]:
    """The methods that a view answers, as `require_http_methods` and its like were told; every one without them."""
    answered = {"GET", "HEAD", "POST"}
    for layer in _layers(view):
        asked = inspect.getclosurevars(layer).nonlocals.get("request_method_list")
        answered &= set(asked) if asked else answered
    return answered


def _layers(view: View | None) -> Iterator[View]:
    """A view with each of its decorators, the outermost first."""
    while view is not None:
        if inspect.isfunction(view):
            yield view
        view = getattr(view, "__wrapped__", None)
