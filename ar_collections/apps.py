"""Collections. The folder is not called so, because Python's standard library owns that name; the label is."""

from django.apps import AppConfig


class CollectionsConfig(AppConfig):
    """Label the room, its tables, addresses and permissions *collections*."""

    name = "ar_collections"
    label = "collections"
