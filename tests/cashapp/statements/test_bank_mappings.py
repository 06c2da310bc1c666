"""Every mapping that comes with the product: it works, and a file that is laid out as it says is known by it."""

import csv
import io
from decimal import Decimal

import pytest

from cashapp.statements import read_file
from cashapp.statements.bank_mappings import BANK_MAPPINGS, BankMapping, bank_mapping_for
from cashapp.statements.mapping import Column, ColumnMapping
from core.rows import Row

BY_TITLES = [each for each in BANK_MAPPINGS if each.titles]
DATES = {"YYYY": "2026", "YY": "26", "MM": "05", "MON": "May", "DD": "13"}


def written_date(pattern: str) -> str:
    for token, value in DATES.items():
        pattern = pattern.replace(token, value)
    return pattern


def row_for(bank: BankMapping) -> dict[Column, str]:
    """A receipt of 1 234.50, written as the bank writes it."""
    mapping = bank.mapping
    amount = f"1{mapping.thousands}234{mapping.decimal}50"
    cells: dict[Column, str] = dict.fromkeys(bank.titles, "")
    cells[mapping.booked_on] = written_date(mapping.date_format)
    cells[mapping.amount or mapping.credit] = amount
    if mapping.indicator:
        cells[mapping.indicator] = "Credit" if "Credit" in mapping.credit_words else "C"
    if mapping.row_kind:
        cells[mapping.row_kind] = mapping.line_kinds[0]
    if mapping.currency:
        cells[mapping.currency] = "EUR"
    for column in mapping.text:
        cells[column] = "INV-1"
    return cells


def columns_of(mapping: ColumnMapping) -> list[Column]:
    named = [value for name, value in mapping.as_dict().items() if name in NAMED]
    return [*named, *mapping.text]


NAMED = frozenset(
    "value_on payer payer_account end_to_end bank_reference creditor_reference mandate cheque balance account "
    "original_amount original_currency".split()
)


@pytest.mark.parametrize("bank", BY_TITLES, ids=lambda each: each.mapping.name)
def test_a_file_with_its_headings_is_read_by_it_wherever_they_stand(bank: BankMapping) -> None:
    if bank.mapping.row_kind:
        pytest.skip("its rows are told apart by a column without a heading; a real file of it is read elsewhere")
    cells = row_for(bank)
    titles = [*cells, *(each for each in columns_of(bank.mapping) if each not in cells)]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=bank.mapping.delimiter or ",")
    writer.writerow(["Statement of an account", *[""] * (len(titles) - 1)])
    writer.writerow(titles)
    writer.writerow([cells.get(title, "") for title in titles])
    if bank.mapping.skip_footer:
        writer.writerow(["Balance", *[""] * (len(titles) - 1)])

    file = read_file(out.getvalue().encode(), "bank.csv")

    assert file.mapping and not file.guessed
    twins = {each.mapping.name for each in BY_TITLES if each.titles == bank.titles}
    assert file.mapping.name in twins
    (line,) = file.statements[0].lines
    assert line.amount == Decimal("1234.50")
    assert line.booked_on.isoformat() == "2026-05-13"
    assert "INV-1" in line.text


def test_no_two_banks_are_told_by_the_same_headings_and_dates() -> None:
    told = [(each.titles, each.mapping.date_format) for each in BY_TITLES]

    assert len(told) == len(set(told)) and len(BANK_MAPPINGS) > 50


def test_headings_whose_first_row_is_written_another_way_are_guessed() -> None:
    titles = ("Date", "Counter Party", "Reference", "Type", "Amount (GBP)", "Balance (GBP)")

    assert bank_mapping_for([Row(1, titles), Row(2, ("13/05/2026", "Acme", "INV-1", "FPS", "1.00", "1.00"))])
    assert not bank_mapping_for([Row(1, titles), Row(2, ("2026-05-13", "Acme", "INV-1", "FPS", "1.00", "1.00"))])
