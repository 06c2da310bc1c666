"""A statement as a workbook with real figures and dates, in the customer's language."""

from collections.abc import Iterator

from ar_collections.papers.writer import Writer
from ar_collections.statements import CurrencyStatement, CustomerStatement
from core.currencies import minor_units
from core.papers import in_groups
from core.xlsx import Cell, Column, Sheet


def sheets_of(statement: CustomerStatement) -> list[Sheet]:
    """The open items of each currency, and its movements where the statement has a first day."""
    writer = Writer(statement)
    sheets = [_open_items(writer, part) for part in statement.parts]
    if statement.starts_on:
        sheets += [_movements(writer, part) for part in statement.parts]
    return sheets


def _open_items(writer: Writer, part: CurrencyStatement) -> Sheet:
    words, money = writer.words, _money_format(part)
    columns = [
        Column(words.date, 12),
        Column(words.document, 22),
        Column(words.type, 18),
        Column(words.your_order, 18),
        Column(words.due, 12),
        Column(words.days_over, 11),
        Column(words.amount, 15, total=True, number_format=money),
        Column(words.settled, 15, total=True, number_format=money),
        Column(words.open, 15, total=True, number_format=money),
        Column(words.running, 15, number_format=money),
    ]
    return Sheet(f"{words.open_items} {part.currency}", columns, _item_rows(writer, part), _notes(writer, part))


def _item_rows(writer: Writer, part: CurrencyStatement) -> Iterator[list[Cell]]:
    for line in part.lines:
        item = line.item
        yield [
            item.document_on,
            item.number,
            writer.kind(item.kind, item.amount),
            item.purchase_order,
            None if line.is_credit else item.due_on,
            line.days_overdue or None,
            item.amount,
            line.settled,
            item.open_amount,
            line.balance,
        ]


def _movements(writer: Writer, part: CurrencyStatement) -> Sheet:
    words, money, starts_on = writer.words, _money_format(part), writer.statement.starts_on
    columns = [
        Column(words.date, 12),
        Column(words.document, 22),
        Column(words.type, 18),
        Column(words.debit, 15, total=True, number_format=money),
        Column(words.credit, 15, total=True, number_format=money),
        Column(words.running, 15, number_format=money),
    ]
    name = f"{words.debit}, {words.credit} {part.currency}"
    opening: list[Cell] = [starts_on, "", words.brought_forward, None, None, part.brought_forward]
    return Sheet(name, columns, [opening, *_movement_rows(writer, part)], _notes(writer, part))


def _movement_rows(writer: Writer, part: CurrencyStatement) -> Iterator[list[Cell]]:
    for movement in part.movements:
        posting = movement.posting
        kind = writer.kind(posting.kind, posting.amount)
        yield [posting.posted_on, posting.number, kind, movement.debit, movement.credit, movement.balance]


def _notes(writer: Writer, part: CurrencyStatement) -> list[tuple[str, str]]:
    words, customer = writer.words, writer.statement.customer
    facts = [
        (words.statement, writer.entity.legal_name),
        (words.customer, f"{customer.name} ({customer.code})"),
        (words.as_at, writer.day(writer.statement.as_of)),
        (words.currency, writer.currency(part)),
        (words.overdue_now, writer.money(part.overdue, part)),
        (words.balance_after_credits, writer.money(part.balance, part)),
        (words.reference, in_groups(customer.payment_reference)),
    ]
    return [(str(label), value) for label, value in facts if value]


def _money_format(part: CurrencyStatement) -> str:
    places = minor_units(part.currency)
    return "#,##0" + ("." + "0" * places if places else "")
