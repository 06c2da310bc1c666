"""Standard 18 files, read back by position as a bank reads them."""

from datetime import date
from decimal import Decimal

import pytest

from core.money import Money, money
from core.payment_files import BacsFile, CannotWrite, Order, Originator, UkAccount, bacs_file
from core.payment_files.bacs import Code

OWN = Originator("123456", "Brightwater Software Ltd", UkAccount("200000", "55779911"))
ACME = UkAccount("089999", "66374958")
BETA = UkAccount("107999", "88837491")


def order(reference: str, name: str, amount: str = "0.00 GBP", account: UkAccount = ACME) -> Order:
    value = money(amount) if not amount.startswith("0.00") else Money(Decimal(0), "GBP")
    return Order(reference, name, value, uk=account)


def written(*orders: tuple[Code, Order], **changed: object) -> list[str]:
    facts: dict[str, object] = {
        "originator": OWN,
        "serial": 7,
        "made_on": date(2026, 4, 29),
        "processed_on": date(2026, 5, 1),
        "orders": orders,
    }
    return bacs_file(BacsFile(**{**facts, **changed})).decode("ascii").split("\r\n")[:-1]  # type: ignore[arg-type]


def test_collections_stand_between_labels_with_a_contra_and_totals() -> None:
    lines = written(
        (Code.FIRST, order("BRIGHT-00001", "Müller & Söhne (UK) Ltd", "1,250.00 GBP")),
        (Code.REGULAR, order("BRIGHT-00002", "Beta Ltd", "0.01 GBP", BETA)),
    )

    assert [line[:4] for line in lines if line[:3] in {"VOL", "HDR", "UHL", "EOF", "UTL"}] == [
        "VOL1", "HDR1", "HDR2", "UHL1", "EOF1", "EOF2", "UTL1",
    ]  # fmt: skip
    labels = [line for line in lines if len(line) == 80]
    records = [line for line in lines if len(line) == 100]
    assert (len(labels), len(records), len(lines)) == (7, 3, 10)

    volume, header, second, user = labels[:4]
    assert (volume[4:10], volume[41:47], volume[79]) == ("000007", "123456", "1")
    assert (header[4:21], header[41:47], header[47:53]) == ("A123456S  1123456", " 26119", " 26126")
    assert second[4:15] == "F0200000100"
    assert (user[4:10], user[10:16], user[28:37]) == (" 26121", "999999", "1 DAILY  ")

    first, _, contra = records
    assert (first[:6], first[6:14], first[14], first[15:17]) == ("089999", "66374958", "0", "01")
    assert (first[17:23], first[23:31], first[35:46]) == ("200000", "55779911", "00000125000")
    assert (first[46:64], first[64:82], first[82:100]) == (
        "BRIGHTWATER SOFTWA", "BRIGHT-00001      ", "MUELLER & SOEHNE  ",
    )  # fmt: skip
    assert (contra[:14], contra[15:17], contra[35:46]) == ("20000055779911", "99", "00000125001")
    assert contra[64:70] == "CONTRA"

    trailer = labels[-1]
    assert (trailer[4:17], trailer[17:30]) == ("0000000125001", "0000000125001")
    assert (trailer[30:37], trailer[37:44]) == ("0000002", "0000001")


def test_credits_have_a_contra_that_draws_on_us() -> None:
    lines = written((Code.CREDIT, order("RF-2026-00001", "Acme", "99.50 GBP")))

    contra, trailer = lines[5], lines[-1]
    assert (contra[:14], contra[15:17], contra[35:46]) == ("20000055779911", "17", "00000009950")
    assert (trailer[30:37], trailer[37:44]) == ("0000001", "0000001")


def test_instructions_move_no_money() -> None:
    lines = written(
        (Code.NEW_INSTRUCTION, order("BRIGHT-00001", "Acme")), (Code.CANCEL_INSTRUCTION, order("BRIGHT-00002", "Beta"))
    )

    records = [line for line in lines if len(line) == 100]
    assert [(line[15:17], line[35:46]) for line in records] == [("0N", "0" * 11), ("0C", "0" * 11)]
    assert (lines[-1][4:30], lines[-1][52:59]) == ("0" * 26, "0000002")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (Order("BRIGHT-00001", "Acme", money("1.00 EUR"), uk=ACME), "carries GBP only"),
        (Order("BRIGHT-00001", "Acme", money("1.00 GBP")), "sort code and an account number"),
        (Order("BRIGHT-00001", "Acme", money("1.00 GBP"), uk=UkAccount("08999", "66374958")), "six digits"),
        (Order("bright 1", "Acme", money("1.00 GBP"), uk=ACME), "doesn't fit"),
        (Order("BRIGHT-00000000000001", "Acme", money("1.00 GBP"), uk=ACME), "doesn't fit"),
    ],
)
def test_what_bacs_does_not_carry_is_refused(wrong: Order, sentence: str) -> None:
    with pytest.raises(CannotWrite, match=sentence):
        written((Code.REGULAR, wrong))


def test_a_mandate_may_be_debited_twice_in_a_file() -> None:
    again = (Code.RE_PRESENTED, order("BRIGHT-00001", "Acme", "70.00 GBP"))
    new = (Code.REGULAR, order("BRIGHT-00001", "Acme", "120.00 GBP"))

    records = [line for line in written(again, new) if "BRIGHT-00001" in line]

    assert [record[15:17] for record in records] == ["18", "17"]


def test_a_file_is_refused_that_would_be_ambiguous_or_empty() -> None:
    one = (Code.REGULAR, order("BRIGHT-00001", "Acme", "1.00 GBP"))
    lodged = (Code.NEW_INSTRUCTION, order("BRIGHT-00001", "Acme", "1.00 GBP"))
    with pytest.raises(CannotWrite, match="stands for two orders"):
        written(lodged, lodged)
    with pytest.raises(CannotWrite, match="nothing to submit"):
        written()
    with pytest.raises(CannotWrite, match="service user number"):
        written(one, originator=Originator("12345", "B", OWN.account))
    with pytest.raises(CannotWrite, match="serial"):
        written(one, serial=0)
