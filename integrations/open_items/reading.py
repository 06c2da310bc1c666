"""Reading an export with its mapping: every row becomes an item, or is left out with its reason. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from core.currencies import UnknownCurrency, known_currency
from core.money import ZERO, NotAnAmount, round_to_currency, to_decimal
from core.tables import Table, TableRefused
from integrations.open_items.mappings import OpenItemMapping
from integrations.open_items.rows import FoundItem, Reading

LONGEST_NUMBER = 60
EARLIEST = date(1980, 1, 1)
LATEST = date(2100, 1, 1)


class RowRefused(Exception):
    """A cell can't be read; the message says which and why."""


class RowSkipped(Exception):
    """A row that holds nothing to bring in."""


@dataclass(frozen=True)
class Reader:
    """Reads the rows of one file."""

    mapping: OpenItemMapping
    currency: str
    with_settled: bool

    def cell(self, record: Mapping[str, str], name: str) -> str:
        """The text in the column of that meaning; nothing where the program has no such column."""
        column = self.mapping.columns.get(name)
        return record.get(column, "").strip() if column else ""

    def item(self, row: int, record: Mapping[str, str]) -> FoundItem:
        """Read one row, or raise why not."""
        self._skip_others(record)
        number = _whole_number(self.cell(record, "number"))
        name, code = self.cell(record, "customer_name"), self.cell(record, "customer_code")
        if not number:
            raise RowRefused("it has no document number")
        if len(number) > LONGEST_NUMBER:
            raise RowRefused(f"its document number has more than {LONGEST_NUMBER} characters")
        if not (name or code):
            raise RowRefused("it names no customer")
        currency = self._currency(record)
        document_on = self._date(record, "document_on")
        if document_on is None:
            raise RowRefused("it has no document date")
        return FoundItem(
            row=row,
            customer_code=code,
            customer_name=" ".join(name.split()),
            number=number,
            document_on=document_on,
            due_on=self._date(record, "due_on"),
            currency=currency,
            amount=self._amount(record, currency),
            terms=self.cell(record, "terms"),
            purchase_order=self.cell(record, "purchase_order"),
            email=self.cell(record, "email"),
            settled_on=self._date(record, "settled_on"),
        )

    def _skip_others(self, record: Mapping[str, str]) -> None:
        for column, wanted in self.mapping.only_where.items():
            if record.get(column, "").strip() != wanted:
                raise RowSkipped(f"{column} is “{record.get(column, '')}”")
        state = self.cell(record, "state").lower()
        if state in self.mapping.ignored_states:
            raise RowSkipped(f"its state is {state}")
        if state in self.mapping.settled_states and not self.with_settled:
            raise RowSkipped(f"its state is {state}")

    def _currency(self, record: Mapping[str, str]) -> str:
        given = self.cell(record, "currency") or self.mapping.currency or self.currency
        try:
            return known_currency(given)
        except UnknownCurrency:
            raise RowRefused(f"“{given}” is not a currency") from None

    def _date(self, record: Mapping[str, str], name: str) -> date | None:
        text = self.cell(record, name)
        if not text:
            return None
        for pattern in (self.mapping.date_format, "%Y-%m-%d"):
            try:
                found = datetime.strptime(text[:10], pattern).date()  # noqa: DTZ007 - a date has no zone
            except ValueError:
                continue
            if EARLIEST <= found < LATEST:
                return found
        raise RowRefused(f"“{text}” in {self.mapping.columns[name]} is not a date like {self.mapping.date_format}")

    def _amount(self, record: Mapping[str, str], currency: str) -> Decimal:
        """What is to be brought in: what is open, or the whole document when settled ones are wanted as well."""
        amount = self._money(record, "amount", currency) + self._money(record, "open_amount", currency)
        amount += self._money(record, "debit", currency) - self._money(record, "credit", currency)
        return amount if self.with_settled else amount - self._money(record, "paid", currency)

    def _money(self, record: Mapping[str, str], name: str, currency: str) -> Decimal:
        text = self.cell(record, name)
        if not text:
            if name in self.mapping.columns and name not in {"debit", "credit", "paid"}:
                raise RowRefused(f"{self.mapping.columns[name]} is empty")
            return ZERO
        try:
            amount = plain_amount(text)
        except NotAnAmount:
            raise RowRefused(f"“{text}” in {self.mapping.columns[name]} is not an amount") from None
        if amount != round_to_currency(amount, currency):
            raise RowRefused(f"{text} has more decimals than {currency} has")
        return amount


def plain_amount(text: str) -> Decimal:
    """1234.50 out of “$1,234.50”, “($1,234.50)” and “$-1,234.50”; a comma only where it parts thousands."""
    bare = re.sub(r"[\s£€$]", "", text)
    sign = -1 if bare.startswith("(") and bare.endswith(")") else 1
    bare = bare.strip("()")
    if "," in bare and not re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", bare):
        raise NotAnAmount(f"“{text}” is not an amount.")
    return sign * to_decimal(bare.replace(",", ""))


def _whole_number(text: str) -> str:
    """1930571429 where a spreadsheet has made 1930571429.0 of it."""
    return text.removesuffix(".0") if re.fullmatch(r"\d+\.0", text) else text


def read_items(table: Table, mapping: OpenItemMapping, *, currency: str, with_settled: bool = False) -> Reading:
    """Read a whole table. `with_settled` brings in the full amount of settled documents as well, for their history."""
    missing = [column for column in mapping.columns.values() if column not in table.headings]
    if len(missing) > len(mapping.columns) // 2 or mapping.columns["number"] in missing:
        raise TableRefused(f"This is no export of {mapping.program}: there is no column {', '.join(missing[:4])}.")
    reader, reading = Reader(mapping, currency, with_settled), Reading()
    found: dict[tuple[str, str], FoundItem] = {}
    for row, record in table.records():
        reading.rows += 1
        label = record.get(mapping.columns["number"], "")
        try:
            _add(found, reader.item(row, record), mapping)
        except RowRefused as refusal:
            reading.refuse(row, label, _sentence(str(refusal)))
        except RowSkipped as skip:
            reading.skip(row, label, _sentence(str(skip)))
    reading.items = list(_right_ones(found.values(), reading, with_settled=with_settled))
    return reading


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}."


def _add(found: dict[tuple[str, str], FoundItem], item: FoundItem, mapping: OpenItemMapping) -> None:
    """Join the rows of one document: their parts are added up, or repeat what stood before."""
    key = (item.customer_key, item.number)
    first = found.get(key)
    if first is None:
        found[key] = item
    elif mapping.rows_add_up:
        found[key] = replace(first, amount=first.amount + item.amount)
    elif (first.amount, first.document_on) != (item.amount, item.document_on):
        raise RowRefused(f"document {item.number} stands in row {first.row} with another amount or date")


def _right_ones(items: Iterable[FoundItem], reading: Reading, *, with_settled: bool) -> Iterator[FoundItem]:
    numbers: dict[str, FoundItem] = {}
    for item in items:
        if item.amount == ZERO or (item.settled_on and not with_settled):
            reading.skip(item.row, item.number, "It is settled.")
        elif item.due_on and item.due_on < item.document_on:
            reading.refuse(
                item.row,
                item.number,
                f"It is due on {item.due_on:%d %b %Y}, before its date {item.document_on:%d %b %Y}.",
            )
        elif item.number in numbers:
            other = numbers[item.number]
            reading.refuse(item.row, item.number, f"Row {other.row} has the same number for {other.customer_name}.")
        else:
            numbers[item.number] = item
            yield item
