"""Who covers for whom on a day."""

from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from ar_collections.models import AbsenceCover, WorkAssignment
from core.models import LegalEntity, User


def covers_on(entity: LegalEntity, on: date) -> QuerySet[AbsenceCover]:
    """Covers that count on a day."""
    rows = AbsenceCover.objects.filter(entity=entity, from_on__lte=on, until_on__gte=on)
    return rows.filter(Q(ended_on=None) | Q(ended_on__gt=on)).select_related("absent", "cover")


def works_for(entity: LegalEntity, by: User, on: date) -> Q:
    """Assignments that stand on a person's list on a day: their own, and those of whom they cover for."""
    return Q(collector=by) | Q(collector__in=covers_on(entity, on).filter(cover=by).values("absent"))


def covered_names(entity: LegalEntity, held: QuerySet[WorkAssignment], on: date) -> dict[int, str]:
    """By customer whose they are, with who covers on a day: “Colin, covered by Cara”."""
    names = held.annotate(
        cover_name=Subquery(covers_on(entity, on).filter(absent=OuterRef("collector")).values("cover__name")[:1])
    )
    return {
        customer: f"{name}, covered by {cover}" if cover else name
        for customer, name, cover in names.values_list("customer_id", "collector__name", "cover_name")
    }
