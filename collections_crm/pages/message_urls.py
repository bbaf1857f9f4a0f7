"""Addresses of messages."""

from django.urls import path

from collections_crm.pages import customer_offer, messages
from collections_crm.pages.text_webhooks import text_inbound, text_status

urlpatterns = [
    path("accounts/<str:reference>/write/", messages.write, name="message-write"),
    path("messages/", messages.message_list, name="messages"),
    path("messages/<int:message_id>/", messages.message, name="message"),
    path("messages/<int:message_id>/cancel/", messages.message_cancel, name="message-cancel"),
    path("mailbox/", messages.mailbox, name="mailbox"),
    path("yours/<str:token>/", customer_offer.customer_offer, name="customer-offer"),
    path("yours/<str:token>/answer/", customer_offer.customer_answer, name="customer-answer"),
    path("yours/<str:token>/agreement.pdf", customer_offer.customer_agreement, name="customer-agreement"),
    path("webhooks/texts/status", text_status, name="text-status"),
    path("webhooks/texts/inbound", text_inbound, name="text-inbound"),
]
