"""Our collections by the names that a provider has for them."""

from collections.abc import Iterable

from core.models import LegalEntity
from directdebit.models import Collection


def collections_known_as(entity: LegalEntity, identifiers: Iterable[str]) -> dict[str, str]:
    """Our reference of each collection among a provider's ids of payments; asked by cash about settlement files."""
    rows = Collection.objects.filter(entity=entity, provider_identifier__in=set(identifiers) - {""})
    return dict(rows.values_list("provider_identifier", "reference"))
