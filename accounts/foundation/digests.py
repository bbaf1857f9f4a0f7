"""Keyed digests: to prove that two things are the same without keeping either."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical(value: Any) -> str:
    """One text for one value: keys sorted, no spaces, amounts and dates written out."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def digest(value: Any) -> str:
    """SHA-256 over the canonical form, keyed with the installation's digest key, in hexadecimal (64 characters)."""
    return hmac.new(settings.DIGEST_KEY.encode(), canonical(value).encode(), hashlib.sha256).hexdigest()
