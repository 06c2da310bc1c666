"""Adyen's settlement details report, as CSV or workbook: one merchant account, one batch for each payout."""

from cashapp.statements.model import References, Statement
from cashapp.statements.psp.sheet import (
    CHARGEBACK,
    FEE,
    OTHER,
    PAYMENT,
    PAYOUT,
    REFUND,
    RESERVE,
    Movement,
    SettlementSheet,
    Signature,
    settled,
)
from cashapp.statements.values import reference
from core.rows import Row

ADYEN = Signature(
    "Adyen",
    (
        "merchant account",
        "psp reference",
        "type",
        "gross credit (gc)",
        "net debit (nc)",
        "net credit (nc)",
        "batch number",
    ),
    telling="gross credit (gc)",
)
KINDS = {
    "settled": PAYMENT,
    "settledbulk": PAYMENT,
    "refunded": REFUND,
    "refundedbulk": REFUND,
    "refundedreversed": PAYMENT,
    "settledreversed": CHARGEBACK,
    "chargeback": CHARGEBACK,
    "secondchargeback": CHARGEBACK,
    "chargebackreversed": PAYMENT,
    "fee": FEE,
    "misccosts": FEE,
    "invoicededuction": FEE,
    "paymentcost": FEE,
    "reserveadjustment": RESERVE,
    "depositcorrection": RESERVE,
    "balancetransfer": RESERVE,
    "merchantpayout": PAYOUT,
}
FEES = ("commission (nc)", "markup (nc)", "scheme fees (nc)", "interchange (nc)")


def read_adyen(sheet: SettlementSheet) -> tuple[Statement, ...]:
    """One statement for each merchant account and currency. The net is what is paid out, so it counts."""
    accounts: dict[tuple[str, str], list[Movement]] = {}
    for row in sheet.rows:
        movement = _movement(sheet, row)
        accounts.setdefault((sheet.text(row, "merchant account"), movement.currency), []).append(movement)
    return tuple(
        settled(
            [each.line() for each in movements],
            "Adyen",
            "settlement",
            account=account,
            findings=[finding for each in movements if (finding := _contradiction(each))],
        )
        for (account, _), movements in accounts.items()
    )


def _contradiction(told: Movement) -> str:
    is_payment = told.kind in {PAYMENT, REFUND, CHARGEBACK}
    if not is_payment or told.gross_currency != told.currency or told.gross - told.fee == told.net:
        return ""
    return (
        f"Row {told.row.number}: {told.gross:,.2f} less the fees of {told.fee:,.2f} is not {told.net:,.2f}; "
        "the net is taken."
    )


def _movement(sheet: SettlementSheet, row: Row) -> Movement:
    kind = KINDS.get(sheet.text(row, "type").casefold(), OTHER)
    net = sheet.amount(row, "net credit (nc)") - sheet.amount(row, "net debit (nc)")
    gross = sheet.amount(row, "gross credit (gc)") - sheet.amount(row, "gross debit (gc)")
    fee = sum((sheet.amount(row, title) for title in FEES), start=net * 0)
    currency = sheet.text(row, "net currency").upper()
    gross_currency = sheet.text(row, "gross currency").upper()
    told, original = sheet.text(row, "modification reference"), sheet.text(row, "psp reference")
    merchant = sheet.text(row, "merchant reference")
    return Movement(
        provider="Adyen",
        kind=kind,
        row=row,
        booked_on=sheet.day(row, "booking date", "creation date"),
        value_on=sheet.day(row, "creation date"),
        currency=currency,
        gross=gross,
        gross_currency=gross_currency,
        fee=fee,
        net=net,
        text=merchant or told,
        posting_text=f"{sheet.text(row, 'type')} {sheet.text(row, 'payment method')}".strip(),
        references=References(
            end_to_end=reference(merchant),
            entry_reference=reference(told),
            transaction=reference(original),
            payout=f"batch {sheet.text(row, 'batch number')}".removesuffix(" "),
        ),
    )
