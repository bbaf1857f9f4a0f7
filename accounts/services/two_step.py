"""The second step of a person's log-in: an authenticator app (TOTP). An admin removes a lost one in the admin."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.foundation.events import record
from accounts.foundation.users import User


@transaction.atomic
def begin_two_step(*, user_id: int) -> TOTPDevice:
    """The person's device, confirmed or not; made on the first call, the same one afterwards."""
    devices = TOTPDevice.objects.select_for_update().filter(user_id=user_id)
    return devices.order_by("-confirmed", "pk").first() or TOTPDevice.objects.create(
        user_id=user_id, name="app", confirmed=False
    )


@transaction.atomic
def confirm_two_step(*, user_id: int, device_id: int) -> None:
    """From now on the person is asked for a code at log-in. The caller has seen a right code of this device."""
    TOTPDevice.objects.filter(pk=device_id, user_id=user_id).update(confirmed=True)


@transaction.atomic
def end_two_step(*, user_id: int, actor: User, now: datetime) -> None:
    """The password alone is enough again. The secret is forgotten: a later set-up makes another.

    A device that was in use leaves an event: it says whose log-in became weaker, when, and by whom.
    """
    devices = TOTPDevice.objects.select_for_update().filter(user_id=user_id)
    was_asked_for = any(device.confirmed for device in devices)
    devices.delete()
    if was_asked_for:
        record("user.two_step_removed", subject=User.objects.get(pk=user_id), actor=actor, at=now)
