"""What customers see: the page behind the link in their mail."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Label the room *portal*. It has no rows of its own."""

    name = "portal"
