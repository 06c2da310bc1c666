"""What became of the mails and letters that carried a document."""

from typing import TypeVar, cast

from django.db.models import QuerySet

from invoicing.models import Document, OtherDelivery
from messaging.models import Message

AnyDocument = TypeVar("AnyDocument", bound=Document)
KINDS = {"invoice": "invoice", "creditnote": "credit_note"}


def messages_about(document: Document) -> QuerySet[Message]:
    """Every message that carried a document, the newest first."""
    kind = KINDS[str(document._meta.model_name)]
    rows = Message.objects.filter(customer=document.customer_id, kind=kind, document=document.number or "")
    return rows.order_by("-pk")


def other_deliveries_of(document: Document) -> QuerySet[OtherDelivery]:
    """How people say that a document arrived, the newest first, with what was taken back."""
    rows = OtherDelivery.objects.filter(**{KINDS[str(document._meta.model_name)]: document.pk})
    return rows.select_related("recorded_by", "ended_by")


def without_pdf(kind: type[AnyDocument], count: int) -> QuerySet[AnyDocument]:
    """Issued documents whose PDF is still to be made, in no order, so that workers rarely meet at the same one."""
    rows = cast(QuerySet[AnyDocument], kind.objects.all())
    waiting = rows.filter(number__isnull=False, pdf=None, is_imported=False)
    return waiting.select_related("entity").order_by("?")[:count]
