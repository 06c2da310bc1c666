"""The lists of invoices and credit notes: filters, order, tabs and what they add up to."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar, cast
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import QueryDict

from core.forms import DateInput
from core.models import LegalEntity, SavedView, User
from core.money import ZERO, Money, amount_in
from customers.models import Customer
from customers.queries import customers_found
from invoicing.models import CreditNote, Document, Invoice
from invoicing.queries.delivered import STATES as DELIVERIES
from invoicing.queries.delivered import in_delivery
from ledger.balances import open_at
from ledger.models import OpenItem

AnyDocument = TypeVar("AnyDocument", bound=Document)
INVOICES = "invoicing:invoices"
CREDIT_NOTES = "invoicing:credit_notes"
MOST_TABS = 12
ROWS = 50
MOST_PAGES = 100_000
STATES = [
    ("open", "Open"),
    ("overdue", "Overdue"),
    ("draft", "Drafts"),
    ("settled", "Settled"),
]
ORDERS: dict[str, tuple[str, ...]] = {
    "number": ("number", "pk"),
    "issued": ("issued_on", "pk"),
    "due": ("due_on", "pk"),
    "customer": ("customer__name", "pk"),
    "gross": ("gross", "pk"),
}
NUMBER_LIKE = re.compile(r"[\w/.-]*\d[\w/.-]*")


@dataclass(frozen=True)
class Tab:
    """A view over a list under its name."""

    name: str
    query: str
    count: int | None
    is_current: bool
    saved: SavedView | None = None


@dataclass(frozen=True)
class Rows(Generic[AnyDocument]):
    """One page of a list. How many there are in all is another question, which takes longer than the page."""

    items: list[AnyDocument]
    number: int
    has_next: bool

    def __iter__(self) -> Iterator[AnyDocument]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def start_index(self) -> int:
        """The place of the first row, counted from 1."""
        return (self.number - 1) * ROWS + 1

    @property
    def end_index(self) -> int:
        """The place of the last row."""
        return self.start_index + len(self.items) - 1

    @property
    def is_all(self) -> bool:
        """Whether the list has no other page."""
        return self.number == 1 and not self.has_next


@dataclass(frozen=True)
class ListSum:
    """What a list adds up to in one currency."""

    count: int
    gross: Money
    open: Money


class InvoiceFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What the list of invoices can be narrowed by."""

    q = django_filters.CharFilter(method="find", label="Find")
    state = django_filters.ChoiceFilter(method="in_state", choices=STATES, label="State", empty_label="Any")
    delivery = django_filters.ChoiceFilter(
        method="in_delivery", choices=DELIVERIES, label="Delivery", empty_label="Any"
    )
    customer = django_filters.CharFilter(field_name="customer__code", label="Customer")
    currency = django_filters.CharFilter(label="Currency", widget=forms.Select)
    issued_from = django_filters.DateFilter(
        field_name="issued_on", lookup_expr="gte", label="Dated from", widget=DateInput
    )
    issued_until = django_filters.DateFilter(field_name="issued_on", lookup_expr="lte", label="until", widget=DateInput)

    class Meta:
        model = Invoice
        fields = ("q", "state", "delivery", "customer", "currency", "issued_from", "issued_until")

    def __init__(self, data: QueryDict, entity: LegalEntity, as_of: date, today: date) -> None:
        self.entity, self.as_of, self.today = entity, as_of, today
        rows = Invoice.objects.filter(entity=entity)
        if as_of != today:
            rows = rows.filter(issued_on__lte=as_of)
        elif not data.get("state") and not data.get("q"):
            rows = rows.exclude(number=None)
        super().__init__(data, queryset=rows)

    def offered_form(self) -> forms.Form:
        """The form with the currencies that there are."""
        form: forms.Form = self.form
        held = sorted({self.entity.currency, *self._currencies()})
        cast(forms.Select, form.fields["currency"].widget).choices = [("", "Any"), *((one, one) for one in held)]
        return form

    def find(self, rows: QuerySet[Invoice], name: str, text: str) -> QuerySet[Invoice]:
        """By number, purchase order, reference, customer or exact amount; a whole number finds that one only."""
        one = rows.filter(number=text.strip().upper())
        return one if one.exists() else rows.filter(document_words(text, self.entity, references=True))

    def in_state(self, rows: QuerySet[Invoice], name: str, state: str) -> QuerySet[Invoice]:
        """Where it stands at the end of the page's day."""
        if state == "draft":
            return rows.filter(number=None)
        if state == "settled":
            return rows.filter(item__settled_on__lte=self.as_of)
        rows = rows.filter(open_on(self.as_of, self.today))
        return rows.filter(due_on__lt=self.as_of) if state == "overdue" else rows

    def in_delivery(self, rows: QuerySet[Invoice], name: str, state: str) -> QuerySet[Invoice]:
        """How far it has come on its way to the customer."""
        return in_delivery(rows, self.entity, state)

    def _currencies(self) -> Iterable[str]:
        rows = Customer.objects.filter(entity=self.entity).order_by().values_list("currency", flat=True)
        return rows.distinct()


class CreditNoteFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What the list of credit notes can be narrowed by."""

    q = django_filters.CharFilter(method="find", label="Find")
    state = django_filters.ChoiceFilter(
        method="in_state", choices=[("draft", "Drafts"), ("open", "Open credit")], label="State", empty_label="Any"
    )
    customer = django_filters.CharFilter(field_name="customer__code", label="Customer")
    reason_code = django_filters.ChoiceFilter(choices=CreditNote.Reason, label="Reason", empty_label="Any")
    delivery = django_filters.ChoiceFilter(
        method="in_delivery", choices=DELIVERIES, label="Delivery", empty_label="Any"
    )

    class Meta:
        model = CreditNote
        fields = ("q", "state", "customer", "reason_code", "delivery")

    def __init__(self, data: QueryDict, entity: LegalEntity, as_of: date, today: date) -> None:
        self.entity, self.as_of, self.today = entity, as_of, today
        rows = CreditNote.objects.filter(entity=entity)
        super().__init__(data, queryset=rows if as_of == today else rows.filter(issued_on__lte=as_of))

    def find(self, rows: QuerySet[CreditNote], name: str, text: str) -> QuerySet[CreditNote]:
        """By number, invoice, purchase order, customer or exact amount."""
        return rows.filter(document_words(text, self.entity) | Q(invoice__number__iexact=text.strip()))

    def in_state(self, rows: QuerySet[CreditNote], name: str, state: str) -> QuerySet[CreditNote]:
        """Drafts, or credit that is set against nothing yet."""
        return rows.filter(number=None) if state == "draft" else rows.filter(open_on(self.as_of, self.today))

    def in_delivery(self, rows: QuerySet[CreditNote], name: str, state: str) -> QuerySet[CreditNote]:
        """How far it has come on its way to the customer."""
        return in_delivery(rows, self.entity, state)


def open_on(as_of: date, today: date) -> Q:
    """Issued documents of which something is open at the end of a day."""
    if as_of == today:
        return Q(item__open_amount__gt=0)
    return Q(number__isnull=False) & (Q(item__settled_on=None) | Q(item__settled_on__gt=as_of))


def document_words(text: str, entity: LegalEntity, *, references: bool = False) -> Q:
    """What somebody may mean by a few words: a number or its end, an order, an amount, or a customer."""
    plain = text.strip()
    found = Q(number__iexact=plain) | Q(purchase_order__iexact=plain)
    if references:
        found |= Q(reference=plain.replace(" ", "").upper())
    if NUMBER_LIKE.fullmatch(plain):
        found |= Q(number__iendswith=plain) | Q(number__istartswith=plain)
    if (amount := amount_in(plain)) is not None:
        found |= Q(gross=amount)
    customers = customers_found(Customer.objects.filter(entity=entity), plain)
    return found | Q(customer__in=customers.order_by().values("pk"))


def ordered(rows: QuerySet[AnyDocument], sort: str) -> QuerySet[AnyDocument]:
    """In the order that was asked for; the newest first otherwise."""
    order = ORDERS.get(sort.removeprefix("-"))
    if order is None:
        return rows.order_by(F("issued_on").desc(), "-pk")
    return rows.order_by(*(f"-{name}" for name in order) if sort.startswith("-") else order)


def page_of(rows: QuerySet[AnyDocument], asked: str) -> Rows[AnyDocument]:
    """The rows of a page, and whether more follow."""
    number = int(asked) if asked.isdecimal() and 0 < int(asked) < MOST_PAGES else 1
    start = (number - 1) * ROWS
    found = list(rows[start : start + ROWS + 1])
    return Rows(found[:ROWS], number, len(found) > ROWS)


def sums_of_rows(rows: Iterable[Invoice], left: Mapping[int, Decimal]) -> list[ListSum]:
    """What the rows in hand add up to, per currency."""
    sums: dict[str, ListSum] = {}
    for row in rows:
        before = sums.get(row.currency, ListSum(0, Money(ZERO, row.currency), Money(ZERO, row.currency)))
        still_open = Money(left.get(row.item_id or 0, ZERO), row.currency)
        sums[row.currency] = ListSum(before.count + 1, before.gross + row.money, before.open + still_open)
    return [sums[currency] for currency in sorted(sums)]


def sums_of(rows: QuerySet[Invoice], *, as_of: date, today: date) -> list[ListSum]:
    """Count, total and what is open, per currency; documents of a past date as they stood then."""
    found = rows.order_by("currency").values_list("currency")
    if as_of == today:
        sums = found.annotate(Count("pk"), Sum("gross"), Sum("item__open_amount"))
        return [
            ListSum(count, Money(gross, currency), Money(left or ZERO, currency))
            for currency, count, gross, left in sums
        ]
    opened = open_at(OpenItem.objects.filter(invoice__in=rows.values("pk").order_by()), as_of=as_of)
    left_then = dict(opened.order_by().values_list("currency").annotate(Sum("open_then")))
    return [
        ListSum(count, Money(gross, currency), Money(left_then.get(currency, ZERO), currency))
        for currency, count, gross in found.annotate(Count("pk"), Sum("gross"))
    ]


def open_amounts(documents: Iterable[Document], *, as_of: date, today: date) -> dict[int, Decimal]:
    """What is left open of these documents at the end of a day, by the id of their item."""
    keys = [document.item_id for document in documents if document.item_id]
    items = OpenItem.objects.filter(pk__in=keys).order_by()
    if as_of == today:
        return dict(items.values_list("pk", "open_amount"))
    return dict(open_at(items, as_of=as_of).annotate(left=F("open_then")).values_list("pk", "left"))


def invoice_tabs(by: User, entity: LegalEntity, asked: QueryDict, as_of: date, today: date) -> list[Tab]:
    """Ready-made views with their counts where somebody has to act, then the saved ones."""
    items = OpenItem.objects.filter(entity=entity, kind=OpenItem.Kind.INVOICE)
    if as_of == today:
        items = items.exclude(open_amount=0)
    else:
        items = items.filter(Q(settled_on=None) | Q(settled_on__gt=as_of), posted_on__lte=as_of)
    counts = items.aggregate(open=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=as_of)))
    drafts = Invoice.objects.filter(entity=entity, number=None).count() if as_of == today else None
    ready = [
        ("Issued", "view=all", None),
        ("Open", "state=open", counts["open"]),
        ("Overdue", "state=overdue", counts["overdue"]),
        ("Drafts", "state=draft", drafts),
        ("Settled", "state=settled", None),
    ]
    return _tabs(by, entity, INVOICES, ready, plain_query(asked, InvoiceFilter))


def credit_note_tabs(by: User, entity: LegalEntity, asked: QueryDict) -> list[Tab]:
    """The same for credit notes."""
    drafts = CreditNote.objects.filter(entity=entity, number=None).count()
    ready = [("All", "view=all", None), ("Drafts", "state=draft", drafts), ("Open credit", "state=open", None)]
    return _tabs(by, entity, CREDIT_NOTES, ready, plain_query(asked, CreditNoteFilter))


def plain_query(query: QueryDict, filters: type[django_filters.FilterSet]) -> dict[str, str]:
    """What a query string says about the list: filters and order, without page, company and date."""
    known = {*filters.base_filters, "sort"}
    return {name: str(value) for name, value in query.items() if value and name in known}


def _tabs(
    by: User, entity: LegalEntity, page: str, ready: list[tuple[str, str, int | None]], current: dict[str, str]
) -> list[Tab]:
    mine = Q(user=by) | Q(is_shared=True, user__role_grants__entity=entity)
    saved = SavedView.objects.filter(mine, page=page).distinct().order_by("name", "pk")[:MOST_TABS]
    tabs = [Tab(name, query, count, _same(query, current)) for name, query, count in ready]
    return tabs + [Tab(view.name, view.query, None, _same(view.query, current), view) for view in saved]


def _same(query: str, current: dict[str, str]) -> bool:
    asked = {name: value for name, value in QueryDict(query).items() if name != "view"}
    return urlencode(sorted(asked.items())) == urlencode(sorted(current.items()))
