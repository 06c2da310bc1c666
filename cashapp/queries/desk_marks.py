"""What was agreed or contested about a document, as the desk says it beside its kind."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from ar_collections.models import Dispute, PlanItem, PromiseInstalment
from ar_collections.plans import State as PlanState
from ar_collections.promises import Outcome
from ledger.models import OpenItem


def with_marks(items: QuerySet[OpenItem]) -> QuerySet[OpenItem]:
    """Documents with what is known of them, in the same statement."""
    promised = PromiseInstalment.objects.filter(
        promise__items__item=OuterRef("pk"), promise__outcome=Outcome.OPEN, outcome=Outcome.OPEN
    )
    return items.annotate(
        promised_on=Subquery(promised.order_by("due_on").values("due_on")[:1]),
        is_planned=Exists(PlanItem.objects.filter(item=OuterRef("pk"), plan__state=PlanState.ACTIVE)),
        is_disputed=Exists(Dispute.objects.filter(item=OuterRef("pk"), closed_on=None)),
    )


def marks_of(item: Any) -> list[str]:
    """A promise with its day, a payment plan, a dispute."""
    promised = [f"promised by {item.promised_on.day} {item.promised_on:%b}"] if item.promised_on else []
    return [*promised, *(["in a payment plan"] if item.is_planned else []), *(["disputed"] if item.is_disputed else [])]
