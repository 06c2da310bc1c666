"""A customer's account for the tests, written in a line each: what was invoiced, paid, credited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from core.models import User
from customers.models import Customer
from ledger.models import Account, JournalEntry, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, Pair, allocate, post

Role = Account.Role
Kind = OpenItem.Kind


@dataclass(frozen=True)
class Books:
    """Posts to one customer's account."""

    by: User
    customer: Customer

    def invoice(
        self, number: str, amount: str, on: date, due: date, *, order: str = "", currency: str = "", rate: str = ""
    ) -> OpenItem:
        """The customer owes this much."""
        item = ItemDraft(number, Kind.INVOICE, on, due, purchase_order=order)
        return self._post(item, debit=Decimal(amount), against=Role.REVENUE, currency=currency, rate=rate)

    def receipt(self, number: str, amount: str, on: date, *, currency: str = "", rate: str = "") -> OpenItem:
        """Money came in."""
        item = ItemDraft(number, Kind.RECEIPT, on, on)
        return self._post(item, credit=Decimal(amount), against=Role.BANK, currency=currency, rate=rate)

    def credit_note(self, number: str, amount: str, on: date) -> OpenItem:
        """The customer is credited this much."""
        item = ItemDraft(number, Kind.CREDIT_NOTE, on, on)
        return self._post(item, credit=Decimal(amount), against=Role.REVENUE)

    @transaction.atomic
    def apply(self, credit: OpenItem, debit: OpenItem, amount: str, on: date) -> None:
        """Settle a debit with a credit."""
        allocate(by=self.by, pairs=[Pair(debit, credit, Decimal(amount), on)])

    @transaction.atomic
    def _post(
        self,
        item: ItemDraft,
        *,
        against: Account.Role,
        debit: Decimal = Decimal(0),
        credit: Decimal = Decimal(0),
        currency: str = "",
        rate: str = "",
    ) -> OpenItem:
        lines: Sequence[LineDraft] = (
            LineDraft(Role.RECEIVABLES, debit=debit, credit=credit, customer=self.customer, item=item),
            LineDraft(against, debit=credit, credit=debit),
        )
        draft = EntryDraft(
            self.customer.entity,
            JournalEntry.Kind(item.kind),
            item.document_on,
            currency or self.customer.currency,
            lines,
            key=f"{item.kind}:{item.number}",
            rate=Decimal(rate) if rate else None,
        )
        return post(by=self.by, entries=[draft])[0].open_items[0]


def brightwater(books: Books) -> None:
    """The account of a chain of hotels on 20 November 2026: part paid, late, not due, and a receipt on account."""
    july, october = date(2026, 7, 26), date(2026, 10, 20)
    books.invoice("INV-24120", "7488.00", july, date(2026, 8, 25), order="PO 87450")
    books.invoice("INV-24119", "7890.00", date(2026, 8, 29), date(2026, 9, 28), order="PO 87991")
    part_paid = books.invoice("INV-24118", "1676.00", date(2026, 9, 1), date(2026, 10, 1), order="PO 88010")
    books.invoice("INV-24117", "4302.00", date(2026, 9, 18), date(2026, 10, 18), order="PO 88102")
    books.invoice("INV-24131", "11420.40", october, date(2026, 11, 19), order="PO 88240")
    books.invoice("INV-24152", "10980.00", date(2026, 11, 2), date(2026, 12, 2), order="PO 88377")
    books.invoice("INV-24160", "3145.60", date(2026, 11, 9), date(2026, 12, 9), order="PO 88377")
    books.apply(books.receipt("RC-5510", "505.00", date(2026, 11, 3)), part_paid, "505.00", date(2026, 11, 3))
    books.receipt("RC-5521", "1250.00", date(2026, 11, 17))
