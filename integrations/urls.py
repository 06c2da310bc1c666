"""Addresses of webhooks, and of what is done across cash and invoicing."""

from django.urls import path

from integrations.views import payments, webhooks

app_name = "integrations"

urlpatterns = [
    path("payments/collect/", payments.collect_payments, name="collect_payments"),
    path("webhooks/", webhooks.endpoints, name="endpoints"),
    path("webhooks/new/", webhooks.add, name="add_endpoint"),
    path("webhooks/<int:pk>/", webhooks.endpoint, name="endpoint"),
    path("webhooks/<int:pk>/change/", webhooks.change, name="change_endpoint"),
    path("webhooks/<int:pk>/off/", webhooks.switch_off, name="switch_endpoint_off"),
    path("webhooks/<int:pk>/on/", webhooks.switch_on, name="switch_endpoint_on"),
    path("webhooks/<int:pk>/secret/", webhooks.secret, name="renew_secret"),
    path("webhooks/deliveries/<int:pk>/replay/", webhooks.replay, name="replay_delivery"),
]
