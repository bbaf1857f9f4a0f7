"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path

from collections_crm.pages.health import health

handler403 = "collections_crm.pages.door.closed"
handler500 = "collections_crm.pages.errors.broken"

urlpatterns = [
    path("health", health, name="health"),
    path("", include("collections_crm.pages.people_urls")),
    path("", include("collections_crm.pages.contact_urls")),
    path("placements/", include("collections_crm.pages.placement_urls")),
    path("", include("collections_crm.pages.approvals_urls")),
    path("", include("collections_crm.pages.queue_urls")),
    path("accounts/", include("collections_crm.pages.account_urls")),
    path("", include("collections_crm.pages.privacy_urls")),
    path("", include("collections_crm.pages.money_urls")),
    path("", include("collections_crm.pages.message_urls")),
    path("", include("collections_crm.pages.trace_urls")),
    path("admin/", admin.site.urls),
]
