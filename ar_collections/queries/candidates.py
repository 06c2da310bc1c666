"""Who may come into a suspension: past due for long enough, and in no case."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ar_collections.models import SuspensionCase, WorklistEntry
from ar_collections.queries.suspension import exemptions
from ar_collections.suspension import Stage
from core.models import LegalEntity

STOPPED = (Stage.REQUESTED, Stage.SUSPENDED, Stage.RESTORING)


def candidates(entity: LegalEntity, *, query: str = "") -> QuerySet[WorklistEntry]:
    """Customers with something free that is long overdue and without an open case, the largest amount first.

    As the worklist ranked them, some minutes ago. Whoever is not to be suspended is left out.
    """
    going_on = SuspensionCase.objects.filter(ended_on=None, customer=OuterRef("customer"))
    exempt = exemptions().filter(customer=OuterRef("customer"))
    rows = WorklistEntry.objects.filter(entity=entity, over_31__gt=0).exclude(Exists(going_on) | Exists(exempt))
    if query:
        rows = rows.filter(Q(customer__name__icontains=query) | Q(customer__code__iexact=query))
    return rows.select_related("customer").order_by("-over_31", "pk")


def counts_of_views(entity: LegalEntity) -> dict[str, int]:
    """What stands behind each view of the list, but for what is over."""
    found = SuspensionCase.objects.filter(entity=entity, ended_on=None).aggregate(
        open=Count("pk"), stopped=Count("pk", filter=Q(stage__in=STOPPED))
    )
    return {**found, "candidates": candidates(entity).count()}
