"""Every CSV file and workbook of the collection: read by the product's mapping for its bank, or by a guess."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from cashapp.statements import ReadFile, read_file
from cashapp.statements.bank_mappings import BANK_MAPPINGS
from cashapp.statements.mapping import ColumnMapping, mapping_from
from cashapp.statements.model import StatementLine
from cashapp.statements.proof import Check, is_proved, prove
from tests.shared import shared_path

FOLDER = "data/bank/csv"
BANKS = {
    "bank2ynab__20171001-20171106.csv": "N26 (DE)",
    "bank2ynab__2018-04-14_10-52-13_bunq-transactieoverzicht.csv": "bunq (NL)",
    "bank2ynab__CSV_A_20180414_112204.csv": "Rabobank (NL)",
    "bank2ynab__MonzoDataExport_February2018_2018-02-26_174335.csv": "Monzo (GB)",
    "bank2ynab__TH_20180101-20180523_page_1.csv": "Komerční banka (CZ)",
    "bank2ynab__TH_20180521-20180523.csv": "Komerční banka (CZ)",
    "bank2ynab__TransactionHistory_20180418043121.csv": "OCBC (SG)",
    "bank2ynab__Umsaetze_KtoNr538917600_EUR_02-03-2018_1503.CSV": "Commerzbank (DE)",
    "bank2ynab__W80844_EBH_201945.202122.csv": "Erste Bank (HU)",
    "bank2ynab__dba33fceecd62c3c727893361e0ba4d3.P000000027355791.csv": "POSB savings (SG)",
    "bank2ynab__export_BE11123456789012_20180304_1422.csv": "KBC (BE)",
    "bank2ynab__kta_ei.dat": "Raiffeisen “kta_ei” (AT)",
    "bank2ynab__test_BOI_TransactionExport.csv": "Bank of Ireland (IE)",
    "bank2ynab__test_swedebank_statement.xls": "Swedbank (LT)",
    "hordak__test-import.csv": "Barclays (GB)",
}
# Lines, and the sum of their amounts, as counted by hand or by adding the file's own columns.
GUESSED = {
    "bank2ynab__20180226_12345678.csv": (1, "-5.00"),
    "bank2ynab__test_delimiter_tab.csv": (73, None),
    "bank2ynab__test_headers.csv": (73, None),
    "bank2ynab__test_row_format_default.csv": (73, None),
    "bank2ynab__test_row_format_neg_inflow.csv": (73, None),
    "bigcapital__bank-transactions.csv": (122, None),
    "jbms__generic_statement.csv": (6, "800"),
    "oca16__balance.csv": (2, "1500.00"),
    "oca16__debit_credit.csv": (2, "1500.00"),
    "oca16__empty_statement_en.csv": (0, "0"),
    "oca16__empty_statement_en.xlsx": (0, "0"),
    "oca16__multi_currency.csv": (2, None),
    "oca16__original_currency.csv": (1, "1525.00"),
    "oca16__original_currency_empty.csv": (1, "1525.00"),
    "oca16__sample_statement_credit_card_inverse_sign_en.csv": (2, None),
    "oca16__sample_statement_en.csv": (2, None),
    "oca16__sample_statement_en.xlsx": (2, None),
}


def read(name: str, mapping: ColumnMapping | None = None) -> ReadFile:
    return read_file(shared_path(f"{FOLDER}/{name}").read_bytes(), name, mapping)


def lines_of(file: ReadFile) -> list[StatementLine]:
    return [line for statement in file.statements for line in statement.lines]


def test_every_file_of_the_folder_is_in_one_of_the_lists() -> None:
    folder: Path = shared_path(FOLDER)
    names = {path.name for path in folder.iterdir()} - {"bank2ynab__bank2ynab.conf"}

    assert names == BANKS.keys() | GUESSED.keys()


@pytest.mark.parametrize("name", BANKS)
def test_known_banks_are_told_by_their_headers(name: str) -> None:
    file = read(name)

    assert file.mapping and file.mapping.name == BANKS[name]
    assert not file.guessed
    assert lines_of(file)


@pytest.mark.parametrize("name", GUESSED)
def test_other_tables_are_guessed_and_say_so(name: str) -> None:
    file = read(name)

    count, total = GUESSED[name]
    assert file.guessed
    assert len(lines_of(file)) == count
    if total is not None:
        assert sum(line.amount for line in lines_of(file)) == Decimal(total)


def test_layouts_with_and_without_headers_and_columns_give_the_same_lines() -> None:
    layouts = ["delimiter_tab", "headers", "row_format_default", "row_format_neg_inflow"]
    readings = [lines_of(read(f"bank2ynab__test_{layout}.csv")) for layout in layouts]

    told = [[(line.booked_on, line.amount) for line in lines] for lines in readings]
    assert told[0] == told[1] == told[2] == told[3]
    assert told[0][0][1] == Decimal("-33.87")
    assert sum(amount > 0 for _, amount in told[0]) >= 1


def test_notes_and_footers_are_named_and_left_out() -> None:
    (statement,) = read("bank2ynab__test_headers.csv").statements

    assert [finding.check for finding in prove(statement)].count(Check.TOLD_BY_READER) == 3
    assert "A null transaction" in statement.findings[0]


def test_rabobank_gives_accounts_references_and_running_balance() -> None:
    file = read("bank2ynab__CSV_A_20180414_112204.csv")
    (statement,) = file.statements

    assert statement.account == "NL77RABO0311467415"
    assert [line.amount for line in statement.lines] == [Decimal("-337.49"), Decimal("50.00"), Decimal("-750.00")]
    assert statement.lines[1].payer == "Nederlandse Loterij Organisatie B.V."
    assert statement.lines[1].references.bank_reference == "000000000000009590"
    assert statement.closing and statement.closing.amount == Decimal("12334.53")


def test_swedbank_proves_its_lines_by_the_balances_between_them() -> None:
    (statement,) = read("bank2ynab__test_swedebank_statement.xls").statements

    assert is_proved(statement)
    assert (statement.account, statement.currency, len(statement.lines)) == ("LT357300000000000000", "LTL", 13)
    assert statement.lines[-1].payer == "UAB IMONE"
    assert statement.lines[-1].text == "Darbo užmokestis"


def test_kbc_proves_one_line_by_its_running_balance() -> None:
    (statement,) = read("bank2ynab__export_BE11123456789012_20180304_1422.csv").statements

    assert is_proved(statement)
    assert statement.lines[0].amount == Decimal("-3.40")


def test_rows_that_only_continue_the_text_belong_to_the_line_above() -> None:
    lines = lines_of(read("bank2ynab__TransactionHistory_20180418043121.csv"))

    assert len(lines) == 8
    assert lines[-1].text == "CCY CONVERSION FEE FOR: 6.66 SGD" or lines[-1].text.startswith("DEBIT PURCHASE")
    assert all(line.amount < 0 for line in lines)


def test_schilling_amounts_come_out_in_euro() -> None:
    for line in lines_of(read("bank2ynab__kta_ei.dat")):
        words = line.text.split()
        if words[0] == "POS":
            assert -line.amount == Decimal(words[1].replace(",", "."))


def test_an_indicator_decides_the_sign() -> None:
    first, second = lines_of(read("bank2ynab__W80844_EBH_201945.202122.csv"))

    assert (first.amount, second.amount) == (Decimal(1290), Decimal(-350))
    assert [line.amount for line in lines_of(read("oca16__debit_credit.csv"))] == [
        Decimal("-33.50"),
        Decimal("1533.50"),
    ]


def test_several_currencies_become_several_statements() -> None:
    file = read("oca16__multi_currency.csv")

    assert [(each.currency, each.lines[0].amount) for each in file.statements] == [
        ("USD", Decimal("-33.50")),
        ("EUR", Decimal("1525.00")),
    ]


def test_a_card_statement_with_inverse_sign() -> None:
    name = "oca16__sample_statement_credit_card_inverse_sign_en.csv"
    guessed = read(name).mapping
    assert guessed
    inverse = mapping_from({**guessed.as_dict(), "inverse_sign": True})

    assert [line.amount for line in lines_of(read(name, inverse))] == [Decimal("-33.50"), Decimal("1525.00")]


def test_a_workbook_and_its_csv_say_the_same() -> None:
    csv_lines = lines_of(read("oca16__sample_statement_en.csv"))
    workbook_lines = lines_of(read("oca16__sample_statement_en.xlsx"))

    def essence(line: StatementLine) -> tuple[object, ...]:
        return (line.booked_on, line.amount, line.currency, line.payer, line.payer_account, line.text)

    assert list(map(essence, csv_lines)) == list(map(essence, workbook_lines))


def test_totals_agree_with_the_files_own_columns() -> None:
    path = shared_path(f"{FOLDER}/bigcapital__bank-transactions.csv")
    with path.open(newline="") as handle:
        total = sum(Decimal(row["Amount"]) for row in csv.DictReader(handle))

    assert sum(line.amount for line in lines_of(read(path.name))) == total


@pytest.mark.parametrize("bank", BANK_MAPPINGS, ids=lambda bank: bank.mapping.name)
def test_shipped_mappings_survive_saving(bank: object) -> None:
    mapping = bank.mapping  # type: ignore[attr-defined]
    assert mapping_from(mapping.as_dict()) == mapping
