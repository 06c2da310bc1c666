"""What became of the mails and letters that carried a document."""

from django.db.models import QuerySet

from invoicing.models import Document
from messaging.models import Message

KINDS = {"invoice": "invoice", "creditnote": "credit_note"}


def messages_about(document: Document) -> QuerySet[Message]:
    """Every message that carried a document, the newest first."""
    kind = KINDS[str(document._meta.model_name)]
    rows = Message.objects.filter(customer=document.customer_id, kind=kind, document=document.number or "")
    return rows.order_by("-pk")
