"""An invoice on its way: its link, an upload, an address that returns mail, letters in a file, and a webhook."""

from datetime import date

from core import clock
from core.models import Run
from customers.actions import mark_bounced
from integrations.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from invoicing.models import Invoice, InvoiceLink, UploadTask
from messaging.models import PrintBatch
from tests.house.scoped import MARKER, Addresses, Stage
from tests.house.scoped.customers import customer_of

DAY = date(2026, 5, 4)
ENDPOINT = ("endpoint", "change_endpoint", "switch_endpoint_off", "switch_endpoint_on", "renew_secret")


def addresses(stage: Stage) -> Addresses:
    uk, by = stage.uk, stage.system
    customer = customer_of(stage)
    tasks = mark_bounced(by=by, entity=uk, customer=customer, address="gone@quillmark.example", detail=MARKER)
    invoice = Invoice.objects.filter(entity=uk, number__isnull=False).latest("pk")
    upload, _ = UploadTask.objects.get_or_create(entity=uk, customer=customer, invoice=invoice)
    link = InvoiceLink.objects.filter(invoice__entity=uk).latest("pk")
    endpoint = WebhookEndpoint.objects.create(entity=uk, url=f"https://{MARKER.lower()}.example/", made_by=by)
    event = WebhookEvent.objects.create(entity=uk, kind="invoice.paid", document=MARKER, customer=customer, data={})
    delivery = WebhookDelivery.objects.create(event=event, endpoint=endpoint, due_at=clock.now())
    run = Run.objects.create(entity=uk, kind="print_letters", business_date=DAY, title=MARKER, started_by=by)
    batch = PrintBatch.objects.create(entity=uk, run=run, made_by=by)
    return {
        "customers:resolve_task": {"pk": tasks[0].pk},
        **{f"invoicing:{name}": {"pk": upload.pk} for name in ("upload", "confirm_upload", "reopen_upload")},
        "invoicing:revoke_link": {"pk": link.pk},
        **{f"integrations:{name}": {"pk": endpoint.pk} for name in ENDPOINT},
        "integrations:replay_delivery": {"pk": delivery.pk},
        **{f"messaging:{name}": {"pk": batch.pk} for name in ("print_batch", "confirm_batch")},
    }
