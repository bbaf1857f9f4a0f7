"""What is said when a page can't be given."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import server_error

WAIT_SECONDS = 30


@requires_csrf_token
def broken(request: HttpRequest) -> HttpResponse:
    """503 while the database can't be reached, has no room, or is shutting down; 500 for any fault of ours.

    The first passes by itself and asks for patience: whoever sends the form again then loses nothing.
    """
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return server_error(request)
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": str(WAIT_SECONDS)})
