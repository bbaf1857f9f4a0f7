"""Addresses of what is agreed on an account, and of finance."""

from django.urls import path

from collections_crm.pages import budgets, negotiation, payments, promises, suspense

urlpatterns = [
    path("accounts/<str:reference>/promise/", promises.promise, name="promise"),
    path("accounts/<str:reference>/promise/ask/", promises.ask, name="promise-ask"),
    path("accounts/<str:reference>/promise/cancel/", promises.cancel, name="promise-cancel"),
    path("accounts/<str:reference>/negotiate/", negotiation.negotiate, name="negotiate"),
    path("accounts/<str:reference>/budget/", budgets.take, name="budget-take"),
    path("budgets/<int:pk>/", budgets.budget, name="budget"),
    path("offers/<int:pk>/", negotiation.offer, name="offer"),
    path("offers/<int:pk>/agreement.pdf", negotiation.agreement, name="offer-agreement"),
    path("offers/<int:pk>/send/", negotiation.send, name="offer-send"),
    path("offers/<int:pk>/accept/", negotiation.accept, name="offer-accept"),
    path("offers/<int:pk>/turn-down/", negotiation.turn_down, name="offer-turn-down"),
    path("accounts/<str:reference>/says-paid/", promises.paid_claim, name="paid-claim"),
    path("payments/", payments.payments, name="payments"),
    path("payments/post/", payments.post, name="payment-post"),
    path("payments/suspense/", suspense.suspense, name="suspense"),
    path("payments/suspense/take/", suspense.take, name="suspense-take"),
    path("payments/<int:payment_id>/", payments.payment, name="payment"),
    path("payments/<int:payment_id>/identify/", suspense.identify, name="payment-identify"),
    path("payments/<int:payment_id>/reverse/", payments.reverse, name="payment-reverse"),
]
