"""Taking over an invoice or a credit note from the structured file that another program wrote."""

from django.db import transaction

from core.files import store_file
from core.models import LegalEntity, User
from core.permissions import require
from customers.names import compact, name_key
from invoicing.actions.errors import ImportRefused
from invoicing.actions.imports import issue_imported, issue_imported_credit_notes
from invoicing.einvoices.content import PartyContent
from invoicing.einvoices.importing import document_of
from invoicing.einvoices.reading import is_pdf, read_invoice
from invoicing.imported import ImportedInvoice
from invoicing.models import CreditNote, Invoice
from invoicing.queries.structured import customer_named_in


@transaction.atomic
def import_structured(*, by: User, entity: LegalEntity, name: str, content: bytes) -> Invoice | CreditNote:
    """Post the document of a file under the number that it has, and send nothing. Its PDF, if it is one, is kept."""
    require(by, "invoicing.issue_imported", entity)
    read = read_invoice(content)
    _refuse_other_seller(entity, read.seller)
    customer = customer_named_in(entity, read.buyer)
    if customer is None:
        named = " ".join(part for part in (read.buyer.name, read.buyer.tax_number) if part)
        raise ImportRefused(f"{read.number} is for {named}, who is no customer of {entity.name}.")

    document = document_of(read, customer)
    issued: Invoice | CreditNote
    if isinstance(document, ImportedInvoice):
        issued = issue_imported(by=by, entity=entity, invoices=[document])[0]
    else:
        issued = issue_imported_credit_notes(by=by, entity=entity, credit_notes=[document])[0]
    if is_pdf(content):
        type(issued).objects.filter(pk=issued.pk).update(pdf=store_file(by, entity, name, content))
    return issued


def _refuse_other_seller(entity: LegalEntity, seller: PartyContent) -> None:
    """Nobody's purchase invoice becomes a claim of ours."""
    ours = {compact(entity.tax_number), name_key(entity.legal_name), name_key(entity.name)} - {""}
    if not ours & {compact(seller.tax_number), compact(seller.tax_registration), name_key(seller.name)}:
        raise ImportRefused(f"The seller is {seller.name}, not {entity.legal_name}.")
