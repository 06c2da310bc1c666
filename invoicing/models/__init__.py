"""Invoices and credit notes, their lines, their tax and the parties that they name."""

from invoicing.models.credit_notes import CreditNote, CreditNoteLine, CreditNoteTax
from invoicing.models.documents import Document, DocumentLine, DocumentTax, Language, Unit
from invoicing.models.invoices import Invoice, InvoiceLine, InvoiceTax
from invoicing.models.parties import Party
from invoicing.models.tax import TaxCategory, TaxRate

__all__ = [
    "CreditNote",
    "CreditNoteLine",
    "CreditNoteTax",
    "Document",
    "DocumentLine",
    "DocumentTax",
    "Invoice",
    "InvoiceLine",
    "InvoiceTax",
    "Language",
    "Party",
    "TaxCategory",
    "TaxRate",
    "Unit",
]
