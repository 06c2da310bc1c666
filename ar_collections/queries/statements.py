"""The statement of account, and the totals that statements named."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Case, F, Q, QuerySet, Sum, When

from ar_collections.statements import (
    CurrencyStatement,
    CustomerStatement,
    Item,
    Payment,
    Posting,
    lines_of,
    movements_of,
)
from core.fields import AmountField
from core.models import LegalEntity
from core.money import ZERO, Money
from customers.models import Customer
from ledger.balances import open_items
from ledger.models import OpenItem
from messaging.models import Message

STATEMENT = "statement"
STATED_DAYS = 90
NEVER_ARRIVED = (Message.State.CANCELLED, Message.State.FAILED, Message.State.BOUNCED)
IS_DEBIT = Q(side=OpenItem.Side.DEBIT)
SIGNED_AMOUNT = Case(When(IS_DEBIT, then=F("amount")), default=-F("amount"), output_field=AmountField())
SIGNED_OPEN = Case(When(IS_DEBIT, then=F("open_then")), default=-F("open_then"), output_field=AmountField())


def customer_statement(
    *, customer: Customer, as_of: date, known_at: datetime | None = None, starts_on: date | None = None
) -> CustomerStatement:
    """A customer's statement at the end of a day; with a first day also what was posted from then on."""
    items = _items(customer, as_of, known_at)
    payments = _last_payments(customer, as_of, known_at)
    before = _balances_before(customer, starts_on, known_at) if starts_on else {}
    postings = _postings(customer, starts_on, as_of, known_at) if starts_on else {}
    owed_in = {currency for currency, balance in before.items() if balance} | items.keys() | postings.keys()
    parts = [
        CurrencyStatement(
            currency=currency,
            as_of=as_of,
            lines=lines_of(items.get(currency, ()), as_of),
            last_payment=payments.get(currency),
            brought_forward=before.get(currency, ZERO),
            movements=movements_of(postings.get(currency, ()), before.get(currency, ZERO)),
        )
        for currency in sorted(owed_in or {customer.currency}, key=lambda one: (one != customer.currency, one))
    ]
    return CustomerStatement(customer, as_of, known_at, starts_on, parts)


def statements_sent(customer: Customer) -> QuerySet[Message]:
    """Statements that were queued for a customer, the newest first."""
    return Message.objects.filter(customer=customer, kind=STATEMENT).order_by("-pk")


class StatedTotal(NamedTuple):
    """The balance that a statement named to a customer, in one currency."""

    customer: int
    as_of: date
    balance: Money


def totals_stated(*, entity: LegalEntity, until: date) -> Iterator[StatedTotal]:
    """What statements of the last 90 days named as the balance, in the order in which they were queued.

    Messages are found by the day that they are about, for which there is an index, and not by customer.
    """
    days = [str(until - timedelta(days=back)) for back in range(STATED_DAYS)]
    rows = Message.objects.filter(entity=entity, kind=STATEMENT, document__in=days).exclude(document="")
    rows = rows.exclude(state__in=NEVER_ARRIVED).order_by("pk")
    for customer, context in rows.values_list("customer", "context"):
        for currency, balance in context.get("balances", {}).items():
            yield StatedTotal(customer, date.fromisoformat(context["as_of"]), Money(Decimal(balance), currency))


def _items(customer: Customer, as_of: date, known_at: datetime | None) -> dict[str, list[Item]]:
    found = open_items(entity=customer.entity, as_of=as_of, known_at=known_at, customer=customer)
    rows = found.annotate(signed=SIGNED_AMOUNT, signed_open=SIGNED_OPEN).order_by("document_on", "number", "pk")
    by_currency: dict[str, list[Item]] = defaultdict(list)
    columns = ("pk", "number", "kind", "document_on", "due_on", "purchase_order", "signed", "signed_open")
    for currency, *values in rows.values_list("currency", *columns):
        by_currency[currency].append(Item(*values))
    return by_currency


def _last_payments(customer: Customer, as_of: date, known_at: datetime | None) -> dict[str, Payment]:
    undone = Q(line__entry__reversed_by__posted_on__lte=as_of)
    receipts = _posted(customer, as_of, known_at).filter(kind=OpenItem.Kind.RECEIPT, side=OpenItem.Side.CREDIT)
    if known_at is not None:
        undone &= Q(line__entry__reversed_by__recorded_at__lte=known_at)
    latest = receipts.exclude(undone).order_by("currency", "-posted_on", "-pk").distinct("currency")
    rows = latest.values_list("currency", "amount", "posted_on")
    return {currency: Payment(amount, posted_on) for currency, amount, posted_on in rows}


def _balances_before(customer: Customer, starts_on: date, known_at: datetime | None) -> dict[str, Decimal]:
    rows = _posted(customer, None, known_at).filter(posted_on__lt=starts_on)
    return dict(rows.order_by().values_list("currency").annotate(balance=Sum(SIGNED_AMOUNT)))


def _postings(
    customer: Customer, starts_on: date, as_of: date, known_at: datetime | None
) -> dict[str, Sequence[Posting]]:
    rows = _posted(customer, as_of, known_at).filter(posted_on__gte=starts_on).order_by("posted_on", "pk")
    by_currency: dict[str, list[Posting]] = defaultdict(list)
    columns = ("pk", "number", "kind", "posted_on", "signed")
    for currency, *values in rows.annotate(signed=SIGNED_AMOUNT).values_list("currency", *columns):
        by_currency[currency].append(Posting(*values))
    return dict(by_currency)


def _posted(customer: Customer, as_of: date | None, known_at: datetime | None) -> QuerySet[OpenItem]:
    items = OpenItem.objects.filter(customer=customer)
    if as_of is not None:
        items = items.filter(posted_on__lte=as_of)
    return items.filter(recorded_at__lte=known_at) if known_at is not None else items
