"""What happened to documents, read from the ledger and the documents. Nothing announces it, so it is looked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from core.models import LegalEntity
from integrations.models import EventKind, WebhookEvent
from invoicing.models import CreditNote, Invoice
from ledger.models import Allocation, OpenItem

BACKDATED_AT_MOST = timedelta(days=100)
MOST = 2000
Moments = dict[int, datetime]  # when it happened, by the id of the open item


@dataclass(frozen=True)
class Window:
    """What to look at: items after an id, and what happened since a moment."""

    entity: LegalEntity
    floor: int
    since: datetime
    today: date


@dataclass(frozen=True)
class Happening:
    """An event before it is kept."""

    kind: str
    document: str
    customer_id: int
    happened_at: datetime
    data: dict[str, Any]


def happenings(window: Window, kind: str) -> Iterator[Happening]:
    """Everything of a kind that happened in the window and was not told before."""
    if kind == EventKind.CREDITED:
        yield from _of_credit_notes(_recorded(window, kind))
    else:
        yield from _of_invoices(kind, FINDERS[EventKind(kind)](window, kind))


def _recorded(window: Window, kind: str) -> Moments:
    fresh = _items(window, kind).filter(pk__gt=window.floor, recorded_at__gte=window.since)
    return dict(fresh.order_by("pk").values_list("pk", "recorded_at")[:MOST])


def _paid(window: Window, kind: str) -> Moments:
    """Invoices of which nothing is open any more and that money went into. What was only credited is not paid."""
    money = Allocation.objects.filter(
        debit_item=OuterRef("pk"), credit_item__kind=OpenItem.Kind.RECEIPT, reverses=None, reversed_by=None
    )
    settled = _items(window, kind).filter(
        settled_on__gte=window.since.date() - BACKDATED_AT_MOST, settled_recorded_at__gte=window.since
    )
    rows = settled.filter(Exists(money)).order_by("settled_recorded_at")
    found = rows.values_list("pk", "settled_recorded_at")[:MOST]
    return {pk: settled_at for pk, settled_at in found if settled_at is not None}


def _overdue(window: Window, kind: str) -> Moments:
    """Invoices whose due date went by, or that came in or were opened again after it."""
    zone = ZoneInfo(window.entity.time_zone)
    undone = Allocation.objects.filter(debit_item=OuterRef("pk"), reverses__isnull=False).order_by()
    opened_at = Subquery(undone.values("debit_item").annotate(last=Max("recorded_at")).values("last"))
    late = _items(window, kind).filter(open_amount__gt=0, due_on__lt=window.today).annotate(opened_at=opened_at)
    late = late.filter(
        Q(due_on__gte=window.since.astimezone(zone).date())
        | Q(recorded_at__gte=window.since)
        | Q(opened_at__gte=window.since)
    )
    rows = late.order_by("due_on", "pk").values_list("pk", "due_on", "recorded_at", "opened_at")[:MOST]
    return {
        pk: max(datetime.combine(due_on + timedelta(days=1), time.min, zone), recorded_at, opened or recorded_at)
        for pk, due_on, recorded_at, opened in rows
    }


def _items(window: Window, event: str) -> QuerySet[OpenItem]:
    """The items that such an event is about, without those that were told."""
    kind = OpenItem.Kind.CREDIT_NOTE if event == EventKind.CREDITED else OpenItem.Kind.INVOICE
    told = WebhookEvent.objects.filter(entity=OuterRef("entity"), kind=event, document=OuterRef("number"))
    return OpenItem.objects.filter(~Exists(told), entity=window.entity, kind=kind)


def _of_invoices(kind: str, moments: Moments) -> Iterator[Happening]:
    rows = Invoice.objects.filter(item__in=list(moments)).select_related("item", "customer")
    for invoice in rows.order_by("pk"):
        moment = moments[invoice.item_id or 0]
        yield Happening(kind, str(invoice.number), invoice.customer_id, moment, _data(invoice))


def _of_credit_notes(moments: Moments) -> Iterator[Happening]:
    rows = CreditNote.objects.filter(item__in=list(moments)).select_related("invoice__item", "invoice__customer")
    for note in rows.order_by("pk"):
        more = {"credit_note": note.number, "credited": str(note.gross), "reason": note.get_reason_code_display()}
        data, moment = {**_data(note.invoice), **more}, moments[note.item_id or 0]
        yield Happening(EventKind.CREDITED, str(note.number), note.customer_id, moment, data)


def _data(invoice: Invoice) -> dict[str, Any]:
    item = invoice.item
    return {
        "invoice": invoice.number,
        "customer": invoice.customer.code,
        "customer_name": invoice.customer.name,
        "currency": invoice.currency,
        "gross": str(invoice.gross),
        "open_amount": str(item.open_amount) if item else str(invoice.gross),
        "issued_on": str(invoice.issued_on),
        "due_on": str(invoice.due_on),
        "purchase_order": invoice.purchase_order,
        "api_url": f"/api/v1/invoices/{invoice.pk}/",
    }


FINDERS = {EventKind.ISSUED: _recorded, EventKind.PAID: _paid, EventKind.OVERDUE: _overdue}
