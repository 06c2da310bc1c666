"""What stands in the way of a draft's structured file, asked before it has a number. Pure."""

from collections.abc import Sequence

from core.models import LegalEntity
from customers.models import Address, BillingRequirements
from invoicing.checks import Finding
from invoicing.einvoices.composing import buyer_content, seller_content
from invoicing.einvoices.demands import Asked, missing_for
from invoicing.einvoices.formats import Profile
from invoicing.models import Invoice, InvoiceLine, StructuredInvoice, TaxCategory
from invoicing.parties import buyer_of, seller_of

FileFormat = BillingRequirements.FileFormat
TAKEN: dict[str, Profile] = {
    FileFormat.PEPPOL: StructuredInvoice.Profile.PEPPOL,
    FileFormat.XRECHNUNG: StructuredInvoice.Profile.XRECHNUNG,
}


def structured_findings(
    entity: LegalEntity,
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    address: Address | None,
    required: BillingRequirements,
) -> list[Finding]:
    """What the file that the customer takes demands and doesn't have; nothing where it takes none."""
    profile = TAKEN.get(required.file_format)
    if profile is None:
        return []
    categories = frozenset(line.tax_rate.category for line in lines)
    shown = TaxCategory.OUTSIDE not in categories
    asked = Asked(
        seller=seller_content(seller_of(entity), entity.name, shown),
        buyer=buyer_content(buyer_of(invoice.customer, address, entity, required), shown),
        currency=invoice.currency,
        categories=categories,
        purchase_order=invoice.purchase_order,
        buyer_reference=required.buyer_reference,
    )
    return [Finding("structured_data_missing", sentence) for sentence in missing_for(profile, asked)]
