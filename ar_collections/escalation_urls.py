"""Addresses of escalations."""

from django.urls import path

from ar_collections.views import escalations

urlpatterns = [
    path("escalations/", escalations.escalations_page, name="escalations"),
    path("escalations/<int:pk>/", escalations.escalation_page, name="escalation"),
    path("escalations/<int:pk>/answer/", escalations.answer, name="answer_escalation"),
    path("escalations/<int:pk>/hand-over/", escalations.hand_over, name="hand_over_to_lawyers"),
    path("customers/<int:pk>/escalations/", escalations.of_customer, name="customer_escalations"),
    path("customers/<int:pk>/escalations/new/", escalations.raise_page, name="raise_escalation"),
    path("customers/<int:pk>/summary.pdf", escalations.summary, name="customer_summary"),
]
