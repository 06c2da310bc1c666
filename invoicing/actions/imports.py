"""Bringing in documents that another program issued: their numbers stay, they are posted, and nothing is sent.

Rows come by COPY. Lines and taxes come before their document, so that the guards see a document that arrives whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from django.db import transaction

from core.audit import audit
from core.copying import Copier
from core.models import LegalEntity, User
from core.money import ZERO
from core.permissions import require
from core.rates import rate_on
from core.reading import unsaved
from customers.models import take_turns
from invoicing.actions.books import Books
from invoicing.actions.errors import ImportRefused
from invoicing.actions.writing import Writer
from invoicing.imported import ImportedCreditNote, ImportedDocument, ImportedInvoice
from invoicing.models import CreditNote, Document, Invoice, Language, TaxCategory, TaxRate
from invoicing.parties import buyer_of, seller_of
from invoicing.queries.examining import billing_addresses
from invoicing.totals import TaxPart
from ledger.posting import post

DOCUMENT = (
    "id", "entity_id", "customer_id", "number", "issued_on", "currency", "language", "purchase_order", "text", "net",
    "tax", "gross", "rate", "base_tax", "seller_id", "buyer_id", "entry_id", "item_id", "is_imported",
    "drafted_by_id", "version", "request_hash",
)  # fmt: skip
INVOICES = Copier(
    "invoicing_invoice", (*DOCUMENT, "kind", "terms_id", "due_on", "reference", "service_from", "service_until")
)
INVOICE_LINES = Copier(
    "invoicing_invoiceline",
    (
        "position", "description", "detail", "quantity", "unit", "unit_price", "discount_percent", "net",
        "tax_rate_id", "invoice_id",
    ),
)  # fmt: skip
INVOICE_TAXES = Copier("invoicing_invoicetax", ("net", "tax", "tax_rate_id", "invoice_id"))
CREDIT_NOTES = Copier("invoicing_creditnote", (*DOCUMENT, "invoice_id", "reason_code", "reason"))
CREDIT_LINES = Copier(
    "invoicing_creditnoteline",
    (
        "position", "description", "detail", "quantity", "unit", "unit_price", "discount_percent", "net",
        "tax_rate_id", "credit_note_id",
    ),
)  # fmt: skip
CREDIT_TAXES = Copier("invoicing_creditnotetax", ("net", "tax", "tax_rate_id", "credit_note_id"))
ONE = Decimal(1)
DocumentRow = TypeVar("DocumentRow", Invoice, CreditNote)


@transaction.atomic
def issue_imported(*, by: User, entity: LegalEntity, invoices: Sequence[ImportedInvoice]) -> list[Invoice]:
    """Take over invoices with the numbers that they have; all or none. Give a few thousand at a time."""
    require(by, "invoicing.issue_imported", entity)
    take_turns(invoice.customer for invoice in invoices)
    _refuse(invoices, Invoice.objects.filter(entity=entity))

    intake = Intake(by, entity, invoices)
    rows = [intake.invoice(pk, one) for pk, one in zip(INVOICES.new_ids(len(invoices)), invoices, strict=True)]
    INVOICE_LINES.copy(line for row, one in zip(rows, invoices, strict=True) for line in intake.invoice_lines(row, one))
    INVOICE_TAXES.copy(intake.tax(row, one) for row, one in zip(rows, invoices, strict=True))
    books = Books(entity)
    drafts = [
        books.entry_of_invoice(row, one.customer, [intake.part(one)]) for row, one in zip(rows, invoices, strict=True)
    ]
    _enter(by, rows, drafts)
    INVOICES.copy(tuple(getattr(row, name) for name in INVOICES.columns) for row in rows)

    _audit(by, entity, "invoices.imported", rows)
    return rows


@transaction.atomic
def issue_imported_credit_notes(
    *, by: User, entity: LegalEntity, credit_notes: Sequence[ImportedCreditNote]
) -> list[CreditNote]:
    """Take over credit notes with the numbers that they have; all or none. They are not set against anything yet."""
    require(by, "invoicing.issue_imported", entity)
    take_turns(credit_note.customer for credit_note in credit_notes)
    _refuse(credit_notes, CreditNote.objects.filter(entity=entity))
    corrected = _corrected(entity, credit_notes)

    intake = Intake(by, entity, credit_notes)
    rows = [
        intake.credit_note(pk, one, corrected[one.invoice_number])
        for pk, one in zip(CREDIT_NOTES.new_ids(len(credit_notes)), credit_notes, strict=True)
    ]
    CREDIT_LINES.copy(intake.credit_line(row, one) for row, one in zip(rows, credit_notes, strict=True))
    CREDIT_TAXES.copy(intake.tax(row, one) for row, one in zip(rows, credit_notes, strict=True))
    books = Books(entity)
    drafts = [
        books.entry_of_credit_note(row, one.customer, [intake.part(one)])
        for row, one in zip(rows, credit_notes, strict=True)
    ]
    _enter(by, rows, drafts)
    CREDIT_NOTES.copy(tuple(getattr(row, name) for name in CREDIT_NOTES.columns) for row in rows)

    _audit(by, entity, "credit_notes.imported", rows)
    return rows


@dataclass(frozen=True)
class Intake:
    """Turns documents of another program into our rows, with what they share looked up once."""

    by: User
    entity: LegalEntity
    documents: Sequence[ImportedDocument]

    @cached_property
    def rates(self) -> Mapping[Decimal, TaxRate]:
        """Our tax rates by percentage; one that was never charged here is kept as another program's."""
        wanted = {one.tax_percent for one in self.documents}
        known = TaxRate.objects.filter(entity=self.entity, category__in=(TaxCategory.STANDARD, TaxCategory.ZERO))
        found = {rate.percent: rate for rate in known.order_by("valid_from")}
        return {percent: found.get(percent) or self._foreign_rate(percent) for percent in wanted}

    @cached_property
    def base_rates(self) -> Mapping[tuple[str, date], Decimal]:
        """Exchange rates by currency and day."""
        wanted = {(one.currency, one.issued_on) for one in self.documents}
        return {(currency, on): rate_on(currency, self.entity.currency, on) for currency, on in wanted}

    @cached_property
    def parties(self) -> tuple[int, Mapping[int, int]]:
        """The row of the seller, and those of the buyers by customer."""
        customers = {one.customer.pk: one.customer for one in self.documents}
        addresses = billing_addresses(customers)
        seller = seller_of(self.entity)
        buyers = {pk: buyer_of(row, addresses.get(pk), self.entity) for pk, row in customers.items()}
        kept = Writer(self.entity).keep_parties([seller, *buyers.values()])
        return kept[seller.digest], {pk: kept[buyer.digest] for pk, buyer in buyers.items()}

    def part(self, one: ImportedDocument) -> TaxPart:
        """Its net and tax, at our rate."""
        return TaxPart(self.rates[one.tax_percent], one.net, one.tax)

    def invoice(self, pk: int, one: ImportedInvoice) -> Invoice:
        """The row of an invoice."""
        facts = {"kind": Invoice.Kind.OTHER.value, "terms_id": one.terms.pk, "due_on": one.due_on}
        return self._named(unsaved(Invoice, **self._shared(pk, one), **facts, purchase_order=one.purchase_order), one)

    def credit_note(self, pk: int, one: ImportedCreditNote, invoice: Invoice) -> CreditNote:
        """The row of a credit note."""
        reason = one.reason or f"Credit on {one.invoice_number}"
        facts = {"invoice_id": invoice.pk, "reason_code": CreditNote.Reason.OTHER.value, "reason": reason}
        return self._named(unsaved(CreditNote, **self._shared(pk, one), **facts), one)

    def invoice_lines(self, row: Invoice, one: ImportedInvoice) -> Iterable[tuple[Any, ...]]:
        """The rows of its lines; one in all where the other program gave none."""
        rate = self.rates[one.tax_percent].pk
        if not one.lines:
            yield (1, one.number, "", ONE.copy_sign(one.net), "C62", abs(one.net), ZERO, one.net, rate, row.pk)
        for position, line in enumerate(one.lines, start=1):
            yield (
                position,
                line.description[:300],
                "",
                line.quantity,
                "C62",
                line.unit_price,
                ZERO,
                line.net,
                rate,
                row.pk,
            )

    def credit_line(self, row: CreditNote, one: ImportedCreditNote) -> tuple[Any, ...]:
        """The row of its line."""
        rate = self.rates[one.tax_percent].pk
        return (1, row.reason, "", ONE.copy_sign(one.net), "C62", abs(one.net), ZERO, one.net, rate, row.pk)

    def tax(self, row: Document, one: ImportedDocument) -> tuple[Any, ...]:
        """The row of its tax."""
        return (one.net, one.tax, self.rates[one.tax_percent].pk, row.pk)

    def _named(self, row: DocumentRow, one: ImportedDocument) -> DocumentRow:
        row.entity, row.customer = self.entity, one.customer
        return row

    def _shared(self, pk: int, one: ImportedDocument) -> dict[str, Any]:
        seller, buyers = self.parties
        rate = self.base_rates[one.currency, one.issued_on]
        spoken = one.customer.language
        return {
            "id": pk,
            "number": one.number.strip(),
            "issued_on": one.issued_on,
            "currency": one.currency,
            "language": spoken if spoken in Language.values else Language.ENGLISH.value,
            "net": one.net,
            "tax": one.tax,
            "gross": one.gross,
            "rate": rate,
            "base_tax": Books(self.entity).tax_in_books(one.tax, rate),
            "seller_id": seller,
            "buyer_id": buyers[one.customer.pk],
            "is_imported": True,
            "drafted_by_id": self.by.pk,
        }

    def _foreign_rate(self, percent: Decimal) -> TaxRate:
        """A rate of another program ends on the day on which it begins, so that nobody chooses it here."""
        category = TaxCategory.STANDARD if percent else TaxCategory.ZERO
        on = min(one.issued_on for one in self.documents)
        written = f"{percent.normalize():f}"
        return TaxRate.objects.get_or_create(
            entity=self.entity,
            code=f"{category.value}{written}",
            valid_from=on,
            defaults={
                "name": f"{written} % of another program",
                "category": category,
                "percent": percent,
                "valid_until": on,
            },
        )[0]


def _refuse(documents: Sequence[ImportedDocument], ours: Any) -> None:
    numbers = [one.number.strip() for one in documents]
    for one in documents:
        for complaint in one.complaints():
            raise ImportRefused(complaint)
    if len(set(numbers)) < len(numbers):
        twice = next(number for number in numbers if numbers.count(number) > 1)
        raise ImportRefused(f"{twice} comes twice.")
    taken = ours.filter(number__in=numbers).values_list("number", flat=True).first()
    if taken:
        raise ImportRefused(f"{taken} is taken already.")


def _corrected(entity: LegalEntity, credit_notes: Sequence[ImportedCreditNote]) -> dict[str, Invoice]:
    wanted = {one.invoice_number for one in credit_notes}
    found = {str(row.number): row for row in Invoice.objects.filter(entity=entity, number__in=wanted)}
    for one in credit_notes:
        invoice = found.get(one.invoice_number)
        if invoice is None or invoice.customer_id != one.customer.pk:
            raise ImportRefused(f"{one.number} corrects {one.invoice_number}, which {one.customer} doesn't have.")
    return found


def _enter(by: User, rows: Sequence[Document], drafts: Sequence[Any]) -> None:
    for row, entry in zip(rows, post(by=by, entries=drafts), strict=True):
        row.entry_id, row.item_id = entry.pk, entry.open_items[0].pk


def _audit(by: User, entity: LegalEntity, event: str, rows: Sequence[Document]) -> None:
    if rows:
        facts = {"count": len(rows), "first": rows[0].number, "last": rows[-1].number}
        audit(by, event, rows[0], entity=entity, after=facts)
