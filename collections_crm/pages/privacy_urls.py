"""Addresses about people's data as a whole: exports, erasure, retention."""

from django.urls import path

from collections_crm.pages.privacy import (
    account_privacy,
    ask_for_erasure,
    ask_for_export,
    ask_for_release,
    export_file,
    privacy,
    retention_report,
)

urlpatterns = [
    path("privacy/", privacy, name="privacy"),
    path("privacy/retention/<int:report_id>/", retention_report, name="retention-report"),
    path("privacy/retention/<int:report_id>/release/", ask_for_release, name="retention-release"),
    path("privacy/exports/<int:export_id>/file/", export_file, name="export-file"),
    path("accounts/<str:reference>/personal-data/", account_privacy, name="account-privacy"),
    path("accounts/<str:reference>/personal-data/export/", ask_for_export, name="account-export"),
    path("accounts/<str:reference>/personal-data/erase/", ask_for_erasure, name="account-erase"),
]
