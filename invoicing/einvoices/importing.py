"""From what another program wrote to a document that can be taken over with its number and its figures. Pure."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from core.money import ZERO
from customers.models import Customer
from invoicing.einvoices.content import InvoiceContent, Kind
from invoicing.einvoices.fields import UnreadableInvoice
from invoicing.imported import ImportedCreditNote, ImportedInvoice, ImportedLine, ImportedTax

ONE = Decimal(1)
EXACT = Decimal("0.000001")


def document_of(content: InvoiceContent, customer: Customer) -> ImportedInvoice | ImportedCreditNote:
    """The document for a customer of ours; raises UnreadableInvoice for what can't be taken over as it is."""
    taxes = _taxes(content)
    if content.prepaid:
        paid = f"{content.prepaid} {content.currency}"
        raise UnreadableInvoice(f"{content.number} says that {paid} were paid before. Take over the payment with it.")
    facts: dict[str, Any] = {
        "number": content.number,
        "customer": customer,
        "issued_on": content.issued_on,
        "currency": content.currency,
        "tax_percent": taxes[0].percent if taxes else Decimal(0),
        "taxes": taxes if len(taxes) > 1 else (),
        "net": content.net,
        "tax": content.tax,
        "gross": content.gross,
    }
    if content.kind is Kind.INVOICE:
        due_on = content.due_on or customer.terms.due_on(content.issued_on)
        order, lines = content.purchase_order[:60], tuple(_lines(content))
        return ImportedInvoice(**facts, due_on=due_on, terms=customer.terms, lines=lines, purchase_order=order)
    if not content.preceding:
        raise UnreadableInvoice(f"{content.number} is a credit note that names no invoice.")
    return ImportedCreditNote(**facts, invoice_number=content.preceding[0].number, reason=content.note[:300])


def _taxes(content: InvoiceContent) -> tuple[ImportedTax, ...]:
    """Net and tax by percentage; zero rated and exempt are 0 % both, and more is not kept of another program."""
    parts: dict[Decimal, ImportedTax] = {}
    for tax in content.taxes:
        before = parts.get(tax.percent, ImportedTax(tax.percent, ZERO, ZERO))
        parts[tax.percent] = ImportedTax(tax.percent, before.net + tax.net, before.tax + tax.tax)
    return tuple(parts.values())


def _lines(content: InvoiceContent) -> Iterator[ImportedLine]:
    is_mixed = len(_taxes(content)) > 1
    for line in content.lines:
        price = (line.price / line.per).quantize(EXACT)
        yield ImportedLine(line.name, line.quantity, price, line.net, line.percent if is_mixed else None)
    if is_mixed and (content.allowances or content.charges):
        yield from _changes_at_each_rate(content)
        return
    for name, amount in (("Allowances", -content.allowances), ("Charges", content.charges)):
        if amount:
            yield ImportedLine(name, ONE.copy_sign(amount), abs(amount), amount)


def _changes_at_each_rate(content: InvoiceContent) -> Iterator[ImportedLine]:
    """What is charged at each rate beyond its lines: EN 16931 puts what is taken off the whole there (BR-S-8)."""
    changes = {tax.percent: tax.net for tax in _taxes(content)}
    for line in content.lines:
        changes[line.percent] = changes.get(line.percent, ZERO) - line.net
    if sum(changes.values(), ZERO) != content.charges - content.allowances:
        raise UnreadableInvoice(f"{content.number}: its allowances and charges are not those of its tax rates.")
    for percent, amount in changes.items():
        if amount:
            yield ImportedLine("Allowances and charges", ONE.copy_sign(amount), abs(amount), amount, percent)
