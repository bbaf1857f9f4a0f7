"""The one door to an account. Every page that shows or does something on one finds it here.

By object permission, a stranger's is 404; and closed while its person has not been verified, whoever asks (403, with
nothing of the account but its reference). What may be done in that silence, the call itself, says so by its name.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.defaults import permission_denied

from accounts.foundation import clock
from accounts.foundation.htmx import wants_partial
from accounts.models import Account
from accounts.services.reveals import note_access
from collections_crm.selectors.account_page import accounts_to_open
from communications.selectors.open_contact import Silence, silence_for

Record = TypeVar("Record", bound=Model)


class VerifyFirst(PermissionDenied):
    """Nobody has been verified: nothing of this account is shown or changed."""

    def __init__(self, account: Account, silence: Silence) -> None:
        super().__init__(account.reference)
        self.account, self.silence = account, silence


def open_account(request: HttpRequest, reference: str) -> Account:
    """The account of this reference; 404 for a stranger's, `VerifyFirst` while it is silent."""
    account = account_in_silence(request, reference)
    refuse_in_silence(request, account)
    note_opened(request, account)
    return account


def account_in_silence(request: HttpRequest, reference: str) -> Account:
    """The same also while nobody is verified: only for pages that then show nothing of it, and for calls."""
    return get_object_or_404(accounts_to_open(request.user), reference=reference)


def open_record(request: HttpRequest, records: QuerySet[Record], pk: int) -> Record:
    """One of the records that this person may see, by way of its account if it is about one."""
    record: Any = get_object_or_404(records, pk=pk)
    if record.account is not None:
        refuse_in_silence(request, record.account)
        note_opened(request, record.account)
    return record


def note_opened(request: HttpRequest, *accounts: Account) -> None:
    """Write down who opened which page of these accounts. What is posted leaves its own record."""
    if request.method == "GET" and request.resolver_match:
        page = request.resolver_match.url_name or ""
        note_access(account_ids=[one.pk for one in accounts], page=page, actor=request.user, now=clock.now())


def refuse_in_silence(request: HttpRequest, *accounts: Account) -> None:
    """Raises `VerifyFirst` for the first of these accounts whose person has to be verified."""
    now = clock.now()
    for account in accounts:
        if silence := silence_for(request.user, account, now):
            raise VerifyFirst(account, silence)


def closed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What a 403 says: here that somebody has to be verified, elsewhere the usual."""
    if not isinstance(exception, VerifyFirst):
        return permission_denied(request, exception)
    part, page = "account/partials/_verify_first.html", "account/verify_first.html"
    context = {"account": exception.account, "silence": exception.silence}
    response = render(request, part if wants_partial(request) else page, context, status=403)
    patch_vary_headers(response, ["HX-Request"])
    return response
