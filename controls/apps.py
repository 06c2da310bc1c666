"""How far a person's authority reaches, and what needs a second person."""

from django.apps import AppConfig


class ControlsConfig(AppConfig):
    """Label the room and its permissions *controls*."""

    name = "controls"
    default_auto_field = "django.db.models.BigAutoField"
