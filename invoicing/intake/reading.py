"""What an uploaded file would bring, before anything is stored: every row, and the items that rows make together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from core.tables import Table, read_table
from customers.models import Customer
from invoicing.amending import AmendmentDraft
from invoicing.contract_drafts import ContractDraft, ContractLineDraft, complaints_about_contract
from invoicing.intake.columns import usable
from invoicing.intake.rows import Kind, Known, ReadRow, RowReader, UsageDraft, draft_of_order
from invoicing.models import Contract, ContractIntake, Product

Draft = ContractDraft | UsageDraft | tuple[Contract, AmendmentDraft]


@dataclass(frozen=True, slots=True)
class Item:
    """Something that comes in once: an order of one or several rows, an amendment, a reading."""

    source_id: str
    rows: list[ReadRow]
    draft: Draft | None

    @property
    def label(self) -> str:
        """Where it stands in the file."""
        numbers = [row.number for row in self.rows]
        where = f"row {numbers[0]}" if len(numbers) == 1 else f"rows {numbers[0]} to {numbers[-1]}"
        return f"{self.source_id or 'No id'}, {where}"

    @property
    def complaint(self) -> str:
        """All that is wrong with it, in one text."""
        return " ".join(f"Row {row.number}: {error}" for row in self.rows for error in row.errors)


@dataclass
class Preview:
    """Every row, and the items that they make."""

    table: Table
    items: list[Item]

    @property
    def rows(self) -> list[ReadRow]:
        """The rows as they stand in the file."""
        return sorted((row for item in self.items for row in item.rows), key=lambda row: row.number)

    @cached_property
    def wrong(self) -> int:
        """Rows that can't come in as they are, or stand in an order with such a row."""
        return sum(len(item.rows) for item in self.items if item.draft is None)

    @property
    def right(self) -> list[Item]:
        """The items that come in."""
        return [item for item in self.items if item.draft is not None]


def preview_of(intake: ContractIntake) -> Preview:
    """Read the file as its columns were chosen."""
    table = read_table(intake.file.name, intake.file.read())
    columns = usable(intake.kind, intake.columns, table.headings)
    records = [(number, _by_field(cells, columns)) for number, cells in table.records()]
    known = _known(intake, [cells for _, cells in records])
    readers = [RowReader(intake.kind, number, cells, known) for number, cells in records]
    return Preview(table, _items(intake, readers))


def _by_field(cells: Mapping[str, str], columns: Mapping[str, str]) -> dict[str, str]:
    return {key: cells[heading].strip() for heading, key in columns.items() if cells.get(heading, "").strip()}


def _known(intake: ContractIntake, cells: Iterable[Mapping[str, str]]) -> Known:
    """Only what the file names, so that a file of ten rows reads no ten thousand customers."""
    named: dict[str, set[str]] = defaultdict(set)
    for one in cells:
        for key in ("customer", "product", "contract"):
            if one.get(key):
                named[key].update({one[key], one[key].upper()})
    entity = intake.entity
    customers = Customer.objects.filter(entity=entity, code__in=named["customer"]).select_related("terms")
    products = Product.objects.filter(entity=entity, code__in=named["product"])
    contracts = Contract.objects.filter(entity=entity, number__in=named["contract"]).select_related("entity")
    return Known(
        customers={row.code.casefold(): row for row in customers},
        products={row.code.casefold(): row for row in products},
        contracts={row.number.casefold(): row for row in contracts},
        decimal_sign=intake.decimal_sign,
    )


def _items(intake: ContractIntake, readers: list[RowReader]) -> list[Item]:
    if intake.kind == Kind.ORDERS:
        return _orders(intake, readers)
    items = [_single(intake.kind, reader) for reader in readers]
    return _once(items)


def _single(kind: str, reader: RowReader) -> Item:
    draft: Draft | None = reader.amendment() if kind == Kind.AMENDMENTS else reader.reading()
    return Item(reader.row.source_id, [reader.row], draft if not reader.row.errors else None)


def _once(items: list[Item]) -> list[Item]:
    """The same id twice in a file is an error of the later row: nobody can say which of them is meant."""
    first: dict[tuple[str, object], int] = {}
    kept = []
    for item in items:
        row = item.rows[0]
        key = (item.source_id, row.cells.get("contract"))
        if item.source_id and key in first:
            row.errors.append(f"The id {item.source_id} stands in row {first[key]} already.")
            item = Item(item.source_id, item.rows, None)
        first.setdefault(key, row.number)
        kept.append(item)
    return kept


def _orders(intake: ContractIntake, readers: list[RowReader]) -> list[Item]:
    groups: dict[str, list[RowReader]] = defaultdict(list)
    for reader in readers:
        groups[reader.row.source_id or f"#{reader.row.number}"].append(reader)
    return [_order(intake, group) for group in groups.values()]


def _order(intake: ContractIntake, readers: list[RowReader]) -> Item:
    rows, source_id = [reader.row for reader in readers], readers[0].row.source_id
    read: list[tuple[dict[str, Any], ContractLineDraft | None]] = [reader.order() for reader in readers]
    _refuse_contradictions(rows, [facts for facts, _ in read])
    lines = [(facts, line) for facts, line in read if line is not None]
    if any(row.errors for row in rows) or len(lines) < len(rows):
        return Item(source_id, rows, None)
    draft = draft_of_order(lines, source_id)
    rows[0].errors += complaints_about_contract(draft, intake.entity)
    return Item(source_id, rows, None if rows[0].errors else draft)


def _refuse_contradictions(rows: list[ReadRow], facts: list[dict[str, Any]]) -> None:
    for row, said in zip(rows[1:], facts[1:], strict=True):
        if (said["customer"], said["starts_on"]) != (facts[0]["customer"], facts[0]["starts_on"]):
            row.errors.append(f"Customer and start differ from row {rows[0].number} of the same order.")
