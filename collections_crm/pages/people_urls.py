"""Addresses of log-in and of what a person chooses for themselves."""

from django.conf import settings
from django.contrib.auth.views import LogoutView, PasswordChangeView
from django.urls import path, reverse_lazy

from collections_crm.pages.drafts import draft
from collections_crm.pages.echo import echo
from collections_crm.pages.log_in import log_in, log_in_again, log_in_code
from collections_crm.pages.log_in_forms import ChangePasswordForm
from collections_crm.pages.preferences import language, single_keys, stay
from collections_crm.pages.styleguide import styleguide
from collections_crm.pages.two_step import two_step, two_step_off, two_step_picture
from collections_crm.pages.who_looked import reveals

change_password = PasswordChangeView.as_view(
    template_name="people/change_password.html",
    form_class=ChangePasswordForm,
    success_url=reverse_lazy("password_change_done"),
)
password_changed = PasswordChangeView.as_view(
    template_name="people/password_changed.html", form_class=ChangePasswordForm, http_method_names=["get"]
)

urlpatterns = [
    path("login/", log_in, name="login"),
    path("login/code/", log_in_code, name="login-code"),
    path("login/again/", log_in_again, name="login-again"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", change_password, name="password_change"),
    path("password/changed/", password_changed, name="password_change_done"),
    path("two-step/", two_step, name="two-step"),
    path("two-step/picture.svg", two_step_picture, name="two-step-picture"),
    path("two-step/off/", two_step_off, name="two-step-off"),
    path("language/", language, name="language"),
    path("keys/", single_keys, name="single-keys"),
    path("stay/", stay, name="session-stay"),
    path("reveals/", reveals, name="reveals"),
    path("echo/", echo, name="echo"),
    path("drafts/<str:key>/", draft, name="draft"),
]

if settings.DEBUG or settings.DEMO:
    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
