"""Structured data of documents: what was written, and what a customer takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from core.models import LegalEntity
from customers.models import Customer
from customers.names import compact, name_key
from customers.queries import requirements_of
from invoicing.einvoices.composing import buyer_content, seller_content
from invoicing.einvoices.content import PartyContent
from invoicing.einvoices.demands import Asked, missing_for
from invoicing.einvoices.drafts import TAKEN
from invoicing.einvoices.formats import FORMATS, Profile
from invoicing.models import CreditNote, Invoice, StructuredInvoice, TaxCategory


@dataclass(frozen=True, slots=True)
class Offered:
    """A profile that a document can be had in; `written` once it was; `missing` says what stands in its way."""

    profile: Profile
    name: str
    is_wanted: bool
    written: StructuredInvoice | None
    missing: Sequence[str]


def structured_of(document: Invoice | CreditNote) -> QuerySet[StructuredInvoice]:
    """What was written of a document."""
    about = Q(invoice=document.pk) if isinstance(document, Invoice) else Q(credit_note=document.pk)
    return StructuredInvoice.objects.filter(about).select_related("file")


def profile_wanted(customer: Customer) -> Profile | None:
    """The file that goes along with the customer's documents; Factur-X is in the PDF already."""
    wanted = requirements_of([customer])[customer.pk].file_format
    return TAKEN.get(wanted)


def customer_named_in(entity: LegalEntity, buyer: PartyContent) -> Customer | None:
    """Our customer behind a buyer: by tax number, else by our code, else by name; None where it is unclear."""
    ours = Customer.objects.filter(entity=entity).select_related("terms", "entity")
    ways = (
        Q(tax_number=compact(buyer.tax_number)) if buyer.tax_number else None,
        Q(code=buyer.code) if buyer.code else None,
        Q(name_key=name_key(buyer.name)),
    )
    for way in ways:
        found = list(ours.filter(way)[:2]) if way is not None else []
        if len(found) == 1:
            return found[0]
    return None


def offered_for(document: Invoice | CreditNote) -> Sequence[Offered]:
    """The profiles of an issued document for its page, the customer's own marked."""
    if not document.is_issued or document.is_imported:
        return []
    written = {one.profile: one for one in structured_of(document)}
    wanted, asked = profile_wanted(document.customer), _asked(document)
    return [
        Offered(
            profile,
            form.name,
            profile is wanted,
            written.get(profile.value),
            () if profile.value in written else missing_for(profile, asked),
        )
        for profile, form in FORMATS.items()
    ]


def _asked(document: Invoice | CreditNote) -> Asked:
    """What the profiles look at, of a document whose parties, lines and taxes are loaded."""
    seller, buyer = document.seller, document.buyer
    if seller is None or buyer is None:
        raise AssertionError("An issued document has both parties.")
    shown = not any(line.tax_rate.category == TaxCategory.OUTSIDE for line in document.lines.all())
    return Asked(
        seller=seller_content(seller, document.entity.name, shown),
        buyer=buyer_content(buyer, shown),
        currency=document.currency,
        categories=frozenset(tax.tax_rate.category for tax in document.taxes.all()),
        purchase_order=document.purchase_order,
        buyer_reference=buyer.buyer_reference,
    )
