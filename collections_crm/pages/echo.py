"""What an amount or a day was understood as, while it is being typed. Nothing is kept."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from collections_crm.ui import words
from collections_crm.ui.fields import today_in
from collections_crm.ui.reading import read_amount, read_day


@login_required
@require_POST
def echo(request: HttpRequest) -> HttpResponse:
    """Plain text: the amount or day in words, or with status 422 what is wrong with it."""
    try:
        understood = _understood(request.POST)
    except ValidationError as error:
        return HttpResponse(" ".join(error.messages), status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse(understood, content_type="text/plain; charset=utf-8")


def _understood(asked) -> str:
    value = asked.get("value", "")[:40]
    if asked.get("kind") == "money":
        amount, currency = read_amount(value), asked.get("currency", "")
        return words.money_in_words(amount, currency) if currency else words.figure(amount)
    today = today_in(asked.get("zone", ""))
    return words.civil_in_words(read_day(value, today, past=asked.get("direction") == "past"), today)
