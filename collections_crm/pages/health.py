"""Is the house in order? Asked by a load balancer, a container runtime, and a worried operator."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collections_crm.selectors.health import house_health


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when pages can be served, 503 when not. Names of parts and their state only, never a secret or an address."""
    report = house_health()
    return JsonResponse(report.as_dict(), status=200 if report.serves_pages else 503)
