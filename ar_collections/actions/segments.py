"""Segments: which strategy they follow, and which customers are put into one by hand."""

from decimal import Decimal

from django.db import transaction

from ar_collections.models import Segment, SegmentAssignment, Strategy
from core import clock
from core.audit import audit, changes
from core.errors import Refused
from core.models import User
from core.permissions import require
from customers.models import Customer, lock


@transaction.atomic
def change_segment(
    *, by: User, segment: Segment, strategy: Strategy, keyword: str = "", threshold: Decimal | None = None
) -> Segment:
    """Let a segment follow another strategy, or change the word or amount by which customers belong to it."""
    require(by, "collections.change_segment", segment.entity)
    segment = Segment.objects.select_for_update(no_key=True, of=("self",)).select_related("entity").get(pk=segment.pk)
    if strategy.entity_id != segment.entity_id:
        raise Refused(f"{strategy.name} is no strategy of {segment.entity.name}.")
    if segment.rule == Segment.Rule.KEYWORD and not keyword.strip():
        raise Refused(f"Write the word by which customers belong to “{segment.name}”.")
    if segment.rule == Segment.Rule.SMALL and (threshold is None or threshold <= 0):
        raise Refused(f"Write the amount below which customers belong to “{segment.name}”.")
    before, after = changes(segment, {"strategy": strategy, "keyword": keyword.strip(), "threshold": threshold})
    if not after:
        return segment

    segment.strategy, segment.keyword, segment.threshold = strategy, keyword.strip(), threshold
    segment.save(update_fields=["strategy", "keyword", "threshold"])

    audit(by, "segment.changed", segment, entity=segment.entity, before=before, after=after)
    return segment


@transaction.atomic
def assign_segment(*, by: User, customer: Customer, segment: Segment, reason: str) -> SegmentAssignment:
    """Put a customer into a segment by hand; where they were before is ended."""
    require(by, "collections.assign_segment", customer.entity)
    customer = lock(customer)
    if segment.entity_id != customer.entity_id:
        raise Refused(f"{segment.name} is no segment of {customer.entity.name}.")
    if segment.rule in (Segment.Rule.FINAL, Segment.Rule.RECURRING):
        raise Refused(f"“{segment.name}” is about documents; customers are put into another segment.")
    if not reason.strip():
        raise Refused(f"Say why {customer.name} belongs to “{segment.name}”.")
    standing = SegmentAssignment.objects.filter(customer=customer, ended_at=None).first()
    if standing is not None and standing.segment_id == segment.pk:
        return standing

    if standing is not None:
        _end(by, standing)
    found = SegmentAssignment.objects.create(
        customer=customer, segment=segment, reason=reason.strip()[:300], assigned_by=by, assigned_at=clock.now()
    )

    audit(by, "segment.assigned", customer, entity=customer.entity, after={"segment": segment.name}, reason=reason)
    return found


@transaction.atomic
def end_assignment(*, by: User, assignment: SegmentAssignment) -> SegmentAssignment:
    """Let the rules decide again to which segment a customer belongs."""
    customer = assignment.customer
    require(by, "collections.end_assignment", customer.entity)
    lock(customer)
    assignment.refresh_from_db()
    if assignment.ended_at is not None:
        return assignment

    _end(by, assignment)

    audit(by, "segment.ended", customer, entity=customer.entity, before={"segment": assignment.segment.name})
    return assignment


def _end(by: User, assignment: SegmentAssignment) -> None:
    assignment.ended_by, assignment.ended_at = by, clock.now()
    assignment.save(update_fields=["ended_by", "ended_at"])
