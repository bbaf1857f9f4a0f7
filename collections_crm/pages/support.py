"""What people told about their health and life: that it exists, for who works the account; its text, for few."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.receipts import once
from accounts.models import Account, AccountParty, ConsentWay, SensitiveBasis, SensitiveKind, SupportNeed
from accounts.services.sensitive_notes import (
    ReadingReason,
    SensitiveSaid,
    may_read,
    read_sensitive_note,
    write_sensitive_note,
)
from collections_crm.pages.door import open_account
from collections_crm.pages.roles import for_roles
from collections_crm.selectors.support import sensitive_notes_about
from collections_crm.ui.erased import name_of
from collections_crm.ui.forms import PageForm

knows_of_support = for_roles("agent", "manager", "compliance")


class SupportForm(PageForm):
    """Who, what about, what they need, what they told, and why it may be kept. Kept in no draft."""

    party = forms.TypedChoiceField(label=_("whose"), coerce=int)
    category = forms.ChoiceField(label=_("about"), choices=SensitiveKind.choices)
    support_need = forms.ChoiceField(
        label=_("support need"), choices=SupportNeed.choices, help_text=_("Everybody who works the account sees this.")
    )
    text = forms.CharField(
        label=_("what was told"),
        max_length=4000,
        widget=forms.Textarea,
        help_text=_("Compliance and specialists read this, and you; each reading is written down."),
    )
    basis = forms.ChoiceField(label=_("why we may keep it"), choices=SensitiveBasis.choices)
    consent_way = forms.ChoiceField(
        label=_("how they agreed"),
        choices=[("", "---------"), *ConsentWay.choices],
        required=False,
        help_text=_("Only where they agreed."),
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = AccountParty.objects.filter(account=account).select_related("party").order_by("pk")
        self.fields["party"].choices = [
            (role.party_id, f"{name_of(role.party)} ({role.get_role_display()})") for role in people
        ]

    @property
    def said(self) -> SensitiveSaid:
        given = self.cleaned_data
        return SensitiveSaid(
            **{name: given[name] for name in ("category", "support_need", "text", "basis", "consent_way")}
        )


class ReadForm(PageForm):
    takes_key = False
    reason = forms.ChoiceField(label=_("Why do you need to read it?"), choices=ReadingReason.choices)


@knows_of_support
@require_http_methods(["GET", "POST"])
def support(request: HttpRequest, reference: str) -> HttpResponse:
    """The notes without their text, and the form to write one."""
    account = open_account(request, reference)
    form = SupportForm(request.POST or None, account=account)
    if form.is_bound and form.is_valid() and _written(request, account, form):
        messages.success(request, _("Kept apart from the other notes."))
        return redirect("account-support", reference)
    notes = [(note, may_read(request.user, note)) for note in sensitive_notes_about(account)]
    context = {"account": account, "notes": notes, "form": form}
    return render(request, "account/support.html", context, status=422 if form.errors else 200)


def _written(request: HttpRequest, account: Account, form: SupportForm) -> bool:
    now = clock.now()

    def effect() -> Any:
        who = {"actor": request.user, "now": now}
        return write_sensitive_note(account_id=account.pk, party_id=form.cleaned_data["party"], said=form.said, **who)

    try:
        once(key=form.key, act="account.support", actor=request.user, at=now, effect=effect)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@knows_of_support
@require_http_methods(["GET", "POST"])
def support_text(request: HttpRequest, reference: str, note_id: int) -> HttpResponse:
    """Why it is to be read, then the text. 403 for who may not; nothing is kept of it in the browser."""
    account = open_account(request, reference)
    note = get_object_or_404(sensitive_notes_about(account), pk=note_id)
    if not may_read(request.user, note):
        raise PermissionDenied
    form = ReadForm(request.POST or None)
    context: dict[str, Any] = {"account": account, "note": note, "form": form}
    if form.is_bound and form.is_valid():
        try:
            context["told"] = read_sensitive_note(
                note_id=note.pk,
                account_id=account.pk,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                now=clock.now(),
            ).text
        except Refused as refusal:
            form.add_error(None, str(refusal))
    response = render(request, "account/support_text.html", context, status=422 if form.errors else 200)
    response.headers["Cache-Control"] = "no-store"
    return response
