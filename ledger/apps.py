"""The receivables ledger: journal, open items, allocations, periods, balances and ageing."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Label the room and its permissions *ledger*."""

    name = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
