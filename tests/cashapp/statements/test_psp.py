"""Settlement files: gross, fee and net of every payment, and the payout that brings the rest to the bank."""

from decimal import Decimal

import pytest

from cashapp.statements import Statement, StatementRefused, read_file
from cashapp.statements.model import StatementLine
from cashapp.statements.proof import Check, is_proved, prove
from cashapp.statements.psp.sheet import is_payout
from tests.shared import shared_path

STRIPE = (
    "automatic_payout_id,automatic_payout_effective_at,balance_transaction_id,created_utc,available_on_utc,currency,"
    "gross,fee,net,reporting_category,source_id,description,customer_name,invoice_number\n"
)
BALANCE = "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC),Description,Transfer\n"
GOCARDLESS = "payout_id,arrival_date,currency,type,amount,links.payment,links.mandate,payment_reference,customer_name\n"


def statements(path: str) -> tuple[Statement, ...]:
    return read_file(shared_path(f"data/bank/psp/{path}").read_bytes(), path).statements


def parts(line: StatementLine) -> tuple[Decimal | None, Decimal, Decimal]:
    """Gross, fee and net."""
    return line.original_amount, sum((each.amount for each in line.charges), Decimal(0)), line.amount


def test_adyen_gives_gross_fee_and_net_and_the_payout_that_they_come_to() -> None:
    (batch,) = statements("oca13__adyen_settlement_detail_report_batch_380.csv")

    assert (batch.account, batch.currency, batch.bank) == ("YOURCOMPANY_ACCOUNT", "USD", "Adyen")
    assert parts(batch.lines[0]) == (Decimal("31.45"), Decimal("0.30"), Decimal("31.15"))
    assert batch.lines[0].references.end_to_end == "CM1000028854"
    (payout,) = filter(is_payout, batch.lines)
    assert payout.amount == Decimal("-55308.07") and "TX635094301XT" in payout.text
    assert {line.references.payout for line in batch.lines} == {"batch 380"}
    assert sum(line.amount for line in batch.lines) == 0 and not prove(batch)


def test_a_workbook_of_adyen_whose_gross_does_not_fit_is_taken_net_and_says_so() -> None:
    (batch,) = statements("oca13__adyen_adyen_test.xlsx")

    assert [line.amount for line in batch.lines if is_payout(line)] == [Decimal("-23006.27")]
    (finding,) = prove(batch)
    assert "Row 10: 1,598.00 less the fees of 6.66 is not 659.34" in finding.sentence


def test_a_payout_that_is_not_what_its_payments_come_to_contradicts_itself() -> None:
    name = "oca13__adyen_settlement_detail_report_batch_380.csv"
    content = shared_path(f"data/bank/psp/{name}").read_bytes().replace(b"55308.07", b"55308.08")

    (finding,) = prove(read_file(content, name).statements[0])

    assert finding.check == Check.CONTROLS_DIFFER
    assert "pays 55,308.08, but its payments and fees come to 55,308.07 USD" in finding.sentence


def test_paypal_is_proved_by_its_running_balance_in_each_currency() -> None:
    told = statements("oca15__paypal_activity_en.csv")

    assert [each.currency for each in told] == ["USD", "EUR", "AUD"]
    assert all(is_proved(each) for each in told)
    dollars = told[0]
    assert parts(dollars.lines[0]) == (Decimal("84.00"), Decimal("4.25"), Decimal("79.75"))
    assert dollars.lines[2].text == "31 Payment to My Company for invoice 31"
    assert [line.amount for line in told[1].lines if is_payout(line)][0] == Decimal("-12431.37")


def test_what_paypal_denied_is_not_booked() -> None:
    titles = "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,Transaction ID,Balance\n"
    rows = "13/05/2026,10:00,UTC,Acme,Website Payment,Completed,GBP,10.00,-0.50,9.50,T1,9.50\n"
    rows += "14/05/2026,10:00,UTC,Acme,Website Payment,Denied,GBP,7.00,0.00,7.00,T2,9.50\n"

    (told,) = read_file((titles + rows).encode(), "paypal.csv").statements

    assert [line.is_pending for line in told.lines] == [False, True]
    assert told.closing and told.closing.amount == Decimal("9.50")


def test_paypal_days_that_could_be_months_are_refused() -> None:
    titles = "Date,Time,Type,Status,Currency,Gross,Fee,Net,Transaction ID\n"

    with pytest.raises(StatementRefused, match="could be exchanged"):
        read_file((titles + "03/05/2026,1,Payment,Completed,GBP,1,0,1,T\n").encode(), "paypal.csv")


def test_stripe_payouts_get_the_line_that_its_report_leaves_out() -> None:
    rows = (
        "po_1,2026-05-14 00:00,txn_1,2026-05-11 09:00,2026-05-13,gbp,120.00,1.88,118.12,charge,ch_1,Sale,Acme,INV-1\n"
        "po_1,2026-05-14 00:00,txn_2,2026-05-12 09:00,2026-05-13,gbp,-20.00,0.00,-20.00,refund,re_1,,Acme,INV-0\n"
    )

    (told,) = read_file((STRIPE + rows).encode(), "stripe.csv").statements

    assert [line.amount for line in told.lines] == [Decimal("118.12"), Decimal("-20.00"), Decimal("-98.12")]
    assert parts(told.lines[0]) == (Decimal("120.00"), Decimal("1.88"), Decimal("118.12"))
    assert told.lines[0].references.end_to_end == "INV-1"
    assert is_payout(told.lines[2]) and told.lines[2].booked_on.isoformat() == "2026-05-14"
    assert {line.references.payout for line in told.lines} == {"po_1"}


def test_stripe_balance_transactions_hold_their_payouts() -> None:
    rows = "txn_1,charge,ch_1,120.00,1.88,118.12,gbp,2026-05-11 09:00,2026-05-13 00:00,INV-1 Acme,po_1\n"
    rows += "txn_2,payout,po_1,-118.12,0.00,-118.12,gbp,2026-05-13 09:00,2026-05-14 00:00,STRIPE PAYOUT,\n"

    (told,) = read_file((BALANCE + rows).encode(), "balance.csv").statements

    assert [line.references.payout for line in told.lines] == ["po_1", "po_1"]
    assert [is_payout(line) for line in told.lines] == [False, True]


def test_gocardless_items_come_to_the_payout_although_fees_hold_parts_of_a_penny() -> None:
    rows = (
        "PO1,2026-05-14,GBP,payment_paid_out,12000.0,PM1,MD1,INV-1,Acme\n"
        "PO1,2026-05-14,GBP,payment_paid_out,5000.0,PM2,MD2,INV-2,Bolt\n"
        "PO1,2026-05-14,GBP,gocardless_fee,-120.4,PM1,MD1,,\n"
        "PO1,2026-05-14,GBP,gocardless_fee,-50.4,PM2,MD2,,\n"
        "PO1,2026-05-14,GBP,payment_failed,-3000.0,PM0,MD0,INV-0,Core\n"
    )

    (told,) = read_file((GOCARDLESS + rows).encode(), "payout.csv").statements

    assert parts(told.lines[0]) == (Decimal("120.00"), Decimal("1.20"), Decimal("118.80"))
    assert [line.text for line in told.lines[3:]] == ["Rounding of fees", "Payout PO1"]
    assert told.lines[2].is_reversal and told.lines[2].amount == Decimal("-30.00")
    assert told.lines[-1].amount == Decimal("-138.29") and sum(line.amount for line in told.lines) == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            STRIPE + "po_1,2026-05-14,t,2026-05-11,2026-05-13,gbp,120,1,118,charge,c,,,\n",
            "row 2: 120 less the fee of 1",
        ),
        (STRIPE + "po_1,soon,t,2026-05-11,2026-05-13,gbp,120,1,119,charge,c,,,\n", "row 2: “soon”"),
        (
            STRIPE + "po_1,2026-05-14,t,2026-05-11,2026-05-13,gbp,much,1,119,charge,c,,,\n",
            "row 2: “much” in column “gross”",
        ),
        (GOCARDLESS + "PO1,2026-05-14,GBP,bonus,1,PM1,,,\n", "row 2: “bonus” is no type"),
        (GOCARDLESS + ",2026-05-14,GBP,app_fee,1,PM1,,,\n", "row 2: it names no payout"),
    ],
)
def test_damage_is_refused_with_its_row(content: str, sentence: str) -> None:
    with pytest.raises(StatementRefused) as refused:
        read_file(content.encode(), "report.csv")

    assert sentence in refused.value.message
