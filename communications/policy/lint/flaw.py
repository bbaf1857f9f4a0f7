"""One thing that is wrong with a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong, as a code; the rule; and what fills the sentence."""

    code: str
    rule: str
    values: Mapping[str, Any] = field(default_factory=dict)
