"""A remittance as it was read, as rows: whose it is, which documents it names, and what makes it the same once more."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from cashapp.matching.text import compact
from cashapp.models import Remittance, RemittanceLine
from cashapp.remittances import Advice, RemittanceRefused, StatedDeduction, StatedLine
from cashapp.remittances.meaning import reason_of
from core.models import LegalEntity
from core.money import Money
from customers.models import Customer
from ledger.models import OpenItem

Kind = OpenItem.Kind


@dataclass(frozen=True, slots=True)
class Recognised:
    """Whose remittance it is, and the document behind each of its lines."""

    customer: Customer | None
    is_certain: bool
    items: list[OpenItem | None]


def content_hash(advice: Advice) -> str:
    """The same advice in another file, or in a mail that was forwarded, says the same."""
    told = asdict(advice)
    for name in ("file_format", "findings", "memo"):
        told.pop(name)
    for line in told["lines"]:
        line.pop("place")
    return hashlib.sha256(repr(sorted(told.items())).encode()).hexdigest()


def money_in(advice: Advice, entity: LegalEntity) -> str:
    """The currency; a refusal where an amount is none of it."""
    currency = advice.currency or entity.currency
    amounts = [advice.total, *(each for line in advice.lines for each in _amounts(line))]
    for amount in amounts:
        if amount is not None:
            Money(amount, currency)
    if advice.total is not None and advice.total <= 0:
        raise RemittanceRefused(
            f"The remittance is about {Money(advice.total, currency)}, which is no money that comes in."
        )
    return currency


def _amounts(line: StatedLine) -> Iterator[Decimal | None]:
    yield from (line.paid, line.gross, line.discount)
    yield from (each.amount for each in line.deductions)


def remittance_row(
    advice: Advice, entity: LegalEntity, recognised: Recognised, today: date, **facts: Any
) -> Remittance:
    """The advice without its lines; where it tells no day, it is from today."""
    return Remittance(
        entity=entity,
        content_hash=content_hash(advice),
        file_format=advice.file_format,
        reference=advice.reference[:80],
        trace=advice.trace[:80],
        payer=advice.payer[:200],
        payer_code=advice.payer_code[:60],
        payer_account=advice.payer_account[:64],
        payee=advice.payee[:200],
        paid_on=advice.paid_on or today,
        currency=money_in(advice, entity),
        total=advice.total,
        memo=advice.memo[:400],
        findings=list(advice.findings),
        customer=recognised.customer,
        is_certain=recognised.is_certain,
        **facts,
    )


def line_rows(advice: Advice, remittance: Remittance, recognised: Recognised) -> list[RemittanceLine]:
    """Every line in its place."""
    return [
        RemittanceLine(
            remittance=remittance,
            position=position,
            number=line.number[:60],
            purchase_order=line.purchase_order[:60],
            is_credit=line.is_credit,
            dated_on=line.dated_on,
            gross=line.gross,
            discount=line.discount,
            paid=line.paid,
            deductions=[_deduction(each) for each in line.deductions],
            note=line.note[:400],
            item=item,
        )
        for position, (line, item) in enumerate(zip(advice.lines, recognised.items, strict=True), 1)
    ]


def _deduction(told: StatedDeduction) -> dict[str, Any]:
    return {
        "amount": str(told.amount),
        "code": told.code,
        "code_list": told.code_list.value,
        "words": told.words,
        "reason": reason_of(told).value,
    }


# Recognising ---------------------------------------------------------------------------------------------------------


def recognise(advice: Advice, entity: LegalEntity) -> Recognised:
    """The customer by our number, else by name, else by the documents; the documents by number or purchase order."""
    customer, is_certain = _customer_by_code(advice, entity), True
    if customer is None:
        customer, is_certain = _customer_by_name(advice, entity), False
    items = recognised_items(entity, customer, [(line.number, line.purchase_order) for line in advice.lines])
    if customer is None:
        owners = {item.customer_id: item.customer for item in items if item is not None}
        customer = next(iter(owners.values())) if len(owners) == 1 else None
    return Recognised(customer, is_certain and customer is not None, items)


def _customer_by_code(advice: Advice, entity: LegalEntity) -> Customer | None:
    if not advice.payer_code:
        return None
    rows = Customer.objects.filter(entity=entity).select_related("entity")
    return rows.filter(code__iexact=advice.payer_code.strip()).first()


def _customer_by_name(advice: Advice, entity: LegalEntity) -> Customer | None:
    """Only a name that is the whole name of one customer."""
    name = compact(advice.payer)
    if not name:
        return None
    begins = advice.payer.strip()[:4]
    rows = Customer.objects.filter(entity=entity, name__istartswith=begins).select_related("entity")[:500]
    found = [customer for customer in rows if compact(customer.name) == name]
    return found[0] if len(found) == 1 else None


def recognised_items(
    entity: LegalEntity, customer: Customer | None, named: Sequence[tuple[str, str]]
) -> list[OpenItem | None]:
    """The document behind each number, or behind a purchase order that only one open document bears."""
    by_number = _by_number(entity, customer, {number for number, _ in named if number})
    by_order = _by_order(entity, customer, {order for number, order in named if order and not number})
    return [by_number.get(compact(number)) if number else by_order.get(order.upper()) for number, order in named]


def _by_number(entity: LegalEntity, customer: Customer | None, numbers: set[str]) -> dict[str, OpenItem]:
    if not numbers:
        return {}
    rows = OpenItem.objects.filter(entity=entity).exclude(kind=Kind.RECEIPT).select_related("customer")
    found = list(rows.filter(number__in=numbers | {number.upper() for number in numbers}))
    missing = {compact(number) for number in numbers} - {compact(item.number) for item in found}
    if missing and customer is not None:
        found += [item for item in rows.filter(customer=customer) if compact(item.number) in missing]
    candidates: dict[str, list[OpenItem]] = {}
    for item in found:
        candidates.setdefault(compact(item.number), []).append(item)
    only = {number: _only_one(items, customer) for number, items in candidates.items()}
    return {number: item for number, item in only.items() if item is not None}


def _by_order(entity: LegalEntity, customer: Customer | None, orders: set[str]) -> dict[str, OpenItem]:
    if not orders:
        return {}
    rows = OpenItem.objects.filter(entity=entity, open_amount__gt=0, purchase_order__in=orders)
    candidates: dict[str, list[OpenItem]] = {}
    for item in rows.select_related("customer"):
        candidates.setdefault(item.purchase_order.upper(), []).append(item)
    only = {order: _only_one(items, customer) for order, items in candidates.items()}
    return {order: item for order, item in only.items() if item is not None}


def _only_one(items: Sequence[OpenItem], customer: Customer | None) -> OpenItem | None:
    """Of several, the customer's; of those, the open one; two answers are none."""
    own = [item for item in items if customer is not None and item.customer_id == customer.pk] or list(items)
    still_open = [item for item in own if item.open_amount] or own
    return still_open[0] if len(still_open) == 1 else None
