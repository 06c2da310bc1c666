"""Every e-mail and letter that leaves: an outbox that sends each of them once, its templates, and what became of it."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Label the room and its permissions *messaging*."""

    name = "messaging"
