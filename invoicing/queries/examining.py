"""Looking at drafts as they would be issued on a day: what each needs, and what was found."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.models import LegalEntity
from core.rates import NoRate, rate_on
from core.reading import read
from customers.models import Address, BillingRequirements, Customer
from customers.queries import requirements_of
from invoicing.checks import Finding, Surroundings, findings_of
from invoicing.einvoices.drafts import structured_findings
from invoicing.models import Invoice, InvoiceLine, TaxRate
from invoicing.queries.taxing import buyers_of
from invoicing.totals import Totals, totals_of


@dataclass(frozen=True, slots=True)
class Examined:
    """A draft with everything that issuing it takes."""

    invoice: Invoice
    lines: Sequence[InvoiceLine]
    totals: Totals
    address: Address | None
    base_rate: Decimal | None
    required: BillingRequirements
    findings: Sequence[Finding]

    @property
    def is_ready(self) -> bool:
        """Whether nothing stops it."""
        return not self.findings


def examine(*, entity: LegalEntity, invoices: Sequence[Invoice], issued_on: date) -> list[Examined]:
    """Check drafts, many at once, in a handful of questions. Their customers must be loaded."""
    customers = {invoice.customer_id: invoice.customer for invoice in invoices}
    lines = lines_by_invoice(invoices)
    addresses = billing_addresses(customers)
    certified, required = certified_of(customers, issued_on), requirements_of(customers.values())
    rates = base_rates_of(entity, {invoice.currency for invoice in invoices}, issued_on)
    return [
        _examined(
            invoice,
            lines[invoice.pk],
            addresses.get(invoice.customer_id),
            Surroundings(
                entity=entity,
                issued_on=issued_on,
                base_rate=rates[invoice.currency],
                has_address=invoice.customer_id in addresses,
                has_certificate=invoice.customer_id in certified,
            ),
            required[invoice.customer_id],
        )
        for invoice in invoices
    ]


def lines_by_invoice(invoices: Sequence[Invoice]) -> Mapping[int, list[InvoiceLine]]:
    """The lines of each invoice, with their tax rates."""
    keys = [invoice.pk for invoice in invoices]
    rows = read(InvoiceLine, "invoice_id = ANY(%(keys)s) ORDER BY invoice_id, position", keys=keys)
    charged = list({row.tax_rate_id for row in rows})
    rates = {rate.pk: rate for rate in read(TaxRate, "id = ANY(%(keys)s)", keys=charged)}
    lines = defaultdict(list)
    for row in rows:
        row.tax_rate = rates[row.tax_rate_id]
        lines[row.invoice_id].append(row)
    return lines


def billing_addresses(customers: Mapping[int, Customer]) -> dict[int, Address]:
    """The address on the invoices of each customer."""
    billing = "customer_id = ANY(%(customers)s) AND kind = 'billing' AND is_active"
    return {row.customer_id: row for row in read(Address, billing, customers=list(customers))}


def _examined(
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    address: Address | None,
    around: Surroundings,
    required: BillingRequirements,
) -> Examined:
    return Examined(
        invoice=invoice,
        lines=lines,
        totals=totals_of(((line.tax_rate, line.net) for line in lines), invoice.currency),
        address=address,
        base_rate=around.base_rate,
        required=required,
        findings=[
            *findings_of(invoice, lines, around),
            *structured_findings(around.entity, invoice, lines, address, required),
        ],
    )


def certified_of(customers: Mapping[int, Customer], on: date) -> set[int]:
    """The customers whose exemption certificate holds on a day, where they get what they buy."""
    exempt = [customer for customer in customers.values() if customer.tax_status == Customer.TaxStatus.EXEMPT]
    return {pk for pk, buyer in buyers_of(exempt).items() if buyer.is_certified(on)} if exempt else set()


def base_rates_of(entity: LegalEntity, currencies: set[str], on: date) -> dict[str, Decimal | None]:
    """By currency, the rate to the entity's own; None where none is known."""
    return {currency: _base_rate(currency, entity.currency, on) for currency in currencies}


def _base_rate(currency: str, base: str, on: date) -> Decimal | None:
    try:
        return rate_on(currency, base, on)
    except NoRate:
        return None
