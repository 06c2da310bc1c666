"""The top floor: it may call every room's actions."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Label the room and its permissions *integrations*."""

    name = "integrations"
