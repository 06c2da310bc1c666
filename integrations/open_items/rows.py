"""What is found in an export: items to bring in, and rows that are left out with their reason. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class FoundItem:
    """An item that a customer owes (or is owed, when negative), with where it stood in the file."""

    row: int
    customer_code: str
    customer_name: str
    number: str
    document_on: date
    due_on: date | None
    currency: str
    amount: Decimal
    terms: str = ""
    purchase_order: str = ""
    email: str = ""
    settled_on: date | None = None

    @property
    def customer_key(self) -> str:
        """What tells the customer in this file: the other program's code, else the name as it is compared."""
        return self.customer_code or " ".join(self.customer_name.upper().split())


@dataclass(frozen=True)
class LeftOut:
    """A row that doesn't come in. A refused one is wrong; the others are settled or drafts and need nothing."""

    row: int
    label: str
    reason: str
    is_refused: bool


@dataclass
class Reading:
    """A whole file, read."""

    items: list[FoundItem] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    rows: int = 0

    @property
    def refused(self) -> list[LeftOut]:
        """Rows that are wrong."""
        return [row for row in self.left_out if row.is_refused]

    def refuse(self, row: int, label: str, reason: str) -> None:
        """Leave a row out because it is wrong."""
        self.left_out.append(LeftOut(row, label, reason, is_refused=True))

    def skip(self, row: int, label: str, reason: str) -> None:
        """Leave a row out because there is nothing to bring in."""
        self.left_out.append(LeftOut(row, label, reason, is_refused=False))


@dataclass(frozen=True)
class FoundCustomer:
    """A customer of the file: the spelling used most often, and all the others."""

    key: str
    code: str
    name: str
    spellings: Sequence[str]
    currency: str
    terms: str
    net_days: int
    email: str


def customers_in(items: Sequence[FoundItem], usual_days: int) -> list[FoundCustomer]:
    """The customers of a file, each once however often and however differently it is spelled."""
    grouped: dict[str, list[FoundItem]] = {}
    for item in items:
        grouped.setdefault(item.customer_key, []).append(item)
    return [_customer(key, rows, usual_days) for key, rows in grouped.items()]


def _customer(key: str, rows: Sequence[FoundItem], usual_days: int) -> FoundCustomer:
    names = Counter(row.customer_name for row in rows if row.customer_name)
    terms = Counter(row.terms for row in rows).most_common(1)[0][0]
    return FoundCustomer(
        key=key,
        code=rows[0].customer_code,
        name=names.most_common(1)[0][0] if names else rows[0].customer_code,
        spellings=sorted(names),
        currency=Counter(row.currency for row in rows).most_common(1)[0][0],
        terms=terms,
        net_days=net_days_of([row for row in rows if row.terms == terms], usual_days),
        email=next((row.email for row in rows if row.email), ""),
    )


def net_days_of(rows: Sequence[FoundItem], usual_days: int) -> int:
    """Days from document to due date that these terms mean mostly."""
    days = Counter((row.due_on - row.document_on).days for row in rows if row.due_on)
    return days.most_common(1)[0][0] if days else usual_days
