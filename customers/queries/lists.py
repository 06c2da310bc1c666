"""The list of customers: its filters, its order, and the views over it with how many each holds."""

from dataclasses import dataclass
from datetime import date
from typing import cast
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict

from core.models import LegalEntity, SavedView, User
from customers.models import Address, Contact, Customer, PaymentTerms
from customers.queries.search import customers_found

PAGE = "customers:customers"
ORDERS = {
    "name": ("name", "pk"),
    "code": ("code", "pk"),
    "terms": ("terms__net_days", "name", "pk"),
    "limit": ("credit_limit", "name", "pk"),
    "created": ("created_at", "pk"),
}
TABS = [
    ("Active", {"status": "active"}),
    ("Nobody gets invoices", {"status": "active", "gap": "receiver"}),
    ("Exempt without certificate", {"status": "active", "gap": "certificate"}),
    ("Closed", {"status": "inactive"}),
    ("All", {"view": "all"}),
]
MOST_TABS = 12
TAX_WORDS = [
    ("standard", "Standard"),
    ("reverse_charge", "Reverse charge"),
    ("exempt", "Exempt"),
    ("export", "Export"),
]
GAPS = [
    ("receiver", "Who gets invoices"),
    ("certificate", "Valid certificate"),
    ("address", "Billing address"),
    ("limit", "Credit limit"),
]


@dataclass(frozen=True)
class ViewTab:
    """A view over the list under its name."""

    name: str
    query: str
    count: int
    is_current: bool
    saved: SavedView | None = None


class CustomerFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What the list can be narrowed by."""

    q = django_filters.CharFilter(method="find", label="Find")
    status = django_filters.ChoiceFilter(choices=Customer.Status, label="Status", empty_label="Any")
    terms = django_filters.CharFilter(field_name="terms__code", label="Terms", widget=forms.Select)
    tax_status = django_filters.ChoiceFilter(choices=TAX_WORDS, label="Tax", empty_label="Any")
    currency = django_filters.CharFilter(label="Currency", widget=forms.Select)
    segment = django_filters.CharFilter(label="Segment", widget=forms.Select)
    gap = django_filters.ChoiceFilter(method="lacking", choices=GAPS, label="Missing", empty_label="Nothing")

    class Meta:
        model = Customer
        fields = ("q", "status", "terms", "tax_status", "currency", "segment", "gap")

    def __init__(self, data: QueryDict, entity: LegalEntity, as_of: date) -> None:
        super().__init__(data, queryset=Customer.objects.filter(entity=entity))
        self.entity, self.as_of = entity, as_of

    def offered_form(self) -> forms.Form:
        """The form with its drop-downs filled by what the company's customers have."""
        form: forms.Form = self.form
        rows = Customer.objects.filter(entity=self.entity).order_by()
        held = {
            "terms": PaymentTerms.objects.filter(entity=self.entity).values_list("code", "name"),
            "currency": [(value, value) for value in rows.values_list("currency", flat=True).distinct()],
            "segment": [(value, value) for value in rows.values_list("segment", flat=True).distinct() if value],
        }
        for name, choices in held.items():
            cast(forms.Select, form.fields[name].widget).choices = [("", "Any"), *sorted(choices)]
        return form

    def find(self, rows: QuerySet[Customer], name: str, text: str) -> QuerySet[Customer]:
        """By anything."""
        return customers_found(rows, text)

    def lacking(self, rows: QuerySet[Customer], name: str, gap: str) -> QuerySet[Customer]:
        """Customers whose data has a hole."""
        if gap == "limit":
            return rows.filter(credit_limit=None)
        if gap == "address":
            return rows.filter(~Exists(Address.objects.filter(customer=OuterRef("pk"), kind="billing", is_active=True)))
        if gap == "certificate":
            held = Q(tax_certificates__valid_from__lte=self.as_of) & (
                Q(tax_certificates__valid_until=None) | Q(tax_certificates__valid_until__gte=self.as_of)
            )
            covered = Customer.objects.filter(held, pk=OuterRef("pk"))
            return rows.filter(~Exists(covered), tax_status=Customer.TaxStatus.EXEMPT)
        return rows.filter(
            ~Exists(Contact.objects.filter(customer=OuterRef("pk"), receives_invoices=True, is_active=True)),
            delivery=Customer.Delivery.EMAIL,
        )


def customer_list(filters: CustomerFilter, sort: str) -> QuerySet[Customer]:
    """The rows that the filters leave, in the order that was asked for."""
    order = ORDERS.get(sort.removeprefix("-"), ORDERS["name"])
    signed = [f"-{name}" for name in order] if sort.startswith("-") else list(order)
    billed = Contact.objects.filter(customer=OuterRef("pk"), receives_invoices=True, is_active=True).order_by("pk")
    rows: QuerySet[Customer] = filters.qs
    return rows.select_related("terms", "parent").annotate(receiver=billed.values("email")[:1]).order_by(*signed)


def tabs_of(by: User, entity: LegalEntity, asked: QueryDict, as_of: date) -> list[ViewTab]:
    """Ready-made views, then one's own and the shared ones, each with its count."""
    current = plain_query(asked)
    saved = SavedView.objects.filter(Q(user=by) | Q(is_shared=True, user__role_grants__entity=entity), page=PAGE)
    ready: list[tuple[str, str, SavedView | None]] = [(name, urlencode(query), None) for name, query in TABS]
    views = ready + [(view.name, view.query, view) for view in saved.distinct().order_by("name", "pk")[:MOST_TABS]]
    counts = _counts(entity, [query for _, query, _ in views], as_of)
    return [
        ViewTab(name, query, count, plain_query(QueryDict(query)) == current, view)
        for (name, query, view), count in zip(views, counts, strict=True)
    ]


def asked_for(query: QueryDict) -> QueryDict:
    """The query string, or the first view where it says nothing about the list."""
    return query if plain_query(query) or "q" in query else QueryDict(urlencode(TABS[0][1]))


def plain_query(query: QueryDict) -> dict[str, str]:
    """What a query string says about the list: filters and order, without page, company and date."""
    known = {*CustomerFilter.base_filters, "sort", "view"}
    return {name: str(value) for name, value in query.items() if value and name in known}


def _counts(entity: LegalEntity, queries: list[str], as_of: date) -> list[int]:
    """How many customers each view holds, in one statement."""
    columns = {}
    for index, query in enumerate(queries):
        rows = CustomerFilter(QueryDict(query), entity, as_of).qs.order_by()
        columns[f"count_{index}"] = Subquery(rows.values("entity").annotate(count=Count("pk")).values("count"))
    row = LegalEntity.objects.filter(pk=entity.pk).annotate(**columns).values(*columns)[0]
    return [row[name] or 0 for name in columns]
