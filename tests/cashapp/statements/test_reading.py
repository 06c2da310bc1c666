"""Each format by a small sample: what arrives, and what is said when something is wrong."""

from datetime import date
from decimal import Decimal

import pytest

from cashapp.statements import Statement, StatementRefused, read_file
from cashapp.statements.mapping import ColumnMapping, MappingRefused, mapping_from
from cashapp.statements.proof import Check, is_proved, prove
from tests.cashapp.statements.samples import CSV, ENTRY, MT940, camt


def read(content: bytes | str, name: str = "statement", mapping: ColumnMapping | None = None) -> Statement:
    content = content.encode() if isinstance(content, str) else content
    (statement,) = read_file(content, name, mapping).statements
    return statement


def refusal(content: bytes | str, mapping: ColumnMapping | None = None) -> str:
    with pytest.raises(StatementRefused) as refused:
        read(content, "may.txt", mapping)
    assert "may.txt" in refused.value.message
    return refused.value.message


@pytest.mark.parametrize("content", [camt(), MT940.encode(), CSV.encode()], ids=["camt", "mt940", "csv"])
def test_three_formats_say_the_same(content: bytes) -> None:
    statement = read(content)

    assert is_proved(statement)
    assert [line.amount for line in statement.lines] == [Decimal(100), Decimal(150), Decimal(-25)]
    assert statement.lines[0].booked_on == date(2026, 5, 12)
    assert statement.lines[1].payer == "Bolt plc"
    assert "INV-1001" in statement.lines[0].text


def test_a_bulk_entry_becomes_one_line_for_each_payment() -> None:
    first, second, fee = read(camt()).lines

    assert (first.payer, first.ultimate_payer) == ("Acme Ltd", "Acme Holdings")
    assert first.payer_account == "GB94BARC10201530093459"
    assert first.references.creditor_reference == "RF18539007547034"
    assert first.references.end_to_end == ""
    assert second.references.end_to_end == "E2E-2"
    assert first.references.entry_reference == second.references.entry_reference == "BR-1"
    assert (fee.charges[0].amount, fee.charges[0].included) == (Decimal("0.50"), True)


def test_the_documents_that_a_payer_lists_arrive() -> None:
    (document,) = read(camt()).lines[0].documents

    assert (document.kind, document.number, document.dated_on) == ("CINV", "INV-1001", date(2026, 4, 30))
    assert (document.due, document.paid, document.currency) == (Decimal(105), Decimal(100), "GBP")


def test_payments_that_do_not_add_up_stay_one_line() -> None:
    line, _ = read(camt(ENTRY.replace(">150.00<", ">151.00<"))).lines

    assert line.amount == Decimal(250)
    assert line.payer == ""
    assert "INV-1001" in line.text


def test_our_own_side_is_never_the_payer() -> None:
    returned = ENTRY.replace("<Nm>Bolt plc</Nm>", "<Nm>Brightwater Software Ltd</Nm>")

    assert read(camt(returned)).lines[1].payer == ""


def test_announced_entries_do_not_move_the_balance() -> None:
    announced = ENTRY + ENTRY.replace("BOOK", "PDNG").replace("BR-1", "BR-9")
    statement = read(camt(announced))

    assert is_proved(statement)
    assert len(statement.lines) == 6 and len(statement.booked_lines) == 3
    assert Check.PENDING_LINES in {finding.check for finding in prove(statement)}


def test_a_statement_that_does_not_add_up_says_by_how_much() -> None:
    statement = read(MT940.replace("C260512GBP1225,00", "C260512GBP1226,00"))

    (finding,) = prove(statement)
    assert finding.check == Check.DOES_NOT_ADD_UP
    assert "1.00 GBP is unexplained" in finding.sentence


def test_pages_of_one_statement_are_joined() -> None:
    pages = (
        ":20:A\n:25:123\n:28C:7/1\n:60F:C260511EUR10,00\n:61:2605120512C5,00NTRFNONREF\n:62M:C260512EUR15,00\n-\n"
        ":20:A\n:25:123\n:28C:7/2\n:60M:C260512EUR15,00\n:61:2605120512D1,00NTRFNONREF\n:62F:C260512EUR14,00\n-\n"
    )
    statement = read(pages)

    assert is_proved(statement)
    assert statement.closing and statement.closing.amount == Decimal(14)
    assert "a page is missing" in refusal(pages.replace(":60M:C260512EUR15,00", ":60M:C260512EUR16,00"))


@pytest.mark.parametrize(
    ("mark", "amount", "reversal"), [("C", 5, False), ("D", -5, False), ("RC", -5, True), ("RD", 5, True)]
)
def test_debit_credit_and_their_reversals(mark: str, amount: int, reversal: bool) -> None:
    (line,) = read(f":20:A\n:25:123EUR\n:60F:C260511EUR0,00\n:61:260512{mark}5,00NTRFNONREF\n").lines

    assert (line.amount, line.is_reversal, line.currency) == (Decimal(amount), reversal, "EUR")


def test_the_booking_day_takes_the_year_closest_to_the_value_day() -> None:
    (line,) = read(":25:123EUR\n:61:2512311231C1,00NTRFNONREF\n".replace("2512311231", "2601011231")).lines

    assert (line.value_on, line.booked_on) == (date(2026, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_the_usual_encodings_are_told(encoding: str) -> None:
    text = CSV.replace("Acme Ltd", "Müller & Søn").encode(encoding)

    assert read(text).lines[0].payer == "Müller & Søn"


def test_a_wrong_encoding_is_refused_when_it_was_chosen() -> None:
    mapping = ColumnMapping(booked_on="Date", amount="Amount", date_format="DD/MM/YYYY", encoding="ascii")

    assert "is not written in ascii" in refusal(CSV.replace("Acme", "Ümit").encode("cp1252"), mapping)
    assert "is not complete XML" in refusal(camt().replace(b"Acme Ltd", "Ümit".encode("cp1252")))


MAPPING = ColumnMapping(
    booked_on="Date", amount="Amount", date_format="DD/MM/YYYY", text=("Description",), thousands=","
)


@pytest.mark.parametrize("written", ["", "0,5", "12.34.56", "abc", "1e5", "NaN", "--5", "12 EURO", "1,23.00"])
def test_a_bad_amount_is_refused_with_its_row_and_never_zero(written: str) -> None:
    content = f'Date,Description,Amount\n12/05/2026,INV-1,"{written}"\n'

    message = refusal(content, MAPPING)
    assert "row 2" in message and f"“{written}”" in message


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1,234.50", "1234.50"),
        ("-1,234.50", "-1234.50"),
        ("(12.00)", "-12.00"),
        ("12.00-", "-12.00"),
        ("£12.00", "12.00"),
        ("12.00 DR", "-12.00"),
        ("USD 12", "12"),
        ("−3", "-3"),
        ("1,00,000.00", "100000.00"),
    ],
)
def test_amounts_as_people_write_them(written: str, amount: str) -> None:
    content = f'Date,Description,Amount\n12/05/2026,INV-1,"{written}"\n'

    assert read(content, mapping=MAPPING).lines[0].amount == Decimal(amount)


@pytest.mark.parametrize(
    "row", ["32/05/2026,x,1", ",x,1", "2026-05-12,x,1", "12/05/2026,x,", "12/13/2026,x,1", "12/05/0000,x,1"]
)
def test_a_bad_row_is_refused_with_its_number(row: str) -> None:
    assert "row 2" in refusal(f"Date,Description,Amount\n{row}\n", MAPPING)


def test_a_missing_column_is_named_with_those_that_are_there() -> None:
    message = refusal("Day,Description,Amount\n12/05/2026,x,1\n", MAPPING)

    assert "no column “Date”" in message and "Day, Description, Amount" in message


def test_a_day_that_could_be_a_month_raises_a_doubt() -> None:
    file = read_file(b"Date,Amount\n10/02/2026,5.00\n", "x.csv")

    assert file.guessed and "exchanged" in file.doubts[0]


def test_an_account_that_changes_by_the_line_is_the_other_sides() -> None:
    content = (
        "Buchungstag;Valuta;Auftraggeber;IBAN;Verwendungszweck;Betrag;Währung;Saldo\r\n"
        "12.05.2026;12.05.2026;Acme;DE89370400440532013000;RE 1;1.100,50;EUR;2.100,50\r\n"
        "13.05.2026;13.05.2026;Bolt;DE75512108001245126199;RE 2;-100,00;EUR;2.000,50\r\n"
    )
    statement = read(content)

    assert is_proved(statement)
    assert [line.payer_account for line in statement.lines] == ["DE89370400440532013000", "DE75512108001245126199"]
    assert statement.lines[0].amount == Decimal("1100.50")


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"amount": 1}, "booking date"),
        ({"booked_on": 1}, "holds the amount"),
        ({"booked_on": 1, "debit": 2}, "holds the amount"),
        ({"booked_on": 1, "amount": 2, "date_format": "DD.MM"}, "lacks year"),
        ({"booked_on": 1, "amount": 2, "decimal": ",", "thousands": ","}, "decimal sign"),
        ({"booked_on": 1, "amount": 2, "delimiter": "tab"}, "one character"),
        ({"booked_on": 1, "amount": 2, "fixed_rate": "a"}, "not a rate"),
        ({"booked_on": 1, "amount": 2, "colour": "red"}, "no part"),
        ({"booked_on": 1, "amount": 2, "inverse_sign": "yes"}, "does not fit"),
        ({"booked_on": 1, "debit": 2, "credit": 3, "indicator": 4}, "amount column"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused(parts: dict[str, object], reason: str) -> None:
    with pytest.raises(MappingRefused, match=reason):
        mapping_from(parts)


def test_columns_under_unknown_headings_are_guessed_by_what_they_hold() -> None:
    rows = (
        "Booked;Other side;Reason;How much\n13.05.2026;Acme Limited;INV-1;1.100,00\n14.05.2026;Bolt plc;INV-2;-50,00\n"
    )

    file = read_file(rows.encode(), "new bank.csv")

    assert file.guessed and "headings are not known" in file.doubts[0]
    assert file.mapping and (file.mapping.booked_on, file.mapping.amount) == ("Booked", "How much")
    assert [str(line.amount) for line in file.statements[0].lines] == ["1100.00", "-50.00"]


def test_rows_wider_than_unknown_headings_are_named_by_number() -> None:
    file = read_file(b"Booked,Reason\n13.05.2026,INV-1,5.00\n", "new bank.csv")

    assert file.mapping and file.mapping.amount == 3
