"""Cash: bank statements, matching, receipts and the desk."""

from django.apps import AppConfig


class CashappConfig(AppConfig):
    """Label the room and its permissions *cashapp*."""

    name = "cashapp"
