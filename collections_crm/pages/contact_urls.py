"""Addresses of calls, and of the stop to all of them."""

from django.urls import path

from collections_crm.pages import contact_exceptions, contacts, decisions, stops, verification_locks

urlpatterns = [
    path("accounts/<str:reference>/call/", contacts.start, name="contact-start"),
    path("accounts/<str:reference>/caller/", contacts.inbound, name="contact-inbound"),
    path("accounts/<str:reference>/exception/", contact_exceptions.ask, name="contact-exception"),
    path("contacts/<int:contact_id>/", contacts.contact, name="contact"),
    path("contacts/<int:contact_id>/verify/", contacts.verify, name="contact-verify"),
    path("contacts/<int:contact_id>/hang-up/", contacts.hung_up, name="contact-hang-up"),
    path("contacts/<int:contact_id>/wrap-up/", contacts.wrap_up, name="contact-wrap-up"),
    path("decisions/<int:decision_id>/", decisions.decision, name="decision"),
    path("stops/", stops.stops, name="stops"),
    path("stops/<int:stop_id>/release/", stops.release, name="stop-release"),
    path("verification/", verification_locks.locked, name="verification-locks"),
    path("verification/<int:party_id>/unlock/", verification_locks.unlock, name="verification-unlock"),
]
