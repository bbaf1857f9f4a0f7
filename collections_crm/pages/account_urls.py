"""Addresses under one account, by its reference."""

from django.urls import path

from collections_crm.pages.account import account, changes, older, why
from collections_crm.pages.account_acts import account_act
from collections_crm.pages.files import account_file
from collections_crm.pages.reveal import reveal, way
from collections_crm.pages.signs import signs
from collections_crm.pages.support import support, support_text
from collections_crm.pages.who_looked import readers

urlpatterns = [
    path("<str:reference>/", account, name="account"),
    path("<str:reference>/changes/<int:version>/", changes, name="account-changes"),
    path("<str:reference>/why/", why, name="account-why"),
    path("<str:reference>/older/", older, name="account-older"),
    path("<str:reference>/do/<slug:name>/", account_act, name="account-act"),
    path("<str:reference>/ways/<int:point_id>/", way, name="account-way"),
    path("<str:reference>/reveal/", reveal, name="account-reveal"),
    path("<str:reference>/readers/", readers, name="account-readers"),
    path("<str:reference>/signs/", signs, name="account-signs"),
    path("<str:reference>/support/", support, name="account-support"),
    path("<str:reference>/support/<int:note_id>/", support_text, name="account-support-text"),
    path("<str:reference>/files/<int:file_id>/", account_file, name="account-file"),
]
