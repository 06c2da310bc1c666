"""How documents reach their customers: by e-mail, by post, or put into the customer's own portal by a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from core.audit import audit
from core.models import LegalEntity, User
from core.permissions import require
from customers.models import Customer
from invoicing.actions.errors import NotIssued
from invoicing.actions.links import Sharing, share_invoices
from invoicing.actions.uploads import open_uploads
from invoicing.models import CreditNote, Document, Invoice
from invoicing.queries.delivery import messages_about
from messaging.actions import Draft, queue_messages, resend_message
from messaging.models import Message
from messaging.recipients import INVOICES, Recipients, recipients_of


@dataclass(frozen=True, slots=True)
class Post:
    """The way out for documents of an entity, for a person who may send them."""

    by: User
    entity: LegalEntity

    def send_invoices(self, invoices: Sequence[Invoice]) -> list[Message]:
        """Queue a message for each invoice whose customer gets mail or letters."""
        by_mail = [one for one in invoices if one.customer.delivery == Customer.Delivery.EMAIL]
        if by_mail:
            share_invoices(by=self.by, entity=self.entity, invoices=by_mail)
        return self._send("invoice", "invoicing:invoice", invoices)

    def send_credit_notes(self, credit_notes: Sequence[CreditNote]) -> list[Message]:
        """The same for credit notes; the link of the invoice that one corrects opens it as well."""
        by_mail = [one for one in credit_notes if one.customer.delivery == Customer.Delivery.EMAIL]
        if by_mail:
            shared = {one.invoice_id: one.invoice for one in by_mail}
            Sharing(self.by, self.entity).give_links(list(shared.values()))
        return self._send("credit_note", "invoicing:credit_note", credit_notes)

    def _send(self, kind: str, url_name: str, documents: Sequence[Document]) -> list[Message]:
        sent = [one for one in documents if one.customer.delivery != Customer.Delivery.PORTAL]
        if to_upload := [one for one in documents if one.customer.delivery == Customer.Delivery.PORTAL]:
            open_uploads(by=self.by, entity=self.entity, documents=to_upload)
        if not sent:
            return []
        recipients = recipients_of({one.customer_id: one.customer for one in sent}.values(), INVOICES)
        drafts = [self.draft(kind, url_name, one, recipients[one.customer_id]) for one in sent]
        return queue_messages(by=self.by, drafts=drafts)

    def draft(self, kind: str, url_name: str, document: Document, recipients: Recipients) -> Draft:
        """The message that carries a document."""
        return Draft(
            kind=kind,
            key=str(document.number),
            customer=document.customer,
            recipients=recipients,
            document=str(document.number),
            document_url=reverse(url_name, args=[document.pk]),
            context={"pk": document.pk},
        )


@transaction.atomic
def send_invoice(*, by: User, invoice: Invoice, to: Sequence[str], request_id: UUID) -> Message:
    """Send an issued invoice, or another copy of it, to these addresses; the same request sends it once."""
    require(by, "invoicing.send_invoice", invoice.entity)
    if invoice.is_issued:
        share_invoices(by=by, entity=invoice.entity, invoices=[invoice])
    return _send_again(by, invoice, "invoice", "invoicing:invoice", to, request_id)


@transaction.atomic
def send_credit_note(*, by: User, credit_note: CreditNote, to: Sequence[str], request_id: UUID) -> Message:
    """Send an issued credit note, or another copy of it, to these addresses; the same request sends it once."""
    require(by, "invoicing.send_invoice", credit_note.entity)
    if credit_note.is_issued:
        Sharing(by, credit_note.entity).give_links([credit_note.invoice])
    return _send_again(by, credit_note, "credit_note", "invoicing:credit_note", to, request_id)


def _send_again(by: User, document: Document, kind: str, url_name: str, to: Sequence[str], request_id: UUID) -> Message:
    if not document.is_issued:
        raise NotIssued(f"{document} is not issued yet; there is nothing to send.")
    before = list(messages_about(document).values_list("pk", flat=True))
    first = messages_about(document).filter(resend_of=None).last()
    if first is not None:
        message = resend_message(by=by, message=first, to=to, request_id=request_id)
    else:
        message = _send_first(by, document, kind, url_name, to)

    if message.pk not in before:
        audit(by, f"{kind}.sent", document, entity=document.entity, after={"to": message.to_addresses})
    return message


def _send_first(by: User, document: Document, kind: str, url_name: str, to: Sequence[str]) -> Message:
    known = recipients_of([document.customer], INVOICES)[document.customer_id]
    wanted = Recipients(to=tuple(to), language=known.language)
    draft = Post(by, document.entity).draft(kind, url_name, document, wanted)
    return queue_messages(by=by, drafts=[draft])[0]
