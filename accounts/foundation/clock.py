"""The one clock. Views, tasks and commands read it; services are given `now` or `on`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """The present instant in UTC: real, frozen (`FROZEN_NOW`) or shifted (`CLOCK_OFFSET`, seconds).

    Production settings refuse to start with either of the two, so there it is always real.
    """
    frozen: datetime | None = getattr(settings, "FROZEN_NOW", None)
    if frozen is not None:
        return frozen
    return timezone.now() + timedelta(seconds=getattr(settings, "CLOCK_OFFSET", 0))


def is_real() -> bool:
    return getattr(settings, "FROZEN_NOW", None) is None and not getattr(settings, "CLOCK_OFFSET", 0)
