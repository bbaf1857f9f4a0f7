"""Asking a worker to look now. The row is the truth and waits: a nudge that is lost costs time, never work."""

from __future__ import annotations

import logging
from typing import Any

from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def nudge(task: Any, *args: Any) -> None:
    """Ask a worker to run the task now. A broker that is away is no reason to fail: the sweep finds the row."""
    try:
        task.delay(*args)
    except OperationalError:
        logger.warning("no worker could be asked for %s%s; the sweep will", task.name, args)
