"""Names: how they are kept for search."""

from __future__ import annotations

import re
import unicodedata


def search_form(name: str) -> str:
    """A name as search sees it: no accents, lower case, letters and digits only, single spaces."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", plain.lower()).strip()
