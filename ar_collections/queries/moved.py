"""Whose account moved of late, so that what follows from it is done for them at once and for nobody else.

Each question reaches back some minutes before the moment that it is asked about: what was written before it may have
been kept, and so be seen, only after it. What follows may therefore be done twice for somebody, and does no harm.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Max, Min, Q

from ar_collections.models import Dispute, PaymentPlan, Promise, WorklistEntry
from ar_collections.queries.plans import active_plans
from ar_collections.queries.promises import to_judge
from ar_collections.queries.rules import rules_history
from core.models import AuditEvent, LegalEntity
from ledger.models import Allocation, OpenItem

LONGEST_WRITING = timedelta(minutes=10)
"""What was begun so long before a moment may have been kept only after it."""
Moved = Iterable[tuple[int, datetime]]


def customers_to_judge(entity: LegalEntity, today: date, since: datetime) -> list[int]:
    """Customers with promises or plans whose account moved since a moment."""
    given = set(to_judge(entity, as_of=today).order_by().values_list("customer_id", flat=True).distinct())
    given |= set(active_plans(entity).order_by().values_list("customer_id", flat=True))
    moved = {customer for customer, _ in _in_ledger(entity, since - LONGEST_WRITING)} if given else set()
    return sorted(given & moved)


def customers_to_rank(entity: LegalEntity, today: date, since: datetime | None) -> list[int] | None:
    """Customers of whom something moved since they were ranked; None where everybody's turn has come, once a day."""
    begins = datetime.combine(today, time.min, entity.zone)
    rows = WorklistEntry.objects.filter(entity=entity)
    oldest = rows.aggregate(oldest=Min("refreshed_at"))["oldest"]
    changed = rules_history(entity).values_list("changed_at", flat=True).first()
    if oldest is None or oldest < max(begins, changed or begins):
        return None
    asked = max(begins, since or begins) - LONGEST_WRITING
    moved: dict[int, datetime] = {}
    for customer, at in (*_in_ledger(entity, asked), *_in_collections(entity, asked)):
        moved[customer] = max(at, moved.get(customer, at))
    ranked = dict(rows.filter(customer__in=list(moved)).values_list("customer_id", "refreshed_at"))
    return sorted(key for key, at in moved.items() if key not in ranked or ranked[key] < at + LONGEST_WRITING)


def _in_ledger(entity: LegalEntity, since: datetime) -> Moved:
    """What was billed or came in and is open, and what was settled or undone."""
    items = OpenItem.objects.filter(entity=entity, recorded_at__gte=since).exclude(open_amount=0).order_by()
    yield from items.values_list("customer_id").annotate(last=Max("recorded_at"))
    settled = Allocation.objects.filter(debit_item__entity=entity, recorded_at__gte=since).order_by()
    for side in ("debit_item__customer_id", "credit_item__customer_id"):
        yield from settled.values_list(side).annotate(last=Max("recorded_at"))


def _in_collections(entity: LegalEntity, since: datetime) -> Moved:
    """Promises, plans and disputes that were taken, ended or judged, as the audit trail tells."""
    models = (Promise, PaymentPlan, Dispute)
    kinds = {model._meta.label_lower: model for model in models}
    events = AuditEvent.objects.filter(Q(object_type__in=list(kinds)), entity=entity, at__gte=since).order_by()
    last: dict[str, dict[int, datetime]] = {kind: {} for kind in kinds}
    for kind, key, at in events.values_list("object_type", "object_id").annotate(last=Max("at")):
        last[kind][int(key)] = at
    for kind, model in kinds.items():
        for key, customer in model.objects.filter(pk__in=list(last[kind])).values_list("pk", "customer_id"):
            yield customer, last[kind][key]
