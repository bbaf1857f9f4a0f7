"""Setting up, or giving up, the second step of one's own log-in."""

from __future__ import annotations

from base64 import b32encode
from io import BytesIO

import qrcode
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_otp import login as otp_login
from qrcode.image.svg import SvgPathFillImage

from accounts.foundation import clock
from accounts.services.two_step import begin_two_step, confirm_two_step, end_two_step
from collections_crm.pages.log_in_forms import CodeForm, FirstCodeForm


@login_required
@require_http_methods(["GET", "POST"])
def two_step(request: HttpRequest) -> HttpResponse:
    """Shows the picture to scan until a code has confirmed it; afterwards the way to switch it off."""
    device = begin_two_step(user_id=request.user.pk)
    form = FirstCodeForm(device, request.POST or None)
    if not device.confirmed and form.is_valid():
        confirm_two_step(user_id=request.user.pk, device_id=device.pk)
        otp_login(request, device)
        messages.success(request, _("Two-step log-in is on."))
        return redirect("two-step")
    off_form = CodeForm(request.user)
    shown = {"device": device, "form": form, "off_form": off_form, "secret": b32encode(device.bin_key).decode()}
    return render(request, "people/two_step.html", shown)


@login_required
@require_GET
def two_step_picture(request: HttpRequest) -> HttpResponse:
    device = begin_two_step(user_id=request.user.pk)
    if device.confirmed:
        return HttpResponse(status=404)
    picture = BytesIO()
    qrcode.make(device.config_url, image_factory=SvgPathFillImage, box_size=16).save(picture)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@login_required
@require_POST
def two_step_off(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.user, request.POST)
    if form.is_valid():
        end_two_step(user_id=request.user.pk, actor=request.user, now=clock.now())
        messages.success(request, _("Two-step log-in is off."))
        return redirect("two-step")
    device = begin_two_step(user_id=request.user.pk)
    return render(request, "people/two_step.html", {"device": device, "off_form": form})
