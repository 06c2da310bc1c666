"""The log of what providers were asked and answered."""

from django.db import transaction

from core.models import User
from core.permissions import require
from directdebit.models import Creditor, ProviderExchange
from directdebit.providers.calls import Exchange


@transaction.atomic
def keep_exchange(*, by: User, creditor: Creditor, exchange: Exchange) -> ProviderExchange:
    """Write an exchange into the log. It is done between other actions, so that none of them takes it back."""
    require(by, "directdebit.keep_exchange", creditor.entity)
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
