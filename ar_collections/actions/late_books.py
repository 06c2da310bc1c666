"""What charges of late interest post: a debit note without tax, and credits of what was too much."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ar_collections.models import LateCharge, LateChargeLine, LateCredit
from ar_collections.queries.late_charges import left_of
from core.models import User
from core.money import ZERO
from core.rates import rate_on
from core.series import take_numbers
from ledger.models import Account, JournalEntry, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, Pair, allocate, post


@dataclass(frozen=True, slots=True)
class Excess:
    """By how much a line of a charge is too high."""

    line: LateChargeLine
    interest: Decimal
    compensation: Decimal

    @property
    def total(self) -> Decimal:
        """Both together."""
        return self.interest + self.compensation


@dataclass(frozen=True, slots=True)
class LateBooks:
    """Posts as one person. Interest and compensation are outside the scope of tax: no line of tax."""

    by: User

    def charge(self, charge: LateCharge, on: date) -> OpenItem:
        """Debit the customer, credit interest income; due by the customer's own terms."""
        (number,) = take_numbers(charge.entity, "debit_note", on)
        item = ItemDraft(number, OpenItem.Kind.DEBIT_NOTE, on, charge.customer.terms.due_on(on))
        amount = charge.money.amount
        lines = [LineDraft(Account.Role.RECEIVABLES, debit=amount, customer=charge.customer, item=item)]
        for part in (charge.interest, charge.compensation):
            if part:
                lines.append(LineDraft(Account.Role.INTEREST_INCOME, credit=part))
        return self._post(charge, JournalEntry.Kind.DEBIT_NOTE, number, lines, on)

    def credit(self, charge: LateCharge, excesses: Sequence[Excess], on: date, reason: str) -> OpenItem | None:
        """Credit what is too much, and settle the charge with it as far as it is open; the rest waits on account."""
        amount = sum((each.total for each in excesses), ZERO)
        if charge.item is None or not amount:
            return None
        day = max(on, charge.item.posted_on)
        count = LateCredit.objects.filter(line__charge=charge).values("item").distinct().count()
        draft = ItemDraft(f"{charge.item.number}/C{count + 1}", OpenItem.Kind.CREDIT_NOTE, day, day)
        lines = [
            LineDraft(Account.Role.INTEREST_INCOME, debit=amount),
            LineDraft(Account.Role.RECEIVABLES, credit=amount, customer=charge.customer, item=draft),
        ]
        credit = self._post(charge, JournalEntry.Kind.CREDIT_NOTE, draft.number, lines, day)
        charge.item.refresh_from_db()
        if left := min(amount, charge.item.open_amount):
            allocate(by=self.by, pairs=[Pair(charge.item, credit, left, day)])
        LateCredit.objects.bulk_create(
            LateCredit(
                line=each.line,
                on=day,
                interest=each.interest,
                compensation=each.compensation,
                item=credit,
                reason=reason.strip()[:400],
                credited_by=self.by,
            )
            for each in excesses
            if each.total
        )
        return credit

    def left(self, charge: LateCharge) -> list[Excess]:
        """What of each line was not credited yet."""
        return [
            Excess(line, *left_of(line))
            for line in charge.lines.select_related("terms", "item__customer").prefetch_related("credits")
        ]

    def _post(
        self, charge: LateCharge, kind: JournalEntry.Kind, number: str, lines: Sequence[LineDraft], on: date
    ) -> OpenItem:
        draft = EntryDraft(
            entity=charge.entity,
            kind=kind,
            posted_on=on,
            currency=charge.currency,
            lines=lines,
            key=f"late_interest:{number}",
            text=f"Late interest, {number}",
            rate=self._rate(charge, on),
        )
        return post(by=self.by, entries=[draft])[0].open_items[0]

    def _rate(self, charge: LateCharge, on: date) -> Decimal:
        """A credit takes the value at which the charge stands in the books."""
        if charge.item is not None and charge.item.line.entry.rate is not None:
            return charge.item.line.entry.rate
        return rate_on(charge.currency, charge.entity.currency, on)
