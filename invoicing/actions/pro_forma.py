"""Pro-forma invoices: a draft as the customer may see it, outside every number series."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from core.audit import audit
from core.files import store_file
from core.models import User
from core.permissions import require
from invoicing.actions.errors import NotADraft
from invoicing.models import Invoice
from invoicing.papers.printable import printable_invoices
from invoicing.papers.rendering import pdf_of_pro_forma
from messaging.actions import Draft, queue_messages
from messaging.models import Message
from messaging.queries import message_queued
from messaging.recipients import INVOICES, Recipients, recipients_of


@transaction.atomic
def send_pro_forma(*, by: User, invoice: Invoice, to: Sequence[str], on: date, request_id: UUID) -> Message:
    """Send a draft as a pro-forma of a day to these addresses; the same request sends it once. The draft stays."""
    require(by, "invoicing.send_pro_forma", invoice.entity)
    current = printable_invoices().select_for_update(of=("self",), no_key=True).get(pk=invoice.pk)
    if current.is_issued:
        raise NotADraft(f"{current} is issued; send the invoice itself.")
    first = message_queued(current.customer, "pro_forma", request_id.hex)
    if first is not None:
        return first

    file = store_file(by, current.entity, f"pro-forma-{current.pk}.pdf", pdf_of_pro_forma(current, on))
    known = recipients_of([current.customer], INVOICES)[current.customer_id]
    draft = Draft(
        kind="pro_forma",
        key=request_id.hex,
        customer=current.customer,
        recipients=Recipients(to=tuple(to), language=known.language),
        document=f"{current.pk}",
        document_url=reverse("invoicing:invoice", args=[current.pk]),
        context={"pk": current.pk, "amount": str(current.money), "purchase_order": current.purchase_order},
        files=[file],
    )
    message = queue_messages(by=by, drafts=[draft])[0]

    audit(by, "pro_forma.sent", current, entity=current.entity, after={"to": message.to_addresses})
    return message
