"""OFX in both versions and QIF: what accounting programs exchange."""

from decimal import Decimal

import pytest

from cashapp.statements import StatementRefused, read_file

HEADER = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n"
TRANSACTION = (
    "<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260512120000[-5:EST]<TRNAMT>{amount}<FITID>F1<NAME>Acme &amp; Co<MEMO>INV-1"
    "</STMTTRN>"
)
SGML = (
    "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>GBP<BANKACCTFROM><BANKID>200000<ACCTID>55555555</BANKACCTFROM>"
    "<BANKTRANLIST><DTSTART>20260501<DTEND>20260531{inside}</BANKTRANLIST>"
    "<LEDGERBAL><BALAMT>1100.00<DTASOF>20260531</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
)


def ofx(amount: str = "100.00", inside: str = TRANSACTION) -> bytes:
    return (HEADER + SGML.format(inside=inside.format(amount=amount))).encode("cp1252")


def test_a_statement_of_version_one_gives_account_payer_and_reference() -> None:
    (statement,) = read_file(ofx(), "may.qfx").statements
    (line,) = statement.lines

    assert (statement.account, statement.bank, statement.currency) == ("55555555", "200000", "GBP")
    assert statement.closing and statement.closing.amount == Decimal("1100.00")
    assert (line.amount, line.payer, line.text) == (Decimal("100.00"), "Acme & Co", "INV-1")
    assert line.booked_on.isoformat() == "2026-05-12"
    assert line.references.given() == {"bank_reference": "F1"}


def test_pending_transactions_are_announced_and_not_booked() -> None:
    pending = "<STMTTRNP><TRNTYPE>CREDIT<DTTRAN>20260512<TRNAMT>5.00<NAME>Bolt</STMTTRNP>"

    (statement,) = read_file(ofx(inside=pending), "may.ofx").statements

    assert statement.lines[0].is_pending and not statement.booked_lines


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("+1 006,60", "1006.60"),
        ("1,006.60", "1006.60"),
        ("1.006,60", "1006.60"),
        ("-5", "-5"),
        ("1006,60-", "-1006.60"),
    ],
)
def test_amounts_are_read_with_either_sign_before_the_cents(written: str, amount: str) -> None:
    (statement,) = read_file(ofx(written), "may.ofx").statements

    assert statement.lines[0].amount == Decimal(amount)


@pytest.mark.parametrize("written", ["", "many", "1.000.000", "1,2,3", "--5", "NaN", "1e5"])
def test_an_amount_that_cannot_be_read_is_refused_with_its_line(written: str) -> None:
    with pytest.raises(StatementRefused, match=r"may\.ofx, transaction 1, line 7: .*no amount"):
        read_file(ofx(written), "may.ofx")


def test_a_credit_card_is_an_account_too() -> None:
    card = ofx().replace(b"STMTRS", b"CCSTMTRS").replace(b"BANKACCTFROM", b"CCACCTFROM")

    (statement,) = read_file(card, "card.ofx").statements

    assert statement.account == "55555555" and len(statement.lines) == 1


def test_entities_of_version_two_are_never_resolved() -> None:
    xml = '<?xml version="1.0"?><!DOCTYPE OFX [<!ENTITY x SYSTEM "file:///etc/passwd">]><?OFX OFXHEADER="200"?>'

    with pytest.raises(StatementRefused, match="not complete XML"):
        read_file((xml + SGML.format(inside="&x;")).encode(), "may.ofx")
    with pytest.raises(StatementRefused, match="document type"):
        read_file(HEADER.encode() + b"<!DOCTYPE OFX [<!ENTITY x 'y'>]>" + b"<OFX></OFX>", "may.ofx")


def test_a_file_that_breaks_off_names_what_stays_open() -> None:
    with pytest.raises(StatementRefused, match="<STMTTRN> of line 7 is never closed"):
        read_file(ofx().partition(b"</STMTTRN>")[0], "may.ofx")


def test_qif_is_read_by_the_days_that_tell_their_order() -> None:
    qif = b"!Type:Bank\nD5/ 3'26\nT1,000.00\nPAcme\nMINV-1\n^\nD5/31'26\nT-2.50\nN4711\n^\n"

    file = read_file(qif, "may.qif")

    assert not file.guessed
    assert [(line.booked_on.isoformat(), line.amount) for line in file.statements[0].lines] == [
        ("2026-05-03", Decimal("1000.00")),
        ("2026-05-31", Decimal("-2.50")),
    ]
    assert file.statements[0].lines[0].text == "INV-1"
    assert file.statements[0].lines[1].references.cheque == "4711"


def test_qif_whose_days_could_be_months_is_only_a_guess() -> None:
    file = read_file(b"!Type:Bank\nD5/3/26\nT1.00\nPAcme\n^\n", "may.qif")

    assert file.guessed and "exchanged" in file.doubts[0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"!Type:Invst\nD5/3/26\n^\n", "line 1: “!Type:Invst” are no transactions of a bank account"),
        (b"!Type:Bank\nD5/3/26\nT1.00\n", "the transaction of line 2 has no end"),
        (b"!Account\nNA\n^\n!Type:Bank\nD5/13/26\nT1\n^\n!Account\nNB\n^\n", "line 8: a second account begins"),
    ],
)
def test_other_qif_files_are_refused_with_the_line(content: bytes, sentence: str) -> None:
    with pytest.raises(StatementRefused) as refused:
        read_file(content, "may.qif")

    assert sentence in refused.value.message
