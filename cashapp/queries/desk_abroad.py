"""Documents of other currencies at the cash desk: at which rate the line would settle them, and what speaks for it."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from cashapp.exchanging import NEAR, NotExchangeable, Rate, exchanged
from cashapp.matching.text import compact
from cashapp.models import BankStatementLine, ReceiptExchange
from cashapp.queries.exchanges import bank_rate, rate_of_day
from core.money import ZERO, Money
from core.rates import NoRate
from customers.models import Customer
from ledger.models import OpenItem

Kind = ReceiptExchange.RateKind
MOST_DOCUMENTS = 100
SHORTEST_NUMBER = 4


@dataclass(slots=True)
class RowAbroad:
    """An open document of another currency, the rate, and what the line would settle of it."""

    item: OpenItem
    money_currency: str
    offered: Rate | None = None
    rate: Rate | None = None
    apply: Decimal | None = None
    why: list[str] = field(default_factory=list)
    error: str = ""

    @property
    def is_ticked(self) -> bool:
        """Whether the line settles it."""
        return self.apply is not None

    @property
    def settles(self) -> Money:
        """What is settled of it, in its own currency."""
        return Money(self.apply or ZERO, self.item.currency)

    @property
    def takes(self) -> Decimal:
        """What that takes of the money, before what is only rounding."""
        return self.rate.price_of(self.settles, self.money_currency) if self.rate and self.apply else ZERO

    @property
    def left(self) -> Decimal:
        """What stays open."""
        left: Decimal = self.item.open_amount - (self.apply or ZERO)
        return left

    @property
    def rate_shown(self) -> str:
        """The rate as it is typed."""
        return f"{self.rate.value.normalize():f}" if self.rate else ""

    def taken_of(self, available: Money) -> Decimal:
        """What it takes of what is left for it, with the penny that is only rounding."""
        if self.rate is None or not self.apply:
            return ZERO
        try:
            return exchanged(available, self.settles, self.rate).used.amount
        except NotExchangeable:
            return self.takes


def rows_abroad(customer: Customer | None, line: BankStatementLine, available: Money) -> list[RowAbroad]:
    """The customer's open documents in other currencies; those that the line names are proposed."""
    if customer is None:
        return []
    items = OpenItem.objects.filter(customer=customer, side=OpenItem.Side.DEBIT, open_amount__gt=0).exclude(
        currency=available.currency
    )
    found = items.select_related("customer__terms").order_by("due_on", "number")[:MOST_DOCUMENTS]
    rows = [RowAbroad(item, available.currency) for item in found]
    offers = {currency: _offer(currency, line) for currency in {row.item.currency for row in rows}}
    for row in rows:
        row.offered = row.rate = offers[row.item.currency]
    _propose([row for row in rows if _is_named(row.item, line)], line, available)
    return rows


def named_abroad(line: BankStatementLine) -> int | None:
    """The customer whose open document of another currency the line names, where that is one customer's."""
    told = set(re.findall(r"[\w/.-]{4,}", f"{line.text} {line.references.get('end_to_end', '')}".upper()))
    items = OpenItem.objects.filter(
        entity=line.bank_account.entity_id, number__in=told, side=OpenItem.Side.DEBIT, open_amount__gt=0
    )
    found = set(items.exclude(currency=line.currency).values_list("customer", flat=True)) if told else set()
    return found.pop() if len(found) == 1 else None


def _offer(currency: str, line: BankStatementLine) -> Rate | None:
    try:
        return bank_rate(line, currency) or rate_of_day(currency, line.currency, line.booked_on)
    except NoRate:
        return None


def _is_named(item: OpenItem, line: BankStatementLine) -> bool:
    told = compact(" ".join([line.text, line.references.get("end_to_end", "")]))
    number = compact(item.number)
    return len(number) >= SHORTEST_NUMBER and number in told


def _propose(named: list[RowAbroad], line: BankStatementLine, available: Money) -> None:
    """One document that is named and that the money pays at a rate near the day's: a person has only to agree."""
    for row in named:
        row.why.append("Named in the text")
    if len(named) != 1 or named[0].offered is None:
        return
    (row,) = named
    opened, offered = row.item.open_money, named[0].offered
    implied = Rate.between(available, opened, Kind.AGREED)
    if offered.kind == Kind.BANK:
        row.apply = min(opened.amount, Money(line.original_amount or ZERO, opened.currency).amount)
        row.why.append(f"The bank changed {Money(row.apply, opened.currency)} before it booked the line")
    elif abs(implied.value - offered.value) <= NEAR * offered.value:
        row.apply, row.rate = opened.amount, implied
        row.why.append(f"Paid at {implied.value.normalize():f}; the day's rate is {offered.value.normalize():f}")
    else:
        row.apply = min(opened.amount, offered.worth_of(available, opened.currency))
        row.why.append(f"At the rate of the day it would be {Money(row.apply, opened.currency)}")
