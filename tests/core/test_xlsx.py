"""Workbooks hold real numbers and dates, and nothing that somebody typed becomes a formula."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from core.xlsx import Column, Sheet, workbook_bytes

COLUMNS = [Column("Customer", 30), Column("Due", 12), Column("Open", 14, total=True)]


def read(content: bytes, sheet: str) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name(sheet).to_python()


def test_numbers_and_dates_arrive_as_such() -> None:
    rows = [("Acme", date(2026, 5, 4), Decimal("1234.50")), ("Beta", None, Decimal("-1.00"))]

    table = read(workbook_bytes([Sheet("Open items", COLUMNS, rows)]), "Open items")

    assert table[0] == ["Customer", "Due", "Open"]
    assert table[1] == ["Acme", date(2026, 5, 4), 1234.5]
    assert table[2] == ["Beta", "", -1.0]


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    content = workbook_bytes([Sheet("S", [Column("Note")], [(text,)])])

    assert read(content, "S")[1] == [text]


def test_characters_that_no_workbook_may_hold_are_dropped() -> None:
    assert read(workbook_bytes([Sheet("S", [Column("Note")], [("a\x00b\x0bc",)])]), "S")[1] == ["abc"]


def test_notes_stand_above_the_table() -> None:
    sheet = Sheet("S", [Column("A")], [("x",)], notes=[("As at", "4 May 2026")])

    assert read(workbook_bytes([sheet]), "S")[0] == ["As at", "4 May 2026"]
    assert read(workbook_bytes([sheet]), "S")[2:] == [["A", ""], ["x", ""]]


def test_a_total_is_a_formula_that_knows_its_value() -> None:
    rows = [("Acme", None, Decimal("10.50")), ("Beta", None, Decimal("-1.00"))]

    assert read(workbook_bytes([Sheet("S", COLUMNS, rows)]), "S")[4] == ["Total", "", 9.5]


def test_pounds_and_dollars_are_never_added_up() -> None:
    columns = [Column("Customer"), Column("Currency"), Column("Open", total=True)]
    rows = [("Acme", "GBP", Decimal(10)), ("Beta", "USD", Decimal(7)), ("Core", "GBP", Decimal(5))]

    table = read(workbook_bytes([Sheet("S", columns, rows)]), "S")

    assert table[5:] == [["Total GBP", "", 15.0], ["Total USD", "", 7.0]]


def test_rows_are_taken_one_by_one() -> None:
    def rows() -> Iterator[tuple[str, Decimal]]:
        for number in range(5000):
            yield f"Customer {number}", Decimal(number)

    table = read(workbook_bytes([Sheet("S", [Column("A"), Column("B")], rows())]), "S")

    assert len(table) == 5001
