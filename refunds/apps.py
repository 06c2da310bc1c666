"""Refunds paid: duplicate payments found, files for the bank, refunds to cards."""

from django.apps import AppConfig


class RefundsConfig(AppConfig):
    """Label the room and its permissions *refunds*."""

    name = "refunds"
