"""Structured data of documents: what was written, and what a customer takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from customers.models import BillingRequirements, Customer
from customers.queries import requirements_of
from invoicing.einvoices.formats import FORMATS, Profile
from invoicing.models import CreditNote, Invoice, StructuredInvoice

TAKEN = {
    BillingRequirements.FileFormat.PEPPOL: Profile.PEPPOL,
    BillingRequirements.FileFormat.XRECHNUNG: Profile.XRECHNUNG,
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A profile that a document can be had in; `written` is there once it was."""

    profile: Profile
    name: str
    is_wanted: bool
    written: StructuredInvoice | None


def structured_of(document: Invoice | CreditNote) -> QuerySet[StructuredInvoice]:
    """What was written of a document."""
    about = Q(invoice=document.pk) if isinstance(document, Invoice) else Q(credit_note=document.pk)
    return StructuredInvoice.objects.filter(about).select_related("file")


def profile_wanted(customer: Customer) -> Profile | None:
    """The file that goes along with the customer's documents; Factur-X is in the PDF already."""
    wanted = requirements_of([customer])[customer.pk].file_format
    return TAKEN.get(BillingRequirements.FileFormat(wanted))


def offered_for(document: Invoice | CreditNote) -> Sequence[Offered]:
    """The profiles of an issued document for its page, the customer's own marked."""
    if not document.is_issued or document.is_imported:
        return []
    written = {one.profile: one for one in structured_of(document)}
    wanted = profile_wanted(document.customer)
    return [
        Offered(profile, form.name, profile is wanted, written.get(profile.value)) for profile, form in FORMATS.items()
    ]
