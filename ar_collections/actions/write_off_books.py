"""What write-offs post: the loss, the tax claimed back, and a part that is owed again because money came for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ar_collections.models import WriteOff, WriteOffItem
from core.models import User
from core.rates import rate_on
from core.series import take_numbers
from ledger.models import Account, JournalEntry, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, Pair, allocate, post, reverse_allocations, reverse_entry

Role = Account.Role
ADJUSTMENT = JournalEntry.Kind.ADJUSTMENT


@dataclass(frozen=True, slots=True)
class WriteOffBooks:
    """Posts as one person."""

    by: User

    def write_off(self, row: WriteOff, lines: Sequence[WriteOffItem], on: date) -> OpenItem:
        """Debit bad debt or the allowance, credit the customer, and settle the documents with it."""
        (number,) = take_numbers(row.entity, "write_off", on)
        credit = ItemDraft(number, OpenItem.Kind.ADJUSTMENT, on, on)
        drafts = [
            LineDraft(Role(row.against), debit=row.amount),
            LineDraft(Role.RECEIVABLES, credit=row.amount, customer=row.customer, item=credit),
        ]
        item = self._post(row, f"write_off:{number}", f"Write-off {number}", drafts, on).open_items[0]
        allocate(by=self.by, pairs=[Pair(line.item, item, line.amount, on) for line in lines])
        return item

    def reverse(self, item: OpenItem, on: date, reason: str) -> None:
        """Open the documents again from a day on."""
        settled = list(item.credit_allocations.filter(amount__gt=0, reversed_by=None))
        day = max([on, item.posted_on, *(each.allocated_on for each in settled)])
        reverse_allocations(by=self.by, allocations=settled, allocated_on=day, reason=reason[:200])
        reverse_entry(by=self.by, entry=item.line.entry, posted_on=day, reason=reason[:200])

    def claim(self, line: WriteOffItem, amount: Decimal, on: date) -> JournalEntry:
        """The tax comes back from the tax office and lessens the loss."""
        row = line.write_off
        drafts = [LineDraft(Role.BAD_DEBT_TAX_RELIEF, debit=amount), LineDraft(Role(row.against), credit=amount)]
        return self._post(row, f"tax_relief:{line.pk}", f"Tax relief on {line.item.number}", drafts, on)

    def recover(
        self, line: WriteOffItem, receipt: OpenItem, amount: Decimal, tax: Decimal, count: int, on: date
    ) -> OpenItem:
        """A part is owed again and settled with the receipt at once; tax that was claimed back on it is repaid."""
        row = line.write_off
        number = f"{row}/{line.item.number}/R{count}"[:58]
        again = ItemDraft(number, OpenItem.Kind.ADJUSTMENT, on, on)
        drafts = [
            LineDraft(Role.RECEIVABLES, debit=amount, customer=row.customer, item=again),
            LineDraft(Role.BAD_DEBT_RECOVERED, credit=amount - tax),
        ]
        if tax:
            drafts.append(LineDraft(Role.OUTPUT_TAX, credit=tax))
        item = self._post(row, f"recovery:{number}", f"Recovered of {row}", drafts, on).open_items[0]
        allocate(by=self.by, pairs=[Pair(item, receipt, amount, on)])
        return item

    def undo_recovery(self, item: OpenItem, on: date, reason: str) -> JournalEntry:
        """That part is owed no more, and tax that was repaid is claimed back again; the money is on account."""
        settled = list(item.debit_allocations.filter(amount__gt=0, reversed_by=None))
        day = max([on, item.posted_on, *(each.allocated_on for each in settled)])
        reverse_allocations(by=self.by, allocations=settled, allocated_on=day, reason=reason[:200])
        return reverse_entry(by=self.by, entry=item.line.entry, posted_on=day, reason=reason[:200])

    def _post(self, row: WriteOff, key: str, text: str, lines: Sequence[LineDraft], on: date) -> JournalEntry:
        draft = EntryDraft(
            entity=row.entity,
            kind=ADJUSTMENT,
            posted_on=on,
            currency=row.currency,
            lines=lines,
            key=key,
            text=text[:200],
            rate=rate_on(row.currency, row.entity.currency, on),
        )
        return post(by=self.by, entries=[draft])[0]
