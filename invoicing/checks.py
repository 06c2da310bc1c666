"""What stands between a draft and its number, each finding as a sentence. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.models import LegalEntity
from core.money import Money
from customers.models import Customer
from invoicing.models import Invoice, InvoiceLine, TaxCategory
from invoicing.totals import totals_of

ABSURD_IN_BASE = Decimal(1_000_000_000)
TaxStatus = Customer.TaxStatus
FITTING: dict[str, frozenset[str]] = {
    TaxStatus.STANDARD: frozenset({TaxCategory.STANDARD, TaxCategory.ZERO, TaxCategory.EXEMPT, TaxCategory.OUTSIDE}),
    TaxStatus.REVERSE_CHARGE: frozenset({TaxCategory.REVERSE_CHARGE, TaxCategory.OUTSIDE}),
    TaxStatus.EXEMPT: frozenset({TaxCategory.EXEMPT, TaxCategory.OUTSIDE}),
    TaxStatus.EXPORT: frozenset({TaxCategory.EXPORT, TaxCategory.OUTSIDE}),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to put right before the invoice can be issued."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the checks need to know beside the invoice itself."""

    entity: LegalEntity
    issued_on: date
    base_rate: Decimal | None
    has_address: bool
    has_certificate: bool


def findings_of(invoice: Invoice, lines: Sequence[InvoiceLine], around: Surroundings) -> list[Finding]:
    """Everything that was found."""
    return [
        *_about_customer(invoice, around),
        *_about_sums(invoice, lines, around),
        *_about_tax(invoice, lines, around),
        *_about_dates(invoice, lines),
    ]


def _about_customer(invoice: Invoice, around: Surroundings) -> Iterator[Finding]:
    customer = invoice.customer
    if not customer.is_active:
        yield Finding("customer_inactive", f"{customer} is inactive. Make the customer active first.")
    if not around.has_address:
        yield Finding("no_address", f"{customer} has no billing address, which an invoice must show.")
    if customer.purchase_order_required and not invoice.purchase_order.strip():
        yield Finding("no_purchase_order", f"{customer} pays only with a purchase order number; it is missing.")


def _about_sums(invoice: Invoice, lines: Sequence[InvoiceLine], around: Surroundings) -> Iterator[Finding]:
    if not lines:
        yield Finding("no_lines", "The invoice has no lines.")
        return
    for line in lines:
        if not line.description.strip():
            yield Finding("no_description", f"Line {line.position} says nothing about what is billed.")
        if line.unit_price < 0 or line.quantity == 0:
            yield Finding("line_without_amount", f"Line {line.position} has no usable quantity and price.")
    if invoice.gross <= 0:
        yield Finding("nothing_to_bill", f"The total is {invoice.money}; there is nothing to bill.")
    if around.base_rate is None:
        currencies = f"{invoice.currency} to {around.entity.currency}"
        yield Finding("no_rate", f"No exchange rate from {currencies} is known for {around.issued_on:%d %b %Y}.")
    elif invoice.gross * around.base_rate > ABSURD_IN_BASE:
        yield Finding("absurd_total", f"{invoice.money} is more than anybody is billed at once. Check quantities.")
    sums = totals_of(((line.tax_rate, line.net) for line in lines), invoice.currency)
    if (sums.net, sums.tax) != (invoice.net, invoice.tax):
        right = Money(sums.gross, invoice.currency)
        yield Finding("sums_differ", f"The lines come to {right}, the invoice to {invoice.money}. Save it again.")


def _about_tax(invoice: Invoice, lines: Sequence[InvoiceLine], around: Surroundings) -> Iterator[Finding]:
    customer = invoice.customer
    for line in lines:
        rate = line.tax_rate
        if not rate.is_valid_on(around.issued_on):
            yield Finding(
                "rate_not_valid", f"Line {line.position}: {rate} is not charged on {around.issued_on:%d %b %Y}."
            )
        if rate.category not in FITTING[customer.tax_status]:
            status = customer.get_tax_status_display().partition(":")[0].lower()
            yield Finding("tax_unclear", f"Line {line.position}: {rate} doesn't fit a customer with “{status}”.")
    if lines and customer.tax_status == TaxStatus.EXEMPT and not around.has_certificate:
        yield Finding(
            "no_certificate", f"{customer} has no exemption certificate that holds on {around.issued_on:%d %b %Y}."
        )
    if lines and customer.tax_status == TaxStatus.REVERSE_CHARGE and not customer.tax_number:
        yield Finding("no_tax_number", f"{customer} accounts for the tax and has no tax number on file.")
    if invoice.tax and not around.entity.tax_number:
        yield Finding("seller_without_tax_number", f"{around.entity.legal_name} charges tax without a tax number.")


def _about_dates(invoice: Invoice, lines: Sequence[InvoiceLine]) -> Iterator[Finding]:
    periods = [(invoice.service_from, invoice.service_until, "The service period")]
    periods += [(line.service_from, line.service_until, f"Line {line.position}: the period") for line in lines]
    for start, end, what in periods:
        if end is not None and (start is None or end < start):
            yield Finding("period_reversed", f"{what} ends on {end} and begins on {start or 'no day'}.")
