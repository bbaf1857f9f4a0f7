"""Addresses of finding a person."""

from django.urls import path

from collections_crm.pages import trace

urlpatterns = [
    path("accounts/<str:reference>/trace/", trace.trace, name="trace"),
    path("accounts/<str:reference>/trace/<int:candidate_id>/accept/", trace.accept, name="trace-accept"),
    path("accounts/<str:reference>/trace/<int:candidate_id>/reject/", trace.reject, name="trace-reject"),
]
