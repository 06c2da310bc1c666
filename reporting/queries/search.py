"""Finding anything by whatever people have at hand: a number, a name, a purchase order, a phone, an exact amount."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db.models import Q, QuerySet
from django.urls import reverse

from core.models import LegalEntity, NumberSeries, User
from customers.models import Customer
from ledger.models import OpenItem

MOST = 6
ICONS = {"invoice": "file-text", "credit_note": "file-minus", "receipt": "hand-coins"}


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
    """Documents first, then customers; at most twelve lines in two or three statements."""
    wanted = " ".join(text.split())[:80]
    if len(wanted) < 2:
        return []
    groups = [
        Group("Documents", [_document(item) for item in _documents(by, entity, wanted)]),
        Group("Customers", [_customer(customer) for customer in _customers(by, entity, wanted)]),
    ]
    return [group for group in groups if group.items]


def amount_in(text: str) -> Decimal | None:
    """An exact amount as people type it: 1,234.50, 1.234,50, £1234.5. Whole numbers are amounts as well."""
    bare = re.sub(r"[\s£€$A-Za-z]", "", text)
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d{1,3})?|-?\d+,\d{1,2}", bare):
        bare = bare.replace(".", "").replace(",", ".")
    try:
        return abs(Decimal(bare.replace(",", "")))
    except InvalidOperation:
        return None


def _documents(by: User, entity: LegalEntity, text: str) -> QuerySet[OpenItem]:
    rows = OpenItem.objects.visible_to(by).filter(entity=entity).select_related("customer")
    wanted = Q(number__in=_possible_numbers(entity, text)) | Q(purchase_order__iexact=text, open_amount__gt=0)
    wanted |= Q(reference=text.replace(" ", "").upper(), open_amount__gt=0)
    if len(text) >= 4:
        wanted |= Q(number__icontains=text, open_amount__gt=0)
    amount = amount_in(text)
    if amount:
        wanted |= Q(open_amount=amount) | Q(amount=amount, open_amount__gt=0)
    return rows.filter(wanted).order_by("-document_on", "-pk")[:MOST]


def _possible_numbers(entity: LegalEntity, text: str) -> list[str]:
    """The text itself, and what the entity's series would make of it when it is only digits."""
    numbers = [text, text.upper()]
    if text.isdigit() and len(text) <= 12:
        for series in NumberSeries.objects.filter(entity=entity):
            numbers.append(series.pattern.format(year=series.year, number=int(text)))
    return numbers


def _customers(by: User, entity: LegalEntity, text: str) -> QuerySet[Customer]:
    rows = Customer.objects.visible_to(by).filter(entity=entity)
    wanted = Q(search_text__contains=text.lower())
    if "@" in text or sum(letter.isdigit() for letter in text) >= 5:
        wanted |= Q(contacts__search_text__contains=text.lower())
        wanted |= Q(bank_accounts__iban=re.sub(r"\s", "", text).upper())
        return rows.filter(wanted).distinct().order_by("name")[:MOST]
    return rows.filter(wanted).order_by("name")[:MOST]


def _document(item: OpenItem) -> Found:
    left = f"{item.open_money} open" if item.open_amount else "settled"
    return Found(
        url=reverse("reporting:document", args=[item.pk]),
        icon=ICONS.get(item.kind, "file-text"),
        title=item.document_label,
        note=f"{item.customer.name} · {item.money} · {left}",
    )


def _customer(customer: Customer) -> Found:
    return Found(
        url=reverse("reporting:account", args=[customer.pk]),
        icon="users",
        title=customer.name,
        note=f"{customer.code} · {customer.currency}",
    )
