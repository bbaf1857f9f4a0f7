"""Where a person's day begins."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.foundation.users import Role

FIRST_PAGES = {Role.FINANCE: "payments", Role.COMPLIANCE: "inbox", Role.ADMIN: "admin:index"}


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The queue for who works one or watches it; else the page of the role's own work."""
    return redirect(FIRST_PAGES.get(Role(request.user.role), "queue"))
