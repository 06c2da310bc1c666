"""What collections asks before it reminds anybody: which invoices reached nobody, which are finals or recurring."""

from collections.abc import Mapping, Sequence

from django.db.models import Exists, OuterRef, QuerySet

from ar_collections.segments import FINAL, RECURRING
from ar_collections.sources import Source
from invoicing.models import Invoice, LinkAccess, UploadTask
from invoicing.queries.delivered import other_deliveries
from invoicing.queries.finals import became_last
from messaging.models import Message

RENEWED = (Invoice.Kind.RECURRING, Invoice.Kind.RENEWAL)


class InvoiceSource(Source):
    """Invoices whose items are open. Those that were brought in from another system were delivered by that."""

    def undelivered(self, customers: Sequence[int]) -> Mapping[int, str]:
        sent = Message.objects.filter(
            entity=OuterRef("entity"), document=OuterRef("number"), kind="invoice", state=Message.State.SENT
        )
        opened = LinkAccess.objects.filter(link__invoice=OuterRef("pk"), credit_note=None, by=None)
        opened = opened.exclude(kind=LinkAccess.Kind.REFUSED)
        uploaded = UploadTask.objects.filter(invoice=OuterRef("pk"), state=UploadTask.State.DONE)
        rows = _open(customers).filter(is_imported=False)
        rows = rows.exclude(Exists(sent)).exclude(Exists(opened)).exclude(Exists(uploaded))
        rows = rows.exclude(Exists(other_deliveries(Invoice)))
        return {item: f"{number} never arrived" for item, number in rows.values_list("item_id", "number")}

    def kinds(self, customers: Sequence[int]) -> Mapping[int, str]:
        found: dict[int, str] = {}
        last = became_last(customers)
        for pk, item, kind, is_final in _open(customers).values_list("pk", "item_id", "kind", "is_final"):
            if is_final or pk in last:
                found[item] = FINAL
            elif kind in RENEWED:
                found[item] = RECURRING
        return found


def _open(customers: Sequence[int]) -> QuerySet[Invoice]:
    return Invoice.objects.filter(customer__in=customers, item__open_amount__gt=0).order_by()
