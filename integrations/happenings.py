"""What happened to documents, read from the ledger and the documents. Nothing announces it, so it is looked for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.models import LegalEntity
from integrations.models import EventKind, WebhookEvent
from invoicing.models import CreditNote, Invoice
from ledger.models import Allocation, OpenItem

BACKDATED_AT_MOST = timedelta(days=100)
MOST = 2000


@dataclass(frozen=True)
class Window:
    """What to look at: items after an id, and settlements and due dates since a moment."""

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
    data: dict[str, Any]


def happenings(window: Window, kind: str) -> Iterator[Happening]:
    """Everything of a kind in the window that was not told before."""
    yield from FINDERS[EventKind(kind)](window)


def _issued(window: Window) -> Iterator[Happening]:
    fresh = _items(window, EventKind.ISSUED).filter(pk__gt=window.floor, recorded_at__gte=window.since)
    for invoice in _invoices(fresh.order_by("pk")):
        yield _told(EventKind.ISSUED, invoice)


def _credited(window: Window) -> Iterator[Happening]:
    fresh = _items(window, EventKind.CREDITED).filter(pk__gt=window.floor, recorded_at__gte=window.since)
    rows = CreditNote.objects.filter(item__in=fresh.order_by("pk")[:MOST].values("pk"))
    for note in rows.select_related("invoice__item", "invoice__customer").order_by("pk"):
        more = {"credit_note": note.number, "credited": str(note.gross), "reason": note.get_reason_code_display()}
        data = {**_data(note.invoice), **more}
        yield Happening(EventKind.CREDITED, str(note.number), note.customer_id, data)


def _paid(window: Window) -> Iterator[Happening]:
    """Invoices of which nothing is open any more and that money went into. What was only credited is not paid."""
    money = Allocation.objects.filter(
        debit_item=OuterRef("pk"), credit_item__kind=OpenItem.Kind.RECEIPT, reverses=None, reversed_by=None
    )
    settled = _items(window, EventKind.PAID).filter(
        settled_on__gte=window.since.date() - BACKDATED_AT_MOST, settled_recorded_at__gte=window.since
    )
    for invoice in _invoices(settled.filter(Exists(money)).order_by("settled_recorded_at")):
        yield _told(EventKind.PAID, invoice)


def _overdue(window: Window) -> Iterator[Happening]:
    opened_again = Allocation.objects.filter(
        debit_item=OuterRef("pk"), reverses__isnull=False, recorded_at__gte=window.since
    )
    fresh = Q(due_on__gte=window.since.date() - timedelta(days=2)) | Q(recorded_at__gte=window.since)
    late = _items(window, EventKind.OVERDUE).filter(open_amount__gt=0, due_on__lt=window.today)
    late = late.filter(fresh | Exists(opened_again))
    for invoice in _invoices(late.order_by("due_on", "pk")):
        yield _told(EventKind.OVERDUE, invoice)


def _items(window: Window, event: str) -> QuerySet[OpenItem]:
    """The items that such an event is about, without those that were told."""
    kind = OpenItem.Kind.CREDIT_NOTE if event == EventKind.CREDITED else OpenItem.Kind.INVOICE
    told = WebhookEvent.objects.filter(entity=OuterRef("entity"), kind=event, document=OuterRef("number"))
    return OpenItem.objects.filter(~Exists(told), entity=window.entity, kind=kind)


def _invoices(items: QuerySet[OpenItem]) -> Iterable[Invoice]:
    rows = Invoice.objects.filter(item__in=list(items.values_list("pk", flat=True)[:MOST]))
    return rows.select_related("item", "customer").order_by("pk")


def _told(kind: str, invoice: Invoice) -> Happening:
    return Happening(kind, str(invoice.number), invoice.customer_id, _data(invoice))


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


FINDERS = {
    EventKind.ISSUED: _issued,
    EventKind.CREDITED: _credited,
    EventKind.PAID: _paid,
    EventKind.OVERDUE: _overdue,
}
