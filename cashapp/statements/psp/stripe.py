"""Stripe's payout reconciliation (itemised) and its list of balance transactions.

A payout pays exactly what its transactions come to; the itemised report names it on each of them and leaves the payout
itself out, so its line is made from them.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from cashapp.statements.model import References, Statement, StatementLine, sum_of
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
    is_payout,
    settled,
)
from cashapp.statements.values import reference
from core.rows import Row

STRIPE_PAYOUTS = Signature(
    "Stripe", ("automatic_payout_id", "balance_transaction_id", "gross", "fee", "net", "reporting_category")
)
STRIPE_BALANCE = Signature(
    "Stripe",
    (
        ("balance_transaction_id", "id"),
        ("reporting_category", "type"),
        ("gross", "amount"),
        "fee",
        "net",
        "currency",
        ("created_utc", "created (utc)", "created"),
        ("available_on_utc", "available on (utc)", "available_on"),
    ),
)
KINDS = {
    "charge": PAYMENT,
    "payment": PAYMENT,
    "refund": REFUND,
    "payment_refund": REFUND,
    "charge_failure": CHARGEBACK,
    "dispute": CHARGEBACK,
    "dispute_reversal": PAYMENT,
    "fee": FEE,
    "stripe_fee": FEE,
    "network_cost": FEE,
    "reserve_transaction": RESERVE,
    "reserved_funds": RESERVE,
    "risk_reserved_funds": RESERVE,
    "connect_reserved_funds": RESERVE,
    "payment_network_reserve_hold": RESERVE,
    "payment_network_reserve_release": RESERVE,
    "payout": PAYOUT,
    "payout_reversal": OTHER,
}
AVAILABLE = (
    "automatic_payout_effective_at_utc",
    "automatic_payout_effective_at",
    "available_on_utc",
    "available on (utc)",
    "available_on",
)
CREATED = ("created_utc", "created (utc)", "created")


def read_stripe_payouts(sheet: SettlementSheet) -> tuple[Statement, ...]:
    """One statement for each currency, every payout with what it pays."""
    return tuple(
        settled(list(_with_payouts(lines)), "Stripe", "payouts") for lines in _lines_by_currency(sheet).values()
    )


def read_stripe_balance(sheet: SettlementSheet) -> tuple[Statement, ...]:
    """One statement for each currency; the payouts are lines of their own."""
    return tuple(settled(lines, "Stripe", "balance") for lines in _lines_by_currency(sheet).values())


def _lines_by_currency(sheet: SettlementSheet) -> dict[str, list[StatementLine]]:
    lines: dict[str, list[StatementLine]] = {}
    for row in sheet.rows:
        line = _movement(sheet, row).line()
        lines.setdefault(line.currency, []).append(line)
    return lines


def _movement(sheet: SettlementSheet, row: Row) -> Movement:
    kind = KINDS.get(sheet.text(row, "reporting_category", "type").casefold(), OTHER)
    gross, fee, net = (sheet.amount(row, *titles) for titles in (("gross", "amount"), ("fee",), ("net",)))
    if gross - fee != net:
        raise sheet.refused(row, f"{gross:,} less the fee of {fee:,} is not {net:,}")
    booked_on = sheet.day(row, *CREATED)
    source = sheet.text(row, "payment_intent_id", "charge_id", "source_id", "source")
    told = sheet.text(row, "invoice_number", "payment_metadata[invoice]", "payment_metadata[order_id]")
    payout = sheet.text(row, "automatic_payout_id", "transfer")
    words, currency = sheet.text(row, "description"), sheet.text(row, "currency").upper()
    paid_in = sheet.text(row, "customer_facing_currency").upper()
    is_exchanged = paid_in not in ("", currency)
    return Movement(
        provider="Stripe",
        kind=kind,
        row=row,
        booked_on=booked_on,
        value_on=sheet.day(row, *AVAILABLE, *CREATED),
        currency=currency,
        gross=sheet.amount(row, "customer_facing_amount") if is_exchanged else gross,
        gross_currency=paid_in,
        fee=fee,
        net=net,
        payer=sheet.text(row, "customer_name", "customer_description", "customer_email"),
        text=f"{told} {words}".strip() if told not in words else words,
        posting_text=sheet.text(row, "reporting_category", "type"),
        references=References(
            bank_reference=reference(sheet.text(row, "balance_transaction_id", "id")),
            end_to_end=reference(told),
            transaction=reference(source),
            payout=reference(payout or (source if kind == PAYOUT else "")),
        ),
    )


def _with_payouts(lines: list[StatementLine]) -> Iterable[StatementLine]:
    """Every payout's transactions, then the payout that they come to."""
    payouts: dict[str, list[StatementLine]] = {}
    for line in lines:
        payouts.setdefault(line.references.payout, []).append(line)
    for payout, inside in payouts.items():
        yield from inside
        total: Decimal = sum_of(line.amount for line in inside)
        if payout and total and not any(is_payout(line) for line in inside):
            yield _payout_line(payout, inside[-1], total)


def _payout_line(payout: str, last: StatementLine, total: Decimal) -> StatementLine:
    return replace(
        last,
        booked_on=last.value_on,
        amount=-total,
        payer="",
        references=References(bank_reference=payout, payout=payout),
        text=f"Payout {payout}",
        posting_text="payout",
        charges=(),
        original_amount=None,
        original_currency="",
        is_reversal=False,
        return_reason="",
        transaction_code=f"Stripe {PAYOUT}",
        place=f"payout {payout}",
        raw="",
    )
