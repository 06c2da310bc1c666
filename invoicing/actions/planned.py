"""Writing planned invoices as drafts: rows come by COPY, and the days that they bill with them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from core.audit import audit_many
from core.copying import Copier
from core.models import LegalEntity, User
from invoicing.billing.rows import Rows
from invoicing.models import BilledPeriod, BillingRun, Invoice

INVOICES = Copier(
    "invoicing_invoice",
    (
        "id", "entity_id", "customer_id", "currency", "language", "purchase_order", "text", "net", "tax", "gross",
        "is_imported", "drafted_by_id", "version", "request_hash", "kind", "terms_id", "reference", "service_from",
        "service_until", "cost_centre", "is_final", "is_consolidated", "billing_run_id",
    ),
)  # fmt: skip
LINES = Copier(
    "invoicing_invoiceline",
    (
        "id", "invoice_id", "position", "description", "detail", "quantity", "unit", "unit_price", "discount_percent",
        "tax_rate_id", "net", "product_id", "service_from", "service_until",
    ),
)  # fmt: skip
TAXES = Copier("invoicing_invoicetax", ("invoice_id", "tax_rate_id", "net", "tax"))
PERIODS = Copier("invoicing_billedperiod", ("line_id", "invoice_line_id", "first_on", "last_on", "working"))
LONGEST_WORKING = BilledPeriod._meta.get_field("working").max_length


@dataclass(frozen=True, slots=True)
class Drafting:
    """Writes drafts of a company for a person, and for a run if there is one. The customers are locked before."""

    by: User
    entity: LegalEntity
    run: BillingRun | None = None

    def write(self, planned: Sequence[Rows]) -> list[Invoice]:
        """The drafts, with their lines, tax and billed days."""
        self._number(planned)
        INVOICES.copy(_values(rows.invoice, INVOICES) for rows in planned)
        LINES.copy(_values(line, LINES) for rows in planned for line in rows.lines)
        TAXES.copy(_values(tax, TAXES) for rows in planned for tax in rows.taxes)
        PERIODS.copy(period for rows in planned for period in _periods(rows))
        invoices = [rows.invoice for rows in planned]
        audit_many(self.by, "invoice.drafted", invoices, entity=self.entity, after_each=_summary)
        return invoices

    def _number(self, planned: Sequence[Rows]) -> None:
        """Give the rows their ids and tie them together."""
        line_ids = iter(LINES.new_ids(sum(len(rows.lines) for rows in planned)))
        for rows, pk in zip(planned, INVOICES.new_ids(len(planned)), strict=True):
            rows.invoice.pk, rows.invoice.drafted_by_id = pk, self.by.pk
            rows.invoice.billing_run_id = self.run.pk if self.run else None
            for line in rows.lines:
                line.pk, line.invoice_id = next(line_ids), pk
            for tax in rows.taxes:
                tax.invoice_id = pk


def _periods(rows: Rows) -> Iterator[tuple[object, ...]]:
    """The days of contract lines that the lines of an invoice bill."""
    for line, charge in zip(rows.lines, rows.charges, strict=True):
        yield (charge.line.pk, line.pk, charge.days.first_on, charge.days.last_on, charge.working[:LONGEST_WORKING])


def _values(row: object, copier: Copier) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in copier.columns)


def _summary(invoice: Invoice) -> dict[str, str]:
    return {"customer": str(invoice.customer), "total": str(invoice.money), "days": _days(invoice)}


def _days(invoice: Invoice) -> str:
    parts: Iterable[date | None] = (invoice.service_from, invoice.service_until)
    return " to ".join(str(day) for day in parts)
