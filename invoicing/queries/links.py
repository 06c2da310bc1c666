"""The customer's link: finding it by its key, and who used it."""

from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from invoicing.models import CreditNote, Invoice, InvoiceLink, LinkAccess
from invoicing.models.links import hash_of


def open_link(invoice: Invoice, at: datetime) -> InvoiceLink | None:
    """The link that opens an invoice now; none where it has none, or where it expired or was revoked."""
    return InvoiceLink.objects.filter(invoice=invoice, revoked_at=None, expires_at__gt=at).first()


def address_of(link: InvoiceLink) -> str:
    """What stands in the mail."""
    return urljoin(str(settings.PUBLIC_URL), reverse("portal:invoice", args=[link.key]))


def link_by_key(key: str) -> InvoiceLink | None:
    """The link that a key belongs to, whether or not it still opens."""
    rows = InvoiceLink.objects.select_related("invoice__entity__logo", "invoice__customer", "invoice__item")
    return rows.filter(key_hash=hash_of(key)).first()


def address_of_credit(link: InvoiceLink, credit_note: CreditNote) -> str:
    """What stands in the mail with a credit note: the same link, one step further."""
    return urljoin(str(settings.PUBLIC_URL), reverse("portal:credit_note", args=[link.key, credit_note.pk]))


def credits_behind(link: InvoiceLink) -> QuerySet[CreditNote]:
    """The credit notes that a link opens beside its invoice."""
    rows = CreditNote.objects.filter(invoice=link.invoice_id, number__isnull=False)
    return rows.select_related("entity__logo", "customer", "item", "invoice", "buyer").order_by("pk")


def links_of(invoice: Invoice) -> QuerySet[InvoiceLink]:
    """Every link that there was, the newest first."""
    return InvoiceLink.objects.filter(invoice=invoice).select_related("revoked_by").order_by("-pk")


def accesses_of(invoice: Invoice) -> QuerySet[LinkAccess]:
    """Who used a link to the invoice, the latest first."""
    rows = LinkAccess.objects.filter(link__invoice=invoice).select_related("by", "credit_note")
    return rows.order_by("-pk")
