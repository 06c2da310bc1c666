"""Entries by which money of one currency becomes money of another. Part of the actions that exchange.

An entry is in one currency, so an exchange takes two, one for each currency. They meet on the exchange clearing account
at the same value in the books. What the money is worth more or less than that is realised at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.models import LegalEntity
from core.money import ZERO, Money
from ledger.models import Account, JournalEntry
from ledger.posting import EntryDraft, LineDraft

Role = Account.Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """The lines of one currency: what they come to and what that is worth in the books, debit positive."""

    entity: LegalEntity
    on: date
    money: Money
    worth: Decimal
    lines: Sequence[LineDraft]
    key: str
    text: str

    def entry(self, met_at: Decimal) -> EntryDraft:
        """The entry, which meets its other half at a value in the books, debit positive as well."""
        is_foreign = self.money.currency != self.entity.currency
        gap = met_at - self.worth
        realised = [LineDraft(Role.EXCHANGE_DIFFERENCES, base=gap)] if gap else []
        meeting = LineDraft.signed(Role.EXCHANGE_CLEARING, -self.money.amount, abs(met_at) if is_foreign else None)
        return EntryDraft(
            entity=self.entity,
            kind=JournalEntry.Kind.TRANSFER,
            posted_on=self.on,
            currency=self.money.currency,
            lines=(*self.lines, meeting, *realised),
            key=self.key,
            text=self.text[:200],
            rate=_rate(self.money.amount, self.worth or met_at) if is_foreign else None,
        )


def _rate(amount: Decimal, worth: Decimal) -> Decimal | None:
    """The rate that the entry's values come to."""
    return (abs(worth) / abs(amount)).quantize(Decimal("1E-8")) if amount and worth != ZERO else None
