"""Settings from the environment. A value that makes no sense stops the start with one plain sentence."""

import os
from datetime import datetime
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """The variable, or the content of the file that NAME_FILE points at."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default).strip()


def required(name: str) -> str:
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} must be set.")
    return value


def flag(name: str, default: bool = False) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value in TRUE


def whole(name: str, default: int, *, least: int = 0) -> int:
    value = text(name, str(default))
    if not value.removeprefix("-").isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}, not {value!r}.")
    return int(value)


def choice(name: str, default: str, options: set[str]) -> str:
    value = text(name, default)
    if value not in options:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(sorted(options))}, not {value!r}.")
    return value


def listed(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def instant(name: str) -> datetime | None:
    """An ISO 8601 instant with its offset from UTC, or None when the variable is not set."""
    value = text(name)
    if not value:
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be an ISO 8601 instant, not {value!r}.") from error
    if read.tzinfo is None:
        raise ImproperlyConfigured(f"{name} must say its offset from UTC, such as {value}+00:00.")
    return read
