"""Cases that are taken step by step on a page of their own: which steps may be taken now, and taking one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.receipts import once
from accounts.foundation.users import Role
from collections_crm.ui.forms import PageForm

WHO_WORKS = frozenset({Role.AGENT, Role.MANAGER, Role.COMPLIANCE})


class StepForm(PageForm):
    """The form of one step about `case`. `given` is what its service takes besides the case, person and time."""

    def __init__(self, *args: Any, case: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case

    @property
    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "idempotency"}


class ReasonsForm(StepForm):
    """The reasons are the customer's letter: in their language, not ours."""

    reasons = forms.CharField(max_length=4000, widget=forms.Textarea)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_spanish = self.case.party.language.startswith("es")
        self.fields["reasons"].label = _("reasons, in Spanish") if in_spanish else _("reasons, in English")
        self.fields["reasons"].help_text = _("They are sent to the customer as they stand here.")


@dataclass(frozen=True)
class Step:
    """One thing that may be done with a case in some of its states: its form, its words, its service."""

    form: type[StepForm]
    title: str | Promise
    button: str | Promise
    done: str | Promise
    effect: Callable[..., Any]
    states: frozenset[str]
    roles: frozenset[str] = WHO_WORKS
    hurts: bool = False

    def may_be_taken(self, request: HttpRequest, state: str) -> bool:
        return state in self.states and request.user.role in self.roles


def steps_to_take(
    request: HttpRequest,
    steps: Mapping[str, Step],
    case: Any,
    *,
    tried: str = "",
    form: StepForm | None = None,
    sensible: Callable[[str], bool] = lambda code: True,
) -> list[tuple[str, Step, StepForm]]:
    """What this person may do with the case now, each with its form; the step just `tried` keeps the one that came."""
    return [
        (code, step, form if form is not None and code == tried else step.form(case=case, prefix=code))
        for code, step in steps.items()
        if step.may_be_taken(request, case.state) and sensible(code)
    ]


def step_of(request: HttpRequest, steps: Mapping[str, Step], name: str) -> Step:
    """404 for a step that there isn't for this person."""
    step = steps.get(name)
    if step is None or request.user.role not in step.roles:
        raise Http404
    return step


def taken(request: HttpRequest, step: Step, form: StepForm, act: str, **which: int) -> bool:
    """Take the step once, however often its form is sent; a refusal stands in the form."""

    def effect() -> Any:
        return step.effect(actor=request.user, now=clock.now(), **which, **form.given)

    try:
        once(key=form.key, act=act, actor=request.user, at=clock.now(), effect=effect)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def letter_response(pdf: bytes, case: Any, about: str) -> HttpResponse:
    """The letter of a case as a file, named for its account and what it is about."""
    response = HttpResponse(pdf, content_type="application/pdf")
    name = f"{case.account.reference}-{about}-{case.pk}.pdf"
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response
