from django.apps import AppConfig


class CollectionsConfig(AppConfig):
    name = "ar_collections"
    label = "collections"
