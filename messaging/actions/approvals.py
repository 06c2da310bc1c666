"""Telling colleagues about approvals. Asked by the schedule, because requests are made and decided in many rooms."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from controls.models import ApprovalRequest
from controls.queries import why_not
from core.errors import Refused
from core.models import User
from core.permissions import require
from customers.models import Customer
from messaging.actions.queueing import Draft, queue_messages
from messaging.approvals import ASKED, DECIDED
from messaging.models import Message
from messaging.recipients import Recipients

TOLD_WITHIN = timedelta(days=2)
MOST = 500
Decision = ApprovalRequest.Decision


@transaction.atomic
def tell_approvers(*, by: User, at: datetime) -> list[Message]:
    """Write to everybody who may decide on a request that waits, once for each request and person."""
    rows = ApprovalRequest.objects.filter(decision=Decision.OPEN, expires_on__gte=at.date() - timedelta(days=1))
    fresh = _untold(rows.order_by("pk"), ASKED)
    drafts = [
        _draft(request, approver, ASKED, f"{request.pk}:{approver.pk}", customer)
        for request, customer in fresh
        for approver in _approvers(request, at)
    ]
    return _queued(by, drafts)


@transaction.atomic
def tell_requesters(*, by: User, at: datetime) -> list[Message]:
    """Write to whoever asked what was decided of late, once for each request."""
    rows = ApprovalRequest.objects.filter(
        decision__in=(Decision.APPROVED, Decision.DECLINED), decided_at__gte=at - TOLD_WITHIN
    )
    fresh = _untold(rows.filter(requested_by__is_active=True, requested_by__is_system=False).order_by("pk"), DECIDED)
    drafts = [_draft(request, request.requested_by, DECIDED, str(request.pk), customer) for request, customer in fresh]
    return _queued(by, drafts)


def _queued(by: User, drafts: Sequence[Draft]) -> list[Message]:
    for entity in {draft.company for draft in drafts}:
        require(by, "messaging.queue_message", entity)
    return queue_messages(by=by, drafts=drafts) if drafts else []


def _untold(rows: Iterable[ApprovalRequest], kind: str) -> list[tuple[ApprovalRequest, Customer]]:
    """Those that no message of the kind is about yet, each with its customer."""
    requests = {request.pk: (request, customer) for request, customer in _with_customers(list(rows))}
    customers = {customer.pk for _, customer in requests.values()}
    told = Message.objects.filter(customer__in=customers, kind=kind, context__request__in=list(requests))
    known = set(told.values_list("context__request", flat=True))
    return [pair for pk, pair in requests.items() if pk not in known][:MOST]


def _with_customers(requests: Sequence[ApprovalRequest]) -> Iterator[tuple[ApprovalRequest, Customer]]:
    """Each with the customer that it is about."""
    keys = {request.pk: request.counts_with.removeprefix("customer:") for request in requests}
    found = Customer.objects.select_related("entity").in_bulk([int(key) for key in keys.values() if key.isdecimal()])
    for request in requests:
        key = keys[request.pk]
        if key.isdecimal() and int(key) in found:
            yield request, found[int(key)]


def _approvers(request: ApprovalRequest, at: datetime) -> list[User]:
    """Who may decide on the request within their own limit."""
    on = at.astimezone(request.entity.zone).date()
    held = User.objects.filter(role_grants__entity=request.entity_id, role_grants__ended_at=None, is_active=True)
    try:
        return [
            person for person in held.distinct().order_by("pk") if not why_not(by=person, request=request, as_of=on)
        ]
    except Refused:  # without a rate of exchange nobody's limit can be held against the amount
        return []


def _draft(request: ApprovalRequest, to: User, kind: str, key: str, customer: Customer) -> Draft:
    return Draft(
        kind=kind,
        key=key,
        customer=customer,
        recipients=Recipients(to=(to.email,), name=to.name),
        document=str(request)[:80],
        document_url=reverse("controls:approval", args=[request.pk]),
        context={"request": request.pk, "approver": to.pk},
    )
