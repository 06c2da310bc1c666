"""What a person filled in at the cash desk beside documents of another currency: ticks, amounts and rates."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.forms import DecimalField
from django.http import QueryDict

from cashapp.actions.exchanges import Exchange
from cashapp.exchanging import Rate
from cashapp.models import ReceiptExchange
from cashapp.queries.desk_abroad import RowAbroad
from core.forms import AmountField
from core.money import ZERO, Money

RATE = DecimalField(max_digits=18, decimal_places=8, min_value=Decimal("1E-8"))


@dataclass(slots=True)
class SheetAbroad:
    """The documents of other currencies with what was typed beside them."""

    rows: Sequence[RowAbroad]
    errors: list[str] = field(default_factory=list)

    def read(self, data: QueryDict, left: Money) -> None:
        """Take ticks, rates and amounts. A tick without an amount takes what the money that is left is worth."""
        for row in self.rows:
            key = row.item.pk
            is_ticked, row.apply = f"tick_{key}" in data, None
            if not is_ticked:
                continue
            row.rate = self._rate(row, data.get(f"rate_{key}", "").strip())
            row.apply = self._amount(row, data.get(f"apply_{key}", ""))
            if row.apply is None and row.rate is not None and not row.error:
                row.apply = self._what_is_left(row, left)
            left = Money(left.amount - row.takes, left.currency)

    def _rate(self, row: RowAbroad, given: str) -> Rate | None:
        if not given:
            if row.offered is None:
                self._refuse(row, f"no rate is known for {row.item.currency}; write the one agreed")
            return row.offered
        try:
            value: Decimal = RATE.clean(given.replace(",", "."))
        except ValidationError:
            self._refuse(row, f"“{given[:20]}” is no rate")
            return None
        if row.offered is not None and value == row.offered.value:
            return row.offered
        return Rate(value, ReceiptExchange.RateKind.AGREED)

    def _amount(self, row: RowAbroad, given: str) -> Decimal | None:
        try:
            amount: Decimal | None = AmountField(required=False).clean(given)
        except ValidationError as error:
            self._refuse(row, " ".join(error.messages))
            return None
        return amount

    def _refuse(self, row: RowAbroad, why: str) -> None:
        row.error = why
        self.errors.append(f"{row.item.number}: {why}.")

    @staticmethod
    def _what_is_left(row: RowAbroad, left: Money) -> Decimal:
        if row.rate is None or left.amount <= 0:
            return ZERO
        opened: Decimal = row.item.open_amount
        return min(opened, row.rate.worth_of(left, row.item.currency))

    def taken_of(self, available: Money) -> Decimal:
        """What they take of the money together."""
        left = available.amount
        for row in self.rows:
            left -= row.taken_of(Money(left, available.currency))
        return available.amount - left

    @property
    def exchanges(self) -> list[Exchange]:
        """What is to be exchanged."""
        return [Exchange(row.item, row.apply, row.rate) for row in self.rows if row.apply and row.rate]
