"""Nothing of an account is shown beside its own page while nobody in the open contact has been verified."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import Account
from communications.selectors.open_contact import silence_for


def verify_first(request: HttpRequest, account: Account | None) -> HttpResponse | None:
    """The way back to the account's page, which asks for the verification; None when the account may be shown."""
    if account is None or silence_for(request.user, account) is None:
        return None
    messages.warning(request, _("Verify the person first: nothing of this account is shown before."))
    return redirect("account", account.reference)
