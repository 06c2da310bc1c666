"""Finding anything by whatever people have at hand: a number, a name, a purchase order, a phone, an exact amount."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.urls import reverse

from cashapp.models import Remittance, UnidentifiedReceipt
from cashapp.queries.receipts import in_suspense
from cashapp.queries.remittances import by_trace
from core.fields import AmountField
from core.models import LegalEntity, NumberSeries, User
from core.money import Money, amount_in
from customers.models import Customer
from customers.queries import customers_found
from ledger.models import OpenItem

MOST = 6
MOST_BESIDE_AMOUNTS = 4
MOST_REMITTANCES = 2
SHORTEST_TRACE = 4
ICONS = {"invoice": "file-text", "credit_note": "file-minus", "receipt": "hand-coins"}
OWED = Case(
    When(side=OpenItem.Side.CREDIT, then=-F("open_amount")), default=F("open_amount"), output_field=AmountField()
)


@dataclass(frozen=True)
class Found:
    """One line of the answer."""

    url: str
    icon: str
    title: str
    note: str


@dataclass(frozen=True)
class Group:
    """The lines of one kind, under their heading."""

    label: str
    items: list[Found]


def search(*, by: User, entity: LegalEntity, text: str) -> list[Group]:
    """Documents first, then customers; at most twelve lines in a few statements, whatever the size of the ledger."""
    wanted = " ".join(text.split())[:80]
    if len(wanted) < 2:
        return []
    amount = amount_in(wanted)
    most = MOST_BESIDE_AMOUNTS if amount else MOST
    documents = list(_documents(by, entity, wanted)[:most])
    customers = [_customer(customer) for customer in _customers(by, entity, wanted)[:most]]
    groups = [Group("Documents", [_document(item) for item in documents])]
    if len(wanted) >= SHORTEST_TRACE:
        told = by_trace(entity, by, wanted)[:MOST_REMITTANCES]
        groups.append(Group("Remittances", [_remittance(remittance) for remittance in told]))
    if amount:
        groups.append(Group("Amounts", _of_amount(by, entity, amount, documents)))
        customers = [*_owing(by, entity, amount), *customers]
    groups.append(Group("Customers", list({found.url: found for found in reversed(customers)}.values())[::-1][:most]))
    return [group for group in groups if group.items]


def _documents(by: User, entity: LegalEntity, text: str) -> QuerySet[OpenItem]:
    rows = OpenItem.objects.visible_to(by).filter(entity=entity).select_related("customer")
    wanted = Q(number__in=_possible_numbers(entity, text)) | Q(purchase_order__iexact=text, open_amount__gt=0)
    wanted |= Q(reference=text.replace(" ", "").upper(), open_amount__gt=0)
    if len(text) >= 4:
        wanted |= Q(number__icontains=text, open_amount__gt=0)
    return rows.filter(wanted).order_by("-document_on", "-pk")


def _of_amount(by: User, entity: LegalEntity, amount: Decimal, but: Iterable[OpenItem]) -> list[Found]:
    """Documents and receipts of the amount, or with it left open, the open ones first; then unidentified money."""
    rows = OpenItem.objects.visible_to(by).filter(entity=entity).exclude(pk__in=[item.pk for item in but])
    rows = rows.filter(Q(amount=amount) | Q(open_amount=amount, open_amount__gt=0)).select_related("customer")
    items = rows.order_by(F("settled_on").desc(nulls_first=True), "-document_on", "-pk")[:MOST_BESIDE_AMOUNTS]
    unknown = in_suspense(entity, by).filter(amount=amount)[: MOST_BESIDE_AMOUNTS - len(items)]
    return [*map(_document, items), *map(_unidentified, unknown)]


def _owing(by: User, entity: LegalEntity, amount: Decimal) -> list[Found]:
    """Customers who owe exactly the amount, or are owed it, over everything that is open in one currency."""
    rows = OpenItem.objects.visible_to(by).filter(entity=entity).exclude(open_amount=0).order_by()
    balances = rows.values("customer", "currency").annotate(balance=Sum(OWED)).filter(balance__in=(amount, -amount))
    found = {row["customer"]: Money(row["balance"], row["currency"]) for row in balances[:MOST_BESIDE_AMOUNTS]}
    if not found:
        return []
    customers = Customer.objects.visible_to(by).filter(pk__in=list(found)).order_by("name", "pk")
    return [_customer(customer, found[customer.pk]) for customer in customers]


def _possible_numbers(entity: LegalEntity, text: str) -> list[str]:
    """The text itself, and what the entity's series would make of it when it is only digits."""
    numbers = [text, text.upper()]
    if text.isdecimal() and len(text) <= 12:
        for series in NumberSeries.objects.filter(entity=entity):
            numbers.append(series.pattern.format(year=series.year, number=int(text)))
    return numbers


def _customers(by: User, entity: LegalEntity, text: str) -> QuerySet[Customer]:
    return customers_found(Customer.objects.visible_to(by).filter(entity=entity), text).order_by("name", "pk")


def _document(item: OpenItem) -> Found:
    left = f"{item.open_money} open" if item.open_amount else "settled"
    return Found(
        url=reverse("reporting:document", args=[item.pk]),
        icon=ICONS.get(item.kind, "file-text"),
        title=item.document_label,
        note=f"{item.customer.name} · {item.money} · {left}",
    )


def _unidentified(receipt: UnidentifiedReceipt) -> Found:
    line = receipt.line_id
    return Found(
        url=f"{reverse('cashapp:desk_line', args=[line])}?view=check" if line else reverse("cashapp:unapplied"),
        icon="hand-coins",
        title=str(receipt),
        note=receipt.payer or "No payer named",
    )


def _remittance(remittance: Remittance) -> Found:
    return Found(
        url=reverse("cashapp:remittance", args=[remittance.pk]),
        icon="clipboard-list",
        title=f"Remittance {remittance}",
        note=" · ".join(str(each) for each in (remittance.payer, remittance.money) if each),
    )


def _customer(customer: Customer, balance: Money | None = None) -> Found:
    owes = f" · balance {balance}" if balance else ""
    return Found(
        url=reverse("reporting:account", args=[customer.pk]),
        icon="users",
        title=customer.name,
        note=f"{customer.code} · {customer.currency}{owes}",
    )
