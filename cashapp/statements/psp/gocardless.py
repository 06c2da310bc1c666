"""GoCardless payout items, as CSV with the names of its API: payments, refunds, failures and fees of payouts.

Amounts of the API are in minor units and fees may hold parts of a penny; a payment's fees are rounded, and what the
rounding leaves is a line of its own, so that the lines come to the payout.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from cashapp.statements.model import References, Statement, StatementLine, sum_of
from cashapp.statements.psp.sheet import (
    CHARGEBACK,
    FEE,
    OTHER,
    PAYMENT,
    PAYOUT,
    REFUND,
    Movement,
    SettlementSheet,
    Signature,
    settled,
)
from cashapp.statements.values import reference
from core.currencies import UnknownCurrency, minor_units
from core.rows import Row

PAYOUT_ID = ("payout_id", "links.payout", "payout.id", "payouts.id")
ITEM_PAYMENT = ("links.payment", "payment_id", "links_payment", "payments.id")
ITEM_REFUND = ("links.refund", "refund_id", "links_refund")
ITEM_DAY = ("arrival_date", "payout_arrival_date", "payouts.arrival_date", "payout.arrival_date", "created_at")
CURRENCY = ("currency", "payout_currency", "payouts.currency")
GOCARDLESS = Signature("GoCardless", ("type", "amount", PAYOUT_ID, ITEM_PAYMENT, ITEM_DAY, CURRENCY))
KINDS = {
    "payment_paid_out": PAYMENT,
    "payment_failed": CHARGEBACK,
    "payment_charged_back": CHARGEBACK,
    "payment_refunded": REFUND,
    "refund": REFUND,
    "refund_funds_returned": PAYMENT,
    "gocardless_fee": FEE,
    "app_fee": FEE,
    "surcharge_fee": FEE,
    "revenue_share": OTHER,
}


@dataclass(slots=True)
class Paid:
    """A payout while its items come in; `fees` belong to payments, by the payment's id."""

    currency: str
    movements: list[Movement] = field(default_factory=list)
    fees: dict[str, Decimal] = field(default_factory=dict)
    loose: list[Movement] = field(default_factory=list)
    total: Decimal = Decimal(0)


def read_gocardless(sheet: SettlementSheet) -> tuple[Statement, ...]:
    """One statement for each currency, every payout with what it pays."""
    payouts: dict[str, Paid] = {}
    for row in sheet.rows:
        _take(sheet, row, payouts)
    by_currency: dict[str, list[StatementLine]] = {}
    for payout, paid in payouts.items():
        by_currency.setdefault(paid.currency, []).extend(_lines(payout, paid))
    return tuple(settled(lines, "GoCardless", "payouts") for lines in by_currency.values())


def _take(sheet: SettlementSheet, row: Row, payouts: dict[str, Paid]) -> None:
    payout, currency = sheet.text(row, *PAYOUT_ID), sheet.text(row, *CURRENCY).upper()
    if not payout:
        raise sheet.refused(row, "it names no payout")
    paid = payouts.setdefault(payout, Paid(currency))
    if paid.currency != currency:
        raise sheet.refused(row, f"payout {payout} is in {paid.currency}, but this item is in {currency}")
    movement = _movement(sheet, row, payout, currency)
    tax = _money(sheet, row, currency, "taxes", "tax", "taxes.amount")
    paid.total += movement.net + (tax if movement.kind != FEE else -abs(tax))
    payment = movement.references.transaction
    if movement.kind == FEE and payment:
        paid.fees[payment] = paid.fees.get(payment, Decimal(0)) - movement.net + abs(tax)
    elif movement.kind == FEE:
        paid.loose.append(replace(movement, net=movement.net - abs(tax)))
    else:
        paid.movements.append(movement)


def _movement(sheet: SettlementSheet, row: Row, payout: str, currency: str) -> Movement:
    told = sheet.text(row, "type").casefold()
    kind = KINDS.get(told)
    if kind is None:
        raise sheet.refused(row, f"“{told[:40]}” is no type of a payout item")
    amount = _money(sheet, row, currency, "amount")
    payment, refund = sheet.text(row, *ITEM_PAYMENT), sheet.text(row, *ITEM_REFUND)
    merchant = sheet.text(row, "payment_reference", "payments.reference", "reference")
    words = sheet.text(row, "payment_description", "payments.description", "description")
    return Movement(
        provider="GoCardless",
        kind=kind,
        row=row,
        booked_on=sheet.day(row, *ITEM_DAY),
        currency=currency,
        gross=amount,
        fee=Decimal(0),
        net=amount,
        payer=sheet.text(row, "customer_name", "customers.company_name", "customers.family_name", "customer"),
        text=f"{merchant} {words}".strip(),
        posting_text=told.replace("_", " "),
        references=References(
            entry_reference=reference(f"{payout} {refund or payment} {told}"),
            end_to_end=reference(merchant),
            transaction=reference(payment),
            mandate=reference(sheet.text(row, "links.mandate", "mandate_id", "links_mandate", "mandates.id")),
            payout=payout,
        ),
    )


def _money(sheet: SettlementSheet, row: Row, currency: str, *titles: str) -> Decimal:
    """An amount of the API: minor units, of which fees may have tenths."""
    try:
        return sheet.amount(row, *titles).scaleb(-minor_units(currency))
    except UnknownCurrency as unknown:
        raise sheet.refused(row, f"“{currency[:10]}” is no currency") from unknown


def _lines(payout: str, paid: Paid) -> Iterable[StatementLine]:
    """The payments less their fees, other fees, the rounding, and the payout."""
    unit = Decimal(1).scaleb(-minor_units(paid.currency))
    moved: list[Movement] = []
    fees = dict(paid.fees)
    for each in paid.movements:
        fee = fees.pop(each.references.transaction, Decimal(0)).quantize(unit, ROUND_HALF_UP)
        moved.append(replace(each, fee=fee, net=each.gross - fee))
    for each in paid.loose:
        moved.append(replace(each, net=each.net.quantize(unit, ROUND_HALF_UP)))
    last = (paid.movements or paid.loose)[-1] if moved else None
    if last is None:
        return
    own = [(FEE, "Fees of other payments", -sum_of(fees.values()).quantize(unit, ROUND_HALF_UP))]
    total = paid.total.quantize(unit, ROUND_HALF_UP)
    own.append((FEE, "Rounding of fees", total - sum_of(each.net for each in moved) - own[0][2]))
    own.append((PAYOUT, f"Payout {payout}", -total))
    yield from (each.line() for each in moved)
    for kind, words, net in own:
        if net:
            references = References(entry_reference=f"{payout} {words}"[:80], payout=payout)
            told = replace(last, kind=kind, net=net, fee=Decimal(0), payer="", text=words, posting_text=kind)
            yield replace(replace(told, references=references).line(), place=f"payout {payout}", raw="")
