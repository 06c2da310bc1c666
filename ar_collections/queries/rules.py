"""Which rules are in force, and which were before."""

from django.db.models import QuerySet

from ar_collections.models import CollectionRules
from ar_collections.rules import Rules
from core.models import LegalEntity


def rules_of(entity: LegalEntity) -> Rules:
    """A company's figures; the usual ones where nobody has changed them."""
    latest = CollectionRules.objects.filter(entity=entity).first()
    return latest.rules if latest else Rules()


def rules_history(entity: LegalEntity) -> QuerySet[CollectionRules]:
    """Every change, the latest first."""
    return CollectionRules.objects.filter(entity=entity).select_related("changed_by").order_by("-pk")
