"""Tells Django which admin site is ours. Read before any model exists, so it imports none."""

from django.contrib.admin.apps import AdminConfig


class CollectionsAdminConfig(AdminConfig):
    """Django's admin with our site."""

    default_site = "collections_crm.admin_site.CollectionsAdminSite"
