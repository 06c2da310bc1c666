"""The ground floor: entities, people, audit trail, money, calendars, files and runs. It knows no AR words."""

from django.apps import AppConfig

from core import checks  # noqa: F401 - they register themselves


class CoreConfig(AppConfig):
    """Label the room and its permissions *core*."""

    name = "core"
    default_auto_field = "django.db.models.BigAutoField"
