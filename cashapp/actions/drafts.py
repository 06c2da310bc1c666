"""Receipts before they are posted: what came in, whose it is, and what it pays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from cashapp.money_in import Incoming, Payment
from cashapp.taskbook import BY_HAND, Reasons
from core.models import BankAccount, LegalEntity
from core.money import ZERO
from core.reading import read
from customers.models import Customer
from ledger.models import Account, JournalEntry, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, Pair


class BankAccounts:
    """The ledger's accounts for our accounts at banks, read once a batch."""

    def __init__(self, entity: LegalEntity) -> None:
        self.entity = entity

    @cached_property
    def _by_bank(self) -> dict[int | None, Account]:
        where = "entity_id = %(entity)s AND role = 'bank' AND bank_account_id IS NOT NULL"
        return {account.bank_account_id: account for account in read(Account, where, entity=self.entity.pk)}

    def of(self, bank_account: BankAccount | None) -> Account | Account.Role:
        """The account; where the ledger keeps none for it, the entity's bank account in general."""
        found = self._by_bank.get(bank_account.pk) if bank_account else None
        return found or Account.Role.BANK

    def debit(self, incoming: Incoming) -> LineDraft:
        """The money on our account at the bank, or on that where it is cleared first."""
        return LineDraft(incoming.clearing or self.of(incoming.bank_account), debit=incoming.money.amount)


@dataclass(frozen=True, slots=True)
class Application:
    """Settling documents with a credit item, credit notes first."""

    credit: OpenItem
    pays: Sequence[Payment]
    on: date

    def pairs(self) -> Iterator[Pair]:
        """Every allocation that it takes."""
        left_of = {each.item: -each.amount for each in self.pays if each.amount < 0}
        for payment in self.pays:
            left = max(payment.amount, ZERO)
            for note, available in left_of.items():
                if used := min(left, available):
                    yield self._pair(payment.item, note, used)
                    left_of[note] -= used
                    left -= used
            if left:
                yield self._pair(payment.item, self.credit, left)

    def _pair(self, debit: OpenItem, credit: OpenItem, amount: Decimal) -> Pair:
        return Pair(debit, credit, amount, max(self.on, debit.posted_on, credit.posted_on))


@dataclass(frozen=True, slots=True)
class ReceiptDraft:
    """A receipt of a customer: what came in and what it pays; the rest waits on account."""

    customer: Customer
    incoming: Incoming
    pays: Sequence[Payment] = ()
    reasons: Reasons = BY_HAND
    posted_on: date | None = None

    @property
    def day(self) -> date:
        """The day on which it counts."""
        return self.posted_on or self.incoming.received_on

    def entry(self, number: str, key: str, accounts: BankAccounts) -> EntryDraft:
        """Debit bank, credit receivables with an open item."""
        incoming = self.incoming
        item = ItemDraft(number, OpenItem.Kind.RECEIPT, incoming.received_on, incoming.received_on)
        credit = LineDraft(Account.Role.RECEIVABLES, credit=incoming.money.amount, customer=self.customer, item=item)
        return EntryDraft(
            entity=self.customer.entity,
            kind=JournalEntry.Kind.RECEIPT,
            posted_on=self.day,
            currency=incoming.money.currency,
            lines=(accounts.debit(incoming), credit),
            key=f"receipt:{key}",
            text=f"{number} {self.customer.name}"[:200],
        )
