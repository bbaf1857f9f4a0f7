"""Addresses of placing."""

from django.urls import path

from collections_crm.pages import placement_mapping, placements

urlpatterns = [
    path("", placements.placement_list, name="placement-list"),
    path("upload", placements.upload, name="placement-upload"),
    path("<int:placement_id>", placements.detail, name="placement-detail"),
    path("<int:placement_id>/mapping", placement_mapping.mapping, name="placement-mapping"),
    path("<int:placement_id>/confirm", placements.confirm, name="placement-confirm"),
    path("<int:placement_id>/cancel", placements.cancel, name="placement-cancel"),
    path("<int:placement_id>/rows/<str:result>", placements.rows, name="placement-rows"),
    path("<int:placement_id>/rejected.csv", placements.rejects, name="placement-rejects"),
]
