"""The log of what providers were asked and answered. Only the runs that speak to providers write it."""

from directdebit.models import Creditor, ProviderExchange
from directdebit.providers.calls import Exchange


def keep_exchange(creditor: Creditor, exchange: Exchange) -> ProviderExchange:
    """Write an exchange into the log, apart from every action, so that none takes it back."""
    return ProviderExchange.objects.create(
        creditor=creditor,
        method=exchange.method,
        path=exchange.path[:200],
        asked=exchange.asked,
        status=exchange.status,
        answered=exchange.answered,
        error=exchange.error[:120],
        milliseconds=exchange.milliseconds,
    )
