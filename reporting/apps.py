"""Reading the ledger: dashboard, ageing, the customer's account page, search. Writes nothing but its own rows."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Label the room and its permissions *reporting*."""

    name = "reporting"
    default_auto_field = "django.db.models.BigAutoField"
