"""Every address of the product."""

from django.contrib import admin
from django.urls import path

from collections_crm.pages.health import health

urlpatterns = [
    path("health", health, name="health"),
    path("admin/", admin.site.urls),
]
