"""What documents do to the books: receivables against revenue, deferred income and output tax, per rate."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.models import LegalEntity
from core.money import ZERO, round_to_currency
from customers.models import Customer
from invoicing.deferrals import NOTHING, Worth
from invoicing.models import CreditNote, Document, Invoice
from invoicing.totals import TaxPart
from ledger.models import Account, JournalEntry, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft

Parts = Iterable[TaxPart]
Deferred = Mapping[int, Worth]


@dataclass(frozen=True, slots=True)
class Books:
    """The books of an entity, in which documents are entered."""

    entity: LegalEntity

    def entry_of_invoice(
        self, invoice: Invoice, customer: Customer, parts: Parts, deferred: Deferred | None = None
    ) -> EntryDraft:
        """Debit receivables; credit revenue, what is `deferred` at each rate, and output tax."""
        if not invoice.issued_on or not invoice.due_on or not invoice.number:
            raise AssertionError("A document is numbered and dated before it is entered.")
        item = ItemDraft(
            number=invoice.number,
            kind=OpenItem.Kind.INVOICE,
            document_on=invoice.issued_on,
            due_on=invoice.due_on,
            purchase_order=invoice.purchase_order,
            reference=invoice.reference,
        )
        owed = LineDraft(Account.Role.RECEIVABLES, debit=invoice.gross, customer=customer, item=item)
        return self._entry(
            JournalEntry.Kind.INVOICE, invoice, [owed, *self._earned(invoice, parts, Decimal(1), deferred or {})]
        )

    def entry_of_credit_note(
        self, credit_note: CreditNote, customer: Customer, parts: Parts, deferred: Deferred | None = None
    ) -> EntryDraft:
        """Take revenue, what is still `deferred` at each rate, and output tax back; credit the customer."""
        if not credit_note.issued_on or not credit_note.number:
            raise AssertionError("A document is numbered and dated before it is entered.")
        item = ItemDraft(
            number=credit_note.number,
            kind=OpenItem.Kind.CREDIT_NOTE,
            document_on=credit_note.issued_on,
            due_on=credit_note.issued_on,
            purchase_order=credit_note.purchase_order,
        )
        credited = LineDraft(Account.Role.RECEIVABLES, credit=credit_note.gross, customer=customer, item=item)
        lines = [*self._earned(credit_note, parts, Decimal(-1), deferred or {}), credited]
        return self._entry(JournalEntry.Kind.CREDIT_NOTE, credit_note, [*lines, *self._cent_left(credit_note, lines)])

    def tax_in_books(self, tax: Decimal, rate: Decimal) -> Decimal:
        """A tax amount in the currency of the books, as it is posted and printed."""
        return round_to_currency(tax * rate, self.entity.currency)

    def _entry(self, kind: str, document: Document, lines: list[LineDraft]) -> EntryDraft:
        if document.issued_on is None:
            raise AssertionError("A document is dated before it is entered.")
        return EntryDraft(
            entity=self.entity,
            kind=kind,
            posted_on=document.issued_on,
            currency=document.currency,
            lines=lines,
            key=None,
            text=f"{document.number} {document.customer.name}"[:200],
            rate=document.rate,
        )

    def _earned(self, document: Document, parts: Parts, sign: Decimal, deferred: Deferred) -> Iterable[LineDraft]:
        is_foreign = document.currency != self.entity.currency
        for part in parts:
            later = deferred.get(part.rate.pk, NOTHING)
            if later.amount:
                base = abs(later.base) if is_foreign else None
                yield self._line(Account.Role.DEFERRED_INCOME, later.amount * sign, part.rate.code, base)
            if part.net != later.amount:
                yield self._line(Account.Role.REVENUE, (part.net - later.amount) * sign, part.rate.code, None)
            if part.tax:
                base = self.tax_in_books(abs(part.tax), document.rate or ZERO) if is_foreign else None
                yield self._line(Account.Role.OUTPUT_TAX, part.tax * sign, part.rate.code, base)

    def _cent_left(self, document: Document, lines: list[LineDraft]) -> Iterable[LineDraft]:
        """The cent between the sides in the books' currency where every line keeps the worth that it came with."""
        if document.currency == self.entity.currency or any(line.base is None and not line.item for line in lines):
            return
        rate = document.rate or ZERO
        worths = [line.base if line.base is not None else self.tax_in_books(document.gross, rate) for line in lines]
        difference = sum((-worth if line.credit else worth for line, worth in zip(lines, worths, strict=True)), ZERO)
        if difference:
            yield LineDraft(Account.Role.ROUNDING, base=-difference)

    def _line(self, role: Account.Role, amount: Decimal, tax_code: str, base: Decimal | None) -> LineDraft:
        """Earned amounts stand on the credit side; what is deducted, on the debit side."""
        if amount > 0:
            return LineDraft(role, credit=amount, base=base, tax_code=tax_code)
        return LineDraft(role, debit=-amount, base=base, tax_code=tax_code)
