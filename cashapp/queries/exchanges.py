"""Rates for money that settles documents of another currency, and what such exchanges realised."""

from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum

from cashapp.errors import WrongDocument
from cashapp.exchanging import Rate
from cashapp.models import BankStatementLine, Receipt, ReceiptExchange
from core.money import ZERO, Money
from core.rates import NoRate, rate_on
from ledger.models import Account, Allocation, JournalLine, OpenItem

Kind = ReceiptExchange.RateKind


def rate_of(receipt: Receipt, currency: str, on: date) -> Rate:
    """At which rate a receipt settles documents of a currency: the bank's where it changed that, else the day's."""
    return (bank_rate(receipt.line, currency) if receipt.line else None) or rate_of_day(currency, receipt.currency, on)


def bank_rate(line: BankStatementLine, currency: str) -> Rate | None:
    """The rate at which the bank changed what the payer sent before it booked it."""
    original = line.original_amount
    if line.original_currency != currency or not original or original <= 0:
        return None
    return Rate.between(Money(line.amount, line.currency), Money(original, currency), Kind.BANK)


def rate_of_day(document: str, money: str, on: date) -> Rate:
    """The latest rate that is known on a day; refused where none is."""
    return Rate(rate_on(document, money, on), Kind.DAY)


def known_rates(receipt: Receipt, currency: str, on: date) -> list[Rate]:
    """What bears a rate out: the bank's, that of the day on which the money came, and last that of the day itself."""
    bank = bank_rate(receipt.line, currency) if receipt.line else None
    found = [bank] if bank else []
    for day in sorted({receipt.received_on, on}):
        try:
            found.append(rate_of_day(currency, receipt.currency, day))
        except NoRate:
            continue
    return found


def has_abroad(receipt: Receipt) -> bool:
    """Whether what is on account could settle a document of another currency."""
    return bool(receipt.is_live and receipt.item.open_amount) and _abroad(receipt).exists()


def document_abroad(receipt: Receipt, number: str) -> OpenItem:
    """The customer's document of another currency by its number; one that is settled already where none is open."""
    named = _documents_abroad(receipt).filter(number__iexact=number.strip())
    found = named.select_related("customer").order_by("-open_amount", "pk").first()
    if found is None:
        raise WrongDocument(f"{receipt.item.customer.name} has no open document {number} in another currency.")
    return found


def worth_of(receipt: Receipt, item: OpenItem, rate: Rate | None, on: date) -> Decimal:
    """What the money on account settles of a document: all of it, or as much as it is worth."""
    opened: Decimal = item.open_amount
    counts = rate or rate_of(receipt, item.currency, on)
    return min(opened, counts.worth_of(receipt.item.open_money, item.currency))


def _abroad(receipt: Receipt) -> QuerySet[OpenItem]:
    return _documents_abroad(receipt).filter(open_amount__gt=0)


def _documents_abroad(receipt: Receipt) -> QuerySet[OpenItem]:
    rows = OpenItem.objects.filter(customer=receipt.item.customer_id, side=OpenItem.Side.DEBIT)
    return rows.exclude(currency=receipt.currency)


def realised_by(exchange: ReceiptExchange) -> Money:
    """What an exchange gained (positive) or lost in the currency of the books, while it stands."""
    arrived = Allocation.objects.filter(credit_item__line__entry=exchange.in_entry_id, amount__gt=0)
    used = Allocation.objects.filter(debit_item__line__entry=exchange.out_entry_id, amount__gt=0)
    settled = Q(entry__in=arrived.values("exchange_entry")) | Q(entry__in=used.values("exchange_entry"))
    own = Q(entry__in=[exchange.out_entry_id, exchange.in_entry_id])
    lines = JournalLine.objects.filter(own | settled, account__role=Account.Role.EXCHANGE_DIFFERENCES)
    gained: Decimal | None = lines.aggregate(total=Sum(F("base_credit") - F("base_debit")))["total"]
    return Money(gained or ZERO, exchange.entity.currency)
