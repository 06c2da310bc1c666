"""Exchange rates."""

from collections.abc import Sequence

from django.db import transaction

from core.audit import audit
from core.models import ExchangeRate, LegalEntity, User
from core.permissions import require


@transaction.atomic
def add_rates(*, by: User, entity: LegalEntity, rates: Sequence[ExchangeRate]) -> list[ExchangeRate]:
    """Record rates. A later rate for the same day counts instead of the earlier, which stays on record.

    All companies convert by the same rates, so whoever records one keeps the rates of every company that is kept in one
    of its currencies.
    """
    require(by, "core.change_rates", entity)
    touched = {code for rate in rates for code in (rate.from_currency, rate.to_currency)}
    for other in LegalEntity.objects.filter(is_active=True, currency__in=touched).order_by("code"):
        require(by, "core.change_rates", other)
    for rate in rates:
        rate.full_clean()
    added = ExchangeRate.objects.bulk_create(rates)
    if added:
        after = {"count": len(added), "rates": [str(rate) for rate in added[:50]]}
        audit(by, "rates.added", added[0], entity=entity, after=after)
    return added
