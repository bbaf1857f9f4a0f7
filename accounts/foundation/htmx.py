"""Whether a request wants a whole page or only the part that htmx will swap."""

from __future__ import annotations

from django.http import HttpRequest


# Boosted links and back-button restores send HX-Request too, and need the page.
def wants_partial(request: HttpRequest) -> bool:
    """True when htmx will swap the reply into a page already on screen."""
    asked = request.headers.get("HX-Request") == "true"
    return asked and "HX-Boosted" not in request.headers and "HX-History-Restore-Request" not in request.headers
