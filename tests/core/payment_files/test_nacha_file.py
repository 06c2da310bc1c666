"""NACHA files, read back by position: ten lines a block, the hash and both totals as the operator adds them up."""

from datetime import UTC, date, datetime

import pytest

from core.money import money
from core.payment_files import AchFile, AchOriginator, CannotWrite, Order, UsAccount, nacha_file
from tests.shared import shared_path

OWN = AchOriginator("1234567890", "Brightwater Inc", "121042882", "Wells Fargo")
ACME = UsAccount("231380104", "123456789")
BETA = UsAccount("021000021", "987654321", is_savings=True)
DEBIT, CREDIT = True, False


def written(*orders: tuple[bool, Order], **changed: object) -> list[str]:
    facts: dict[str, object] = {
        "originator": OWN,
        "made_at": datetime(2026, 5, 4, 9, 30, tzinfo=UTC),
        "effective_on": date(2026, 5, 5),
        "standard": "CCD",
        "description": "INVOICES",
        "modifier": "A",
        "orders": orders,
    }
    return nacha_file(AchFile(**{**facts, **changed})).decode("ascii").splitlines()  # type: ignore[arg-type]


def test_debits_of_two_banks_are_hashed_and_added_up() -> None:
    lines = written(
        (DEBIT, Order("DD2026-000001", "Acme", money("2,000.00 USD"), us=ACME)),
        (DEBIT, Order("DD2026-000002", "Beta", money("0.50 USD"), us=BETA)),
    )

    assert {len(line) for line in lines} == {94}
    assert len(lines) % 10 == 0
    assert [line[0] for line in lines[:6]] == ["1", "5", "6", "6", "8", "9"]
    header, batch, first, second, batch_control, control = lines[:6]
    assert (header[3:13], header[13:23], header[23:33]) == (" 121042882", "1234567890", "2605040930")
    assert (header[33:40], header[40:63].strip()) == ("A094101", "WELLS FARGO")
    assert (batch[1:4], batch[50:53], batch[53:63].strip(), batch[69:75]) == ("225", "CCD", "INVOICES", "260505")
    assert (first[1:3], first[3:12], first[12:29].strip(), first[29:39]) == (
        "27",
        "231380104",
        "123456789",
        "0000200000",
    )
    assert (second[1:3], second[39:54].strip(), second[79:94]) == ("37", "DD2026-000002", "121042880000002")
    hashed = f"{23138010 + 2100002:010d}"
    assert (batch_control[4:10], batch_control[10:20]) == ("000002", hashed)
    assert (batch_control[20:32], batch_control[32:44]) == ("000000200050", "000000000000")
    assert (control[1:7], control[7:13], control[13:21], control[21:31]) == ("000001", "000001", "00000002", hashed)
    assert (control[31:43], control[43:55]) == ("000000200050", "000000000000")
    assert set("".join(lines[6:])) == {"9"}


def test_records_are_laid_out_as_in_a_file_that_banks_take() -> None:
    theirs = shared_path("data/direct_debit/nacha/moov_ex__ppd-debit.ach").read_text().splitlines()
    header, batch, entry, batch_control, control = theirs[:5]
    originator = AchOriginator("0313800104"[:10], "x", "231380104", "x")
    ours = written(
        (DEBIT, Order("1", "Debit Account", money("2,000,000.00 USD"), us=ACME)),
        originator=AchOriginator(originator.origin, "Name on Account", "121042882", "Federal Reserve Bank"),
        standard="PPD",
        description="REG.SALARY",
        effective_on=date(2019, 8, 16),
    )

    assert ours[1][50:75] == batch[50:75]
    assert ours[1][78:] == batch[78:]
    assert (ours[2][:39], ours[2][78:]) == (entry[:39], entry[78:])
    assert (ours[3][:44], ours[3][79:]) == (batch_control[:44], batch_control[79:])
    assert ours[4][:55] == control[:55]
    assert len(ours) == len([line for line in theirs if line.strip()])


def test_credits_and_mixed_batches_say_so() -> None:
    credit = (CREDIT, Order("RF-1", "Acme", money("10.00 USD"), us=ACME))
    debit = (DEBIT, Order("DD-1", "Acme", money("20.00 USD"), us=ACME))

    assert written(credit)[1][1:4] == "220"
    mixed = written(credit, debit)
    assert (mixed[1][1:4], mixed[2][1:3], mixed[4][20:44]) == ("200", "22", "000000002000000000001000")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (Order("A", "Acme", money("1.00 GBP"), us=ACME), "carries USD only"),
        (Order("A", "Acme", money("1.00 USD")), "routing number"),
        (Order("A" * 16, "Acme", money("1.00 USD"), us=ACME), "longer than fifteen"),
        (Order("dd-1", "Acme", money("1.00 USD"), us=ACME), "not in ACH.s letters"),
        (Order("A", "Acme", money("1.00 USD"), us=UsAccount("231380104", "1" * 18)), "seventeen"),
    ],
)
def test_what_ach_does_not_carry_is_refused(wrong: Order, sentence: str) -> None:
    with pytest.raises(CannotWrite, match=sentence):
        written((DEBIT, wrong))
    with pytest.raises(CannotWrite, match="use PPD"):
        written((DEBIT, Order("A", "Acme", money("1.00 USD"), us=ACME)), standard="WEB")
