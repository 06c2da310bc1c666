"""BAI2: signs from type codes, funds types, continuations, lockboxes, and controls that are proved."""

from decimal import Decimal

import pytest

from cashapp.statements import Statement, StatementRefused, read_file
from cashapp.statements.model import StatementLine
from cashapp.statements.proof import Check, prove


def bai2(*details: str, opening: int = 0, closing: int | None = None, ends: str = "") -> bytes:
    """A file of one account whose controls agree; details are records 16 and 88."""
    amounts = [int(each.split(",")[2]) for each in details if each.startswith("16,")]
    total = opening + sum(amounts) + (closing or 0)
    balances = f"010,{opening},,,015,{closing},,/" if closing is not None else f"010,{opening},,/"
    count = len(details) + 2
    records = [
        "01,BANK,US,260512,0800,1,,,2/",
        "02,US,021000021,1,260511,2400,USD,2/",
        f"03,123456789,,{balances}",
        *details,
        ends or f"49,{total},{count}/",
        f"98,{total},1,{count + 2}/",
        f"99,{total},1,{count + 4}/",
    ]
    return "\n".join([*records, ""]).encode()


def statement(content: bytes) -> Statement:
    (only,) = read_file(content, "may.bai").statements
    return only


def line(*details: str) -> StatementLine:
    (only,) = statement(bai2(*details)).lines
    return only


@pytest.mark.parametrize(("code", "sign"), [("142", 1), ("399", 1), ("451", -1), ("699", -1), ("925", 1), ("965", -1)])
def test_the_type_code_tells_which_way_the_money_went(code: str, sign: int) -> None:
    assert line(f"16,{code},12345,Z,,,ACME/").amount == sign * Decimal("123.45")


@pytest.mark.parametrize(
    "funds", ["", "0", "1", "2", "Z", "V,260511,0900", "V,260511,", "S,10000,2345,0", "D,3,0,10000,1,2000,2,345"]
)
def test_funds_types_shift_no_column(funds: str) -> None:
    told = line(f"16,142,12345,{funds},BANK7,CUST9,INV-1, INV-2/")

    assert (told.references.bank_reference, told.references.customer_reference) == ("BANK7", "CUST9")
    assert told.text == "INV-1, INV-2"


def test_the_value_date_comes_with_the_funds_type() -> None:
    told = line("16,142,12345,V,260513,,B,C,ACME/")

    assert (told.booked_on.isoformat(), told.value_on.isoformat()) == ("2026-05-11", "2026-05-13")


def test_continuations_go_on_with_the_text_and_their_labels_tell_payer_and_references() -> None:
    told = line(
        "16,195,5000,,REF1,,Incoming wire", "88,REMI: INV-1001", "88,EREF: E2E-7", "88,DBNM: Acme Ltd", "88,DACT: 987"
    )

    assert (told.payer, told.payer_account, told.references.end_to_end) == ("Acme Ltd", "987", "E2E-7")
    assert told.text == "Incoming wire INV-1001"


def test_a_line_cut_at_eighty_signs_goes_on_without_a_gap() -> None:
    told = line("16,399,89,,,/", "88," + "ACME " * 14 + "INV-100", "88,17 THANK YOU")

    assert told.text.endswith("INV-10017 THANK YOU")


def test_a_returned_item_takes_a_receipt_back_and_says_why() -> None:
    told = line('16,557,200000,,SB1,CUST,Return To: Acme, Reason: "R02", ID: 1/')

    assert told.is_reversal and told.return_reason == "R02" and told.amount == Decimal("-2000.00")


def test_the_items_of_a_lockbox_are_its_payments() -> None:
    told = statement(
        bai2(
            "16,115,30000,Z,LBX77,,LOCKBOX 77/",
            "16,116,10000,Z,,4711,REMITTER: ACME LTD  INV-1001/",
            "16,116,20000,Z,,4712,REMITTER: BOLT PLC  INV-1002/",
            opening=0,
            closing=30000,
        )
    )

    assert [(each.amount, each.payer, each.references.cheque) for each in told.lines] == [
        (Decimal("100.00"), "ACME LTD", "4711"),
        (Decimal("200.00"), "BOLT PLC", "4712"),
    ]
    assert {each.references.entry_reference for each in told.lines} == {"LBX77"}
    assert not prove(told)


def test_lockbox_items_that_do_not_add_up_leave_the_deposit_one_line() -> None:
    told = statement(bai2("16,115,30000,Z,LBX77,,LOCKBOX 77/", "16,116,10000,Z,,4711,INV-1001/"))

    assert [each.amount for each in told.lines] == [Decimal("300.00")]
    assert "INV-1001" in told.lines[0].text
    assert "add up to 100.00 and not to 300.00" in told.findings[0]


def test_totals_and_notes_are_no_lines() -> None:
    told = statement(bai2("16,100,12345,Z,,,TOTAL/", "16,142,12345,Z,,,ACME/", "16,890,0,Z,,,Call us/"))

    assert len(told.lines) == 1
    assert len(told.findings) == 2


def test_amounts_are_in_the_minor_units_of_their_currency() -> None:
    yen = bai2("16,142,12345,Z,,,ACME/").replace(b",USD,2/", b",JPY,2/")

    assert statement(yen).lines[0].amount == Decimal(12345)


def test_intraday_reports_close_no_day() -> None:
    report = bai2("16,142,100,Z,,,ACME/").replace(b",USD,2/", b",USD,3/")

    assert statement(report).kind == "intraday"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ((b"49,12345,3/", b"49,12346,3/"), "the control total is 12,346, but the amounts add up to 12,345"),
        ((b"49,12345,3/", b"49,12345,4/"), "4 records are announced, 3 came"),
        ((b"98,12345,1,5/", b"98,12345,2,5/"), "2 accounts are announced, 1 came"),
        ((b"99,12345,1,7/", b"99,12345,1,9/"), "9 records are announced, 7 came"),
    ],
)
def test_controls_that_differ_are_contradictions(change: tuple[bytes, bytes], sentence: str) -> None:
    told = statement(bai2("16,142,12345,Z,,,ACME/").replace(*change))

    assert any(sentence in each.sentence for each in prove(told) if each.check == Check.CONTROLS_DIFFER)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (bai2("16,142,12345,Z,,,ACME/").replace(b"99,12345,1,7/\n", b""), "line 6: the file breaks off"),
        (bai2("16,142,12345,Z,,,ACME/", ends="16,142,1,Z,,,X/"), "line 6: the control of a group (98) stands inside"),
        (bai2("16,142,12.45,Z,,,ACME/".replace("12.45", "12")).replace(b"142,12", b"142,1.2"), "line 4"),
        (bai2("16,720,100,Z,,,LOAN/"), "line 4: type 720 is neither a credit nor a debit"),
        (bai2("16,142,100,Q,,,ACME/"), "line 4"),
        (bai2("16,142,100,Z,,,ACME/").replace(b",1,260511", b",2,260511"), "takes back an earlier one"),
        (bai2("16,142,100,Z,,,ACME/").replace(b"USD", b"XQX"), "is no currency"),
        (bai2().replace(b"02,US", b"16,142,100/\n02,US"), "line 2: record 16 stands outside of an account"),
    ],
)
def test_damage_is_refused_with_its_line(content: bytes, sentence: str) -> None:
    with pytest.raises(StatementRefused) as refused:
        read_file(content, "may.bai")

    assert "may.bai" in refused.value.message and sentence in refused.value.message
