"""What is left of an invoice to credit. Only issued credit notes count."""

from invoicing.crediting import left_of
from invoicing.credits import Creditable
from invoicing.models import CreditNoteTax, Invoice, InvoiceTax
from invoicing.queries.crediting_deferred import lines_left
from invoicing.totals import TaxPart


def creditable(invoice: Invoice) -> Creditable:
    """An issued invoice with what is left of it, per rate and per line."""
    charged = InvoiceTax.objects.filter(invoice=invoice).select_related("tax_rate")
    issued = {"credit_note__invoice": invoice, "credit_note__number__isnull": False}
    credited = list(CreditNoteTax.objects.filter(**issued).select_related("tax_rate"))
    lines = list(invoice.lines.select_related("tax_rate"))
    return Creditable(
        invoice=invoice,
        lines=lines,
        left=left_of(map(_part, charged), map(_part, credited)),
        left_of_lines=lines_left(invoice, lines).left,
        touched=bool(credited),
    )


def _part(row: InvoiceTax | CreditNoteTax) -> TaxPart:
    return TaxPart(row.tax_rate, row.net, row.tax)
