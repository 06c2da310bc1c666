"""Bringing in documents that another program issued: their numbers stay, they are posted, and nothing is sent.

Rows come by COPY. Lines and taxes come before their document, so that the guards see a document that arrives whole.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from invoicing.actions.deferring import Schedules
from invoicing.actions.errors import ImportRefused
from invoicing.actions.writing import Writer
from invoicing.imported import ImportedCreditNote, ImportedDocument, ImportedInvoice
from invoicing.models import CreditNote, DeferralSchedule, Document, Invoice, Language, TaxCategory, TaxRate
from invoicing.parties import buyer_of, seller_of
from invoicing.queries.crediting_deferred import taken_by
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
Rates = Mapping[Decimal, TaxRate]
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
    INVOICE_TAXES.copy(tax for row, one in zip(rows, invoices, strict=True) for tax in intake.taxes(row, one))
    books = Books(entity)
    drafts = [
        books.entry_of_invoice(row, one.customer, intake.parts(one)) for row, one in zip(rows, invoices, strict=True)
    ]
    _enter(by, rows, drafts)
    INVOICES.copy(tuple(getattr(row, name) for name in INVOICES.columns) for row in rows)

    _audit(by, entity, "invoices.imported", rows)
    return rows


@transaction.atomic
def issue_imported_credit_notes(
    *, by: User, entity: LegalEntity, credit_notes: Sequence[ImportedCreditNote]
) -> list[CreditNote]:
    """Take over credit notes with the numbers that they have; all or none. They are not set against anything yet.

    What one takes back of an invoice of ours that is still deferred is taken from its schedules.
    """
    require(by, "invoicing.issue_imported", entity)
    take_turns(credit_note.customer for credit_note in credit_notes)
    _refuse(credit_notes, CreditNote.objects.filter(entity=entity))
    corrected = _corrected(entity, credit_notes)

    intake = Intake(by, entity, credit_notes)
    rows = [
        intake.credit_note(pk, one, corrected[one.invoice_number])
        for pk, one in zip(CREDIT_NOTES.new_ids(len(credit_notes)), credit_notes, strict=True)
    ]
    deferring = _with_schedules(corrected.values())
    pairs = list(zip(rows, credit_notes, strict=True))
    _take_over(intake, [(row, one) for row, one in pairs if row.invoice_id not in deferring])
    for row, one in pairs:
        if row.invoice_id in deferring:
            _take_over_deferred(intake, row, one, corrected[one.invoice_number])

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
        wanted = {part.percent for one in self.documents for part in one.parts}
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

    def parts(self, one: ImportedDocument, rates: Rates | None = None) -> list[TaxPart]:
        """Its net and tax, at our rates or at other ones."""
        return [TaxPart((rates or self.rates)[part.percent], part.net, part.tax) for part in one.parts]

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
        if not one.lines:
            yield from _summed_lines(row, one.number, self.parts(one))
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
                self.rates[one.tax_percent if line.tax_percent is None else line.tax_percent].pk,
                row.pk,
            )

    def credit_lines(
        self, row: CreditNote, one: ImportedCreditNote, rates: Rates | None = None
    ) -> Iterable[tuple[Any, ...]]:
        """The rows of its lines, one at each tax rate."""
        return _summed_lines(row, row.reason, self.parts(one, rates))

    def taxes(self, row: Document, one: ImportedDocument, rates: Rates | None = None) -> Iterable[tuple[Any, ...]]:
        """The rows of its tax."""
        return ((part.net, part.tax, part.rate.pk, row.pk) for part in self.parts(one, rates))

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
            "base_tax": _tax_in_books(self.entity, one, rate),
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


def _with_schedules(invoices: Iterable[Invoice]) -> set[int]:
    """The invoices of which some income is, or was, deferred."""
    rows = DeferralSchedule.objects.filter(invoice_line__invoice__in=[invoice.pk for invoice in invoices])
    return set(rows.values_list("invoice_line__invoice", flat=True))


def _take_over(intake: Intake, pairs: Sequence[tuple[CreditNote, ImportedCreditNote]]) -> None:
    """Credit notes that take back nothing but revenue, many at once."""
    CREDIT_LINES.copy(line for row, one in pairs for line in intake.credit_lines(row, one))
    CREDIT_TAXES.copy(tax for row, one in pairs for tax in intake.taxes(row, one))
    books = Books(intake.entity)
    drafts = [books.entry_of_credit_note(row, one.customer, intake.parts(one)) for row, one in pairs]
    _enter(intake.by, [row for row, _ in pairs], drafts)
    CREDIT_NOTES.copy(tuple(getattr(row, name) for name in CREDIT_NOTES.columns) for row, _ in pairs)


def _take_over_deferred(intake: Intake, row: CreditNote, one: ImportedCreditNote, invoice: Invoice) -> None:
    """One that also takes back what isn't earned yet: at the rates of its invoice, as credit notes of ours."""
    charged = {tax.tax_rate.percent: tax.tax_rate for tax in invoice.taxes.select_related("tax_rate")}
    rates = {**intake.rates, **charged}
    row.invoice, row.rate = invoice, invoice.rate
    row.base_tax = _tax_in_books(intake.entity, one, invoice.rate or ONE)
    CREDIT_LINES.copy(intake.credit_lines(row, one, rates))
    CREDIT_TAXES.copy(intake.taxes(row, one, rates))
    taken = taken_by(row)
    books = Books(intake.entity)
    draft = books.entry_of_credit_note(row, one.customer, intake.parts(one, rates), taken.by_rate)
    entry = post(by=intake.by, entries=[draft])[0]
    row.entry_id, row.item_id = entry.pk, entry.open_items[0].pk
    CREDIT_NOTES.copy([tuple(getattr(row, name) for name in CREDIT_NOTES.columns)])
    Schedules(intake.by, intake.entity).credit(entry, taken)


def _summed_lines(row: Document, text: str, parts: Iterable[TaxPart]) -> Iterator[tuple[Any, ...]]:
    """A line at each tax rate, for a document that gives none."""
    for position, part in enumerate(parts, start=1):
        quantity, price = ONE.copy_sign(part.net), abs(part.net)
        yield (position, text, "", quantity, "C62", price, ZERO, part.net, part.rate.pk, row.pk)


def _tax_in_books(entity: LegalEntity, one: ImportedDocument, rate: Decimal) -> Decimal:
    """The tax as it is posted: rounded at each of its rates."""
    books = Books(entity)
    return sum((books.tax_in_books(part.tax, rate) for part in one.parts), ZERO)


def _enter(by: User, rows: Sequence[Document], drafts: Sequence[Any]) -> None:
    for row, entry in zip(rows, post(by=by, entries=drafts), strict=True):
        row.entry_id, row.item_id = entry.pk, entry.open_items[0].pk


def _audit(by: User, entity: LegalEntity, event: str, rows: Sequence[Document]) -> None:
    if rows:
        facts = {"count": len(rows), "first": rows[0].number, "last": rows[-1].number}
        audit(by, event, rows[0], entity=entity, after=facts)
