"""Nine months of a wholesaler's sales (UCI Online Retail), read as orders and cancellations.

A cancellation names no order. It is taken for the latest earlier sale of the same article to the same customer at the
same price with enough left; what was sold before the file begins stands in an order of the day before.
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

COUNTER = "COUNTER"
ZERO = Decimal(0)


@dataclass(slots=True)
class Sold:
    """A line of an order, and how much of it is not cancelled."""

    article: str
    description: str
    quantity: Decimal
    price: Decimal
    left: Decimal


@dataclass(slots=True)
class Order:
    """What one customer bought on one day."""

    number: str
    customer: str
    on: date
    lines: list[Sold] = field(default_factory=list)

    def add(self, row: dict[str, str], quantity: Decimal) -> int:
        """Write a line; its place is answered."""
        name = row["Description"].strip() or row["StockCode"]
        self.lines.append(Sold(row["StockCode"], name, quantity, Decimal(row["UnitPrice"]), quantity))
        return len(self.lines) - 1


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Some of an order's line, given back on a day."""

    on: date
    order: str
    line: int
    quantity: Decimal


@dataclass
class Sales:
    """Orders by their number and cancellations in their order, with what the file says they come to."""

    orders: dict[str, Order]
    cancellations: list[Cancelled]
    sold_before: Decimal
    total: Decimal


def days_of(files: Iterable[Path], most: int | None) -> Iterator[dict[str, str]]:
    """The rows of the first days, or of all."""
    seen: set[str] = set()
    for path in files:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                seen.add(row["InvoiceDate"][:10])
                if most is not None and len(seen) > most:
                    return
                yield row


def read_sales(rows: Iterable[dict[str, str]]) -> Sales:
    """Sort rows into orders and cancellations, each line to the penny.

    Movements of stock without a price and the written-off bad debts at a negative one are no sales.
    """
    sales = Sales({}, [], ZERO, ZERO)
    bought: dict[tuple[str, str, str], list[tuple[Order, int]]] = defaultdict(list)
    first: date | None = None
    for row in rows:
        quantity, price = Decimal(row["Quantity"]), Decimal(row["UnitPrice"])
        if not quantity or price <= 0:
            continue
        sales.total += to_penny(quantity * price)
        on, customer = date.fromisoformat(row["InvoiceDate"][:10]), row["CustomerID"].removesuffix(".0") or COUNTER
        first = first or on
        key = (customer, row["StockCode"], row["UnitPrice"])
        if quantity > 0:
            order = sales.orders.setdefault(row["InvoiceNo"], Order(row["InvoiceNo"], customer, on))
            bought[key].append((order, order.add(row, quantity)))
            continue
        order, line = _bought(bought[key], -quantity) or _bought_before(sales, row, customer, -quantity, first)
        order.lines[line].left += quantity
        sales.cancellations.append(Cancelled(on, order.number, line, -quantity))
    return sales


def to_penny(amount: Decimal) -> Decimal:
    """As an invoice rounds a line."""
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _bought(lines: list[tuple[Order, int]], quantity: Decimal) -> tuple[Order, int] | None:
    return next(((order, line) for order, line in reversed(lines) if order.lines[line].left >= quantity), None)


def _bought_before(
    sales: Sales, row: dict[str, str], customer: str, quantity: Decimal, first: date
) -> tuple[Order, int]:
    number = f"before {row['InvoiceNo']}"
    order = sales.orders.setdefault(number, Order(number, customer, first - timedelta(days=1)))
    sales.sold_before += to_penny(quantity * Decimal(row["UnitPrice"]))
    return order, order.add(row, quantity)
