"""Remittances as CSV or workbook: columns by their headings, what stands above them by its labels."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from cashapp.remittances.labels import role_of
from cashapp.remittances.model import (
    MOST_LINES,
    ZERO,
    Advice,
    CodeList,
    RemittanceRefused,
    StatedDeduction,
    StatedLine,
    credits_fitted,
)
from cashapp.remittances.text import Reading
from cashapp.remittances.writing import currency_in, day_in
from cashapp.statements.values import number_amount, squeeze, written_amount
from core.rows import Cell, Limits, Row, csv_rows, workbook_rows, written

LIMITS = Limits(rows=MOST_LINES + 200, columns=120)
HEADINGS_WITHIN = 40
CREDIT_WORDS = ("credit", "gutschrift", "avoir", "abono", "cn")
ABOUT_THE_PAYMENT = ("trace", "payer", "payer_code", "paid_on", "currency", "reference")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each part stands, and how amounts are written."""

    name: str
    header: Row
    roles: dict[str, int]
    decimal: str

    def text(self, row: Row, role: str) -> str:
        """A cell as text; empty where there is no such column."""
        place = self.roles.get(role)
        return squeeze(written(row.cells[place])) if place is not None and place < len(row.cells) else ""

    def amount(self, row: Row, role: str) -> Decimal | None:
        """A cell as an amount; None where it is empty."""
        place = self.roles.get(role)
        cell: Cell = row.cells[place] if place is not None and place < len(row.cells) else ""
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            return number_amount(cell)
        told = written(cell)
        if not told or told in ("-", "–"):
            return None
        try:
            return written_amount(told, self.decimal, "," if self.decimal == "." else ".")
        except ValueError:
            raise RemittanceRefused(f"{self.name}, row {row.number}: “{told[:30]}” is no amount.") from None

    def day(self, row: Row, role: str) -> date | None:
        """A cell as a day; None where it is empty or may mean two days."""
        place = self.roles.get(role)
        cell: Cell = row.cells[place] if place is not None and place < len(row.cells) else ""
        if isinstance(cell, datetime):
            return cell.date()
        return cell if isinstance(cell, date) else day_in(written(cell))


def read_csv(text: str, name: str) -> list[Advice]:
    """Every payment of a CSV file."""
    return read_rows(csv_rows(name, text, LIMITS, strict=False), name, "CSV")


def read_workbook(content: bytes, name: str) -> list[Advice]:
    """Every payment of a workbook's first sheet."""
    return read_rows(workbook_rows(name, content, LIMITS), name, "Workbook")


def read_rows(rows: Sequence[Row], name: str, file_format: str) -> list[Advice]:
    """Rows under headings; one payment, or one for each payment number in a column."""
    columns = find_columns(rows, name)
    if columns is None:
        raise RemittanceRefused(
            f"{name} has no row of headings that names a document and an amount, such as “Invoice” and “Amount”."
        )
    return read_under(rows, columns, file_format)


def read_under(rows: Sequence[Row], columns: Columns, file_format: str) -> list[Advice]:
    """Every payment below the headings, by what the columns mean."""
    head = _above(rows, columns)
    payments: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row.number > columns.header.number:
            if _is_total(row, columns):
                head.totals += [amount for amount in [columns.amount(row, "paid")] if amount is not None]
            elif columns.text(row, "number") or columns.text(row, "purchase_order"):
                payments[tuple(columns.text(row, role) for role in ("trace", "payer", "payer_code"))].append(row)
    if not payments:
        raise RemittanceRefused(f"{columns.name} has headings, but no row below them names a document.")
    return [_advice(each, columns, head, file_format, len(payments) == 1) for each in payments.values()]


def find_columns(rows: Sequence[Row], name: str) -> Columns | None:
    """The row of headings: the one among the first that tells most, with a document and an amount."""
    best: tuple[int, Row, dict[str, int]] | None = None
    for row in rows[:HEADINGS_WITHIN]:
        roles = roles_of(row)
        names_document = "number" in roles or "purchase_order" in roles
        if names_document and ("paid" in roles or "gross" in roles) and (best is None or len(roles) > best[0]):
            best = (len(roles), row, roles)
    if best is None:
        return None
    return Columns(name, best[1], best[2], decimal_sign(rows))


def roles_of(row: Row) -> dict[str, int]:
    """The first column of each meaning; of two that may be what is paid, the first is the document's amount."""
    roles: dict[str, int] = {}
    for place, cell in enumerate(row.cells):
        role = role_of(written(cell)[:60])
        if role == "total":
            role = "paid"
        if role == "paid" and "paid" in roles and "gross" not in roles:
            roles["gross"], roles["paid"] = roles["paid"], place
        elif role:
            roles.setdefault(role, place)
    return roles


def decimal_sign(rows: Sequence[Row]) -> str:
    """A comma where amounts end in a comma and two digits more often than in a point."""
    cells = [cell.strip() for row in rows for cell in row.cells if isinstance(cell, str) and len(cell) < 30]
    commas = sum(1 for cell in cells if cell[-3:-2] == "," and cell[-2:].isdecimal())
    points = sum(1 for cell in cells if cell[-3:-2] == "." and cell[-2:].isdecimal() and not day_in(cell))
    return "," if commas > points else "."


def _above(rows: Sequence[Row], columns: Columns) -> Reading:
    """Labels and values above the headings, beside each other or in one cell."""
    reading = Reading()
    for row in rows:
        if row.number >= columns.header.number:
            break
        cells = [squeeze(written(cell)) for cell in row.cells]
        for cell, following in zip(cells, [*cells[1:], ""], strict=True):
            label, colon, value = cell.partition(":")
            role = role_of(label)
            if role and role not in ("number", "deduction"):
                reading.label(role, value.strip() if colon and value.strip() else following)
    return reading


def _is_total(row: Row, columns: Columns) -> bool:
    return any(role_of(written(cell)[:40]) == "total" for cell in row.cells if isinstance(cell, str))


def _advice(rows: Sequence[Row], columns: Columns, head: Reading, file_format: str, is_only: bool) -> Advice:
    lines = [_line(row, columns) for row in rows]
    told = {role: columns.text(rows[0], role) or head.told.get(role, "") for role in ABOUT_THE_PAYMENT}
    nets = [line.net for line in lines]
    total = head.totals[-1] if is_only and head.totals else None
    if total is None and None not in nets:
        total = sum((net or ZERO for net in nets), ZERO)
    return Advice(
        file_format=file_format,
        reference=told["reference"] or told["trace"],
        trace=told["trace"],
        payer=told["payer"],
        payer_code=told["payer_code"],
        paid_on=columns.day(rows[0], "paid_on") or day_in(head.told.get("paid_on", "")),
        currency=currency_in(told["currency"].upper()),
        total=total,
        lines=credits_fitted(lines, total),
        memo=head.told.get("memo", "")[:400],
        findings=tuple(head.findings),
    )


def _line(row: Row, columns: Columns) -> StatedLine:
    deduction = columns.amount(row, "deduction")
    discount = columns.amount(row, "discount")
    line = StatedLine(
        number=columns.text(row, "number")[:60],
        paid=columns.amount(row, "paid"),
        gross=columns.amount(row, "gross"),
        discount=abs(discount) if discount is not None else None,
        purchase_order=columns.text(row, "purchase_order")[:60],
        is_credit=columns.text(row, "is_credit").casefold().startswith(CREDIT_WORDS),
        dated_on=columns.day(row, "dated_on"),
        note=columns.text(row, "memo")[:400],
        place=f"row {row.number}",
    )
    return replace(line, deductions=_deductions(line, deduction, columns, row))


def _deductions(line: StatedLine, deduction: Decimal | None, columns: Columns, row: Row) -> tuple[StatedDeduction, ...]:
    """The sign is not agreed among customers: the one that explains gross less paid holds, else it is kept back."""
    if not deduction:
        return ()
    code, words = columns.text(row, "code"), columns.text(row, "reason")
    amount = abs(deduction)
    if line.gross is not None and line.paid is not None:
        missing = line.gross - (line.discount or ZERO) - line.paid
        amount = missing if abs(missing) == amount else amount
    return (StatedDeduction(amount, code[:20], CodeList.OWN if code else CodeList.NONE, words[:200]),)
