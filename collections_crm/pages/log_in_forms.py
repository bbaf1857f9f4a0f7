"""The forms with which people come in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_otp import match_token

from collections_crm.ui.forms import PageForm, PageFormMixin


class LogInForm(PageFormMixin, AuthenticationForm):
    takes_key = False
    refused_heading = _("Not logged in")


class ChangePasswordForm(PageFormMixin, PasswordChangeForm):
    """Another password, chosen by its owner: one that was given is no answer."""

    takes_key = False

    def clean_new_password1(self) -> str:
        chosen = self.cleaned_data["new_password1"]
        if self.user.password_is_given and self.user.check_password(chosen):
            raise ValidationError(_("Choose another one than the one that you were given."), code="given")
        return chosen

    def save(self, commit: bool = True) -> Any:
        self.user.password_is_given = False
        return super().save(commit)


class CodeForm(PageForm):
    """A code of the person's authenticator app. `device` is the one that made it."""

    takes_key = False
    refused_heading = _("Not logged in")
    code = forms.CharField(
        label=_("Code from your app"),
        max_length=8,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )

    def __init__(self, person: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.device = person, None

    def matching_device(self, code: str) -> Any:
        return match_token(self.person, code)

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].replace(" ", "")
        self.device = self.matching_device(code)
        if self.device is None:
            raise ValidationError(_("The code is not right. Wait for the next one and try again."), code="code")
        return code


class FirstCodeForm(CodeForm):
    """The code that proves that the app has read the picture: of this one device, not confirmed yet."""

    refused_heading = _("Not saved")

    def matching_device(self, code: str) -> Any:
        return self.person if self.person.verify_token(code) else None
