"""Customers, how they are reached, on which terms they buy, and how their data is kept clean."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Label the room and its permissions *customers*."""

    name = "customers"
    default_auto_field = "django.db.models.BigAutoField"
