"""Addresses under one account, by its reference."""

from django.urls import path

from collections_crm.pages.account import account, changes, older

urlpatterns = [
    path("<str:reference>/", account, name="account"),
    path("<str:reference>/changes/<int:version>/", changes, name="account-changes"),
    path("<str:reference>/older/", older, name="account-older"),
]
