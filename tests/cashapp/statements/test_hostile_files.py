"""Files that are something else, broken, or meant to harm: refused with a sentence, in bounded time."""

import gzip
import io
import os
import sys
import time
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cashapp.statements import StatementRefused, read_file
from tests.cashapp.statements.samples import BAI2, CSV, MT940, OFX, QIF, STRIPE, camt

RECOGNISE = sys.modules["cashapp.statements.recognise"]
DOCUMENT_TYPE = """<?xml version="1.0"?><!DOCTYPE Document [{declared}]>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>{used}</Id></Stmt>
</BkToCstmrStmt></Document>"""
LAUGHS = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))


def zipped(name: str, content: bytes = b"hello") -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        writer.writestr(name, content)
    return archive.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(StatementRefused) as refused:
        read_file(content, "may.csv")
    assert "may.csv" in refused.value.message
    return refused.value.message


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (zipped("statement.csv"), "ZIP archive"),
        (b"PK\x03\x04 not really", "damaged workbook"),
        (zipped("xl/workbook.xml"), "damaged workbook"),
        (b"%PDF-1.7 ...", "a PDF"),
        (gzip.compress(b"x", mtime=0), "a gzip archive"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\x7fELF\x02", "a program"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged workbook"),
        (bytes(range(256)) * 4, "not a text file"),
        (b"<!DOCTYPE html><html><body>Please sign in</body></html>", "a web page"),
        (b"OFXHEADER:100\nDATA:OFXSGML\n", "without the statement of an account"),
        (b"!Type:Bank\nD1/2/26\n", "breaks off"),
        (b"01,122099999,123456789,060321,0829,001,80,1,2/\n", "breaks off"),
        (b'{"statement": []}', "a JSON file"),
        (b"<a><b></a>", "is not complete XML"),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"/>', "another kind"),
        (b"just a few words\nand more\n", "looks like"),
        (b"a,b\nc,d\n", "looks like"),
    ],
)
def test_another_file_is_told_by_its_content(content: bytes, reason: str) -> None:
    assert reason in refusal(content)


def test_a_file_beyond_the_limit_is_not_even_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RECOGNISE, "LARGEST_FILE", 10)

    assert "larger than" in refusal(b"x" * 11)


def test_a_workbook_that_unpacks_without_end_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.rows.LARGEST_UNPACKED", 1000)

    assert "unpacks to more" in refusal(zipped("xl/workbook.xml", bytes(2000)))


@pytest.mark.parametrize("cut", [60, 400, 900, -20])
def test_truncated_xml_names_the_line(cut: int) -> None:
    assert "is not complete XML" in refusal(camt()[:cut])


@pytest.mark.parametrize(
    ("declared", "used"),
    [
        ('<!ENTITY secret SYSTEM "file:///etc/passwd">', "&secret;"),
        ('<!ENTITY far SYSTEM "http://127.0.0.1:9/x">', "&far;"),
        ('<!ENTITY % more SYSTEM "http://127.0.0.1:9/x.dtd"> %more;', "x"),
        (LAUGHS, "&l11;"),
        ("", "x"),
    ],
)
def test_document_types_are_refused_and_never_resolved(declared: str, used: str) -> None:
    started = time.monotonic()
    message = refusal(DOCUMENT_TYPE.format(declared=declared, used=used).encode())

    assert "root:" not in message
    assert time.monotonic() - started < 2


def test_an_external_document_type_is_refused() -> None:
    content = camt().replace(b"<Document", b'<!DOCTYPE Document SYSTEM "http://127.0.0.1:9/x.dtd"><Document', 1)

    assert "document type" in refusal(content)


def test_endless_nesting_is_refused() -> None:
    depth = 20_000
    assert "is not complete XML" in refusal(b"<?xml version='1.0'?>" + b"<a>" * depth + b"</a>" * depth)


@pytest.mark.parametrize("part", ['Amt Ccy="GBP">250.00', 'Ccy="GBP">250.00</Amt><CdtDbtInd>CRDT', ">2026-05-12<"])
def test_a_damaged_value_is_refused_with_its_entry(part: str) -> None:
    damaged = {"A": 'Amt Ccy="GBP">two hundred', "C": 'Ccy="GBP">250.00</Amt><CdtDbtInd>BOTH', ">": ">12.05.2026<"}
    content = camt().decode().replace(part, damaged[part[0]], 1).encode()

    message = refusal(content)
    assert "entry 1" in message or "balance CLBD" in message


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e9", "-5", "0x10", "1" * 30, "1,00", ""])
def test_absurd_amounts_in_xml_are_refused_or_signed(amount: str) -> None:
    content = camt().decode().replace(">250.00<", f">{amount}<", 1).encode()
    try:
        (statement,) = read_file(content, "may.csv").statements
    except StatementRefused:
        return
    assert amount == "-5" and statement.lines[0].amount == -5


def mutated(sample: bytes) -> st.SearchStrategy[bytes]:
    """The sample with a few bytes overwritten or a piece cut out."""

    def change(edits: list[tuple[float, bytes]]) -> bytes:
        content = bytearray(sample)
        for where, piece in edits:
            at = int(where * (len(content) - 1))
            content[at : at + max(1, len(piece))] = piece
        return bytes(content)

    return st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), min_size=1, max_size=8).map(change)


ANYTHING = st.one_of(
    st.binary(max_size=3000),
    st.text(max_size=2000).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.text(alphabet=":0123456789CDFM,./-\n?86162EURN", max_size=1500).map(lambda text: b":20:X\n" + text.encode()),
    st.text(alphabet="0123456789-./,;|\n\tabcDate Amount\"'", max_size=1500).map(
        lambda text: b"Date;Amount\n" + text.encode()
    ),
    mutated(camt()),
    mutated(MT940.encode()),
    mutated(CSV.encode()),
    mutated(OFX.encode()),
    mutated(QIF.encode()),
    mutated(BAI2.encode()),
    mutated(STRIPE.encode()),
    mutated(zipped("xl/workbook.xml")),
)


# O2C_FUZZ=20000 looks longer; beside it stands test_fuzzed_files.py with mutations of real files.
@settings(max_examples=int(os.environ.get("O2C_FUZZ", "500")), deadline=2000, suppress_health_check=list(HealthCheck))
@given(content=ANYTHING)
def test_no_bytes_do_anything_but_be_read_or_refused(content: bytes) -> None:
    try:
        statements = read_file(content, "may.csv").statements
    except StatementRefused as refused:
        assert refused.message
        return
    for statement in statements:
        assert all(line.amount.is_finite() for line in statement.lines)


@pytest.mark.parametrize("separator", ["/", "?", "+", ":", "//", "\n", " ", "'", '"', ";", ","])
def test_long_repetitions_take_no_long_time(separator: str) -> None:
    started = time.process_time()
    for content in (
        f":20:A\n:25:123EUR\n:61:2605120512C1,00NTRF{separator * 60_000}\n:86:{separator * 60_000}",
        f":20:A\n:25:123EUR\n:61:2605120512C1,00NTRFNONREF\n:86:/EREF/{f'{separator}A' * 60_000}",
        f"Date,Amount\n12/05/2026,{separator * 60_000}\n",
        f"Date,Amount\n{'1' * 60_000},{'1' * 60_000}\n",
        f"OFXHEADER:100\n<OFX><STMTRS><NAME>{separator * 60_000}{'<!--' * 20_000}{'<OFX>' * 20_000}",
        f"OFXHEADER:100\n<OFX>{'<![CDATA[' * 20_000}{f'<{separator}' * 60_000}",
        f"!Type:Bank\nD{separator * 60_000}\nT{'1' * 60_000}\n^\n",
        BAI2.replace("LOCKBOX 77", separator * 60_000).replace("ACME LTD", f"A{separator}" * 30_000),
        BAI2.replace("16,142,12345,V", f"16,142,12345,D,{'9' * 3_000},{separator * 9_000}"),
    ):
        try:
            read_file(content.encode(), "may.csv")
        except StatementRefused:
            continue
    assert time.process_time() - started < 5
