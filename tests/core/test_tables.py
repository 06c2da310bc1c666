"""Tables that people upload."""

import zipfile
from io import BytesIO

import pytest

from core.tables import Table, TableRefused, read_table
from core.xlsx import Column, Sheet, workbook_bytes
from tests.shared import shared_path


def zipped(name: str, content: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


def from_the_future(archive: bytes) -> bytes:
    """With a version that is needed to read it which no program has."""
    hostile = bytearray(archive)
    hostile[hostile.index(b"PK\x01\x02") + 6] = 200
    return bytes(hostile)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_is_read_with_any_usual_delimiter(delimiter: str) -> None:
    text = "Name,Town\nAcme Ltd,Leeds\n\nBeta,York\n".replace(",", delimiter)

    table = read_table("c.csv", text.encode())

    assert table == Table(["Name", "Town"], [(2, ["Acme Ltd", "Leeds"]), (4, ["Beta", "York"])], "CSV, UTF-8")


@pytest.mark.parametrize(
    ("encoding", "label"), [("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252"), ("utf-16", "UTF-16")]
)
def test_accents_survive_every_usual_encoding(encoding: str, label: str) -> None:
    table = read_table("c.csv", "Name,Town\nMüller,Köln\n".encode(encoding))

    assert table.rows == [(2, ["Müller", "Köln"])]
    assert table.read_as == f"CSV, {label}"


def test_a_workbook_is_read_with_dates_and_whole_numbers_as_they_look() -> None:
    sheet = Sheet("Customers", [Column("Code"), Column("Name")], [[1001, "=1+1"], [1002, "Beta"]])

    table = read_table("c.csv", workbook_bytes([sheet]))

    assert table.headings == ["Code", "Name"]
    assert [cells for _, cells in table.rows] == [["1001", "=1+1"], ["1002", "Beta"]]


def test_headings_without_a_name_or_doubled_are_told_apart() -> None:
    assert read_table("c.csv", b"Mail,,Mail\na,b,c\n").headings == ["Mail", "Column 2", "Mail (2)"]


def test_titles_above_the_headings_are_passed_over() -> None:
    table = read_table("clients.csv", shared_path("data/ar_import/invoiceninja__clients.csv").read_bytes())

    assert table.headings[:3] == ["Name", "Balance", "Paid to Date"]
    assert table.rows[0][0] == 5


def test_text_over_several_lines_keeps_the_numbers_of_the_lines() -> None:
    table = read_table("c.csv", b'Name,Note\n"Acme","one\ntwo"\nBeta,\n')

    assert [number for number, _ in table.rows] == [2, 4]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (zipped("customers.csv", b"Name\nAcme\n"), "is a ZIP archive and no table"),
        (zipped("xl/workbook.xml", b"<broken"), "is a damaged workbook"),
        (b"PK\x03\x04 cut off", "is a damaged workbook"),
        (from_the_future(zipped("xl/workbook.xml", b"<x/>")), "is a damaged workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old XLS format"),
        (b"Name,Town\nM\x81ller,\x9d\n", "no text in UTF-8, UTF-16 or Windows-1252"),
        (b"Name,Town\nAcme\x00,Leeds\n", "no text in UTF-8"),
        (b"\xff\xfeN\x00a", "no text in UTF-8"),
        (b'Name,Town\n"Acme,Leeds\n', "this is not CSV"),
        (b"Name,Town\n", "holds no rows below a line of headings"),
        (b"", "holds no rows"),
        (b",".join([b"x"] * 201) + b"\n", "more than 200 columns"),
        (b"Name,Town\n" + b"Acme,Leeds\n" * 50_002, "more than 50,000 rows"),
        (b"x" * (15 * 1024 * 1024 + 1), "up to 15 MB are read"),
        (zipped("xl/workbook.xml", b"\0" * (201 * 1024 * 1024)), "unpacks to more than 200 MB"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(TableRefused, match=sentence):
        read_table("customers.csv", content)
