"""The list of contracts and what the page of one shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import django_filters
from django.db.models import Prefetch, Q, QuerySet
from django.http import QueryDict

from core.models import AuditEvent, LegalEntity
from core.money import ZERO
from customers.models import Customer
from customers.queries import customers_found
from invoicing.charges import Charge
from invoicing.contract_values import yearly_value
from invoicing.cycles import months_after
from invoicing.models import Amendment, AmendmentEffect, BilledPeriod, Contract, ContractLine, PriceTier
from invoicing.queries.amending import lines_of
from invoicing.queries.charging import charges_of, tiers_of

STATES = [("active", "Active"), ("draft", "Drafts"), ("notice", "Notice given"), ("ended", "Ended")]
ORDERS: dict[str, str] = {
    "number": "number",
    "customer": "customer__name",
    "starts": "starts_on",
    "ends": "ends_on",
}
LOOK_AHEAD_MONTHS = 12


class ContractFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What the list of contracts can be narrowed by."""

    q = django_filters.CharFilter(method="find", label="Find")
    state = django_filters.ChoiceFilter(method="in_state", choices=STATES, label="State", empty_label="Any")
    kind = django_filters.ChoiceFilter(choices=Contract.Kind, label="Kind", empty_label="Any")
    customer = django_filters.CharFilter(field_name="customer__code", label="Customer")

    class Meta:
        model = Contract
        fields = ("q", "state", "kind", "customer")

    def __init__(self, data: QueryDict, entity: LegalEntity, as_of: date) -> None:
        self.entity, self.as_of = entity, as_of
        super().__init__(data, queryset=Contract.objects.filter(entity=entity))

    def find(self, rows: QuerySet[Contract], name: str, text: str) -> QuerySet[Contract]:
        """By number, the source's id, purchase order or customer."""
        plain = text.strip()
        found = Q(number__icontains=plain) | Q(source_id__iexact=plain) | Q(purchase_order__iexact=plain)
        customers = customers_found(Customer.objects.filter(entity=self.entity), plain)
        return rows.filter(found | Q(customer__in=customers.order_by().values("pk")))

    def in_state(self, rows: QuerySet[Contract], name: str, state: str) -> QuerySet[Contract]:
        """Where it stands on the page's day."""
        if state == "draft":
            return rows.filter(activated_at=None)
        rows = rows.filter(activated_at__isnull=False)
        if state == "ended":
            return rows.filter(ends_on__lt=self.as_of)
        rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=self.as_of))
        return rows.filter(notice_given_on__isnull=False) if state == "notice" else rows


def contracts_in_order(rows: QuerySet[Contract], sort: str) -> QuerySet[Contract]:
    """In the order that was asked for, the newest first otherwise, each with its lines."""
    lines = Prefetch("lines", ContractLine.objects.order_by("position"))
    rows = rows.select_related("customer").prefetch_related(lines)
    name = ORDERS.get(sort.removeprefix("-"))
    if name is None:
        return rows.order_by("-pk")
    return rows.order_by(f"-{name}" if sort.startswith("-") else name, "pk")


def value_of(contract: Contract, on: date) -> Decimal:
    """What a contract is worth a year on a day; a draft or one to come, on its first day."""
    return yearly_value(contract.lines.all(), max(on, contract.starts_on), contract.currency)


@dataclass(frozen=True)
class LineHistory:
    """A line of the contract with what was billed for which of its days."""

    line: ContractLine
    tiers: Sequence[PriceTier]
    billed: Sequence[BilledPeriod]


@dataclass(frozen=True)
class ContractPage:
    """Everything that the page of a contract shows beside its own facts."""

    lines: Sequence[LineHistory]
    changes: Sequence[Amendment]
    coming: Sequence[Charge]
    coming_net: Decimal = ZERO
    years_value: Decimal = ZERO
    has_usage: bool = False


def page_of_contract(contract: Contract, *, as_of: date) -> ContractPage:
    """The contract's history, and what it bills in the next twelve months."""
    lines = lines_of(contract)
    tiers, billed = tiers_of(lines), _billed_of(lines)
    coming = charges_of(lines, months_after(as_of, LOOK_AHEAD_MONTHS)) if contract.is_active else []
    nets = [charge.net(contract.currency) or ZERO for charge in coming]
    return ContractPage(
        lines=[LineHistory(line, tiers.get(line.pk, ()), billed.get(line.pk, ())) for line in lines],
        changes=_changes(contract),
        coming=coming,
        coming_net=sum(nets, ZERO),
        years_value=yearly_value(lines, max(as_of, contract.starts_on), contract.currency),
        has_usage=any(line.cycle == ContractLine.Cycle.USAGE for line in lines),
    )


def history_of_contract(contract: Contract) -> QuerySet[AuditEvent]:
    """Who did what to it, the newest first."""
    rows = AuditEvent.objects.filter(object_type=contract._meta.label_lower, object_id=str(contract.pk))
    return rows.select_related("by").order_by("-pk")


def _billed_of(lines: Iterable[ContractLine]) -> dict[int, list[BilledPeriod]]:
    """What was ever billed for the lines, credited days included."""
    rows = BilledPeriod.objects.filter(line__in=[line.pk for line in lines])
    found: dict[int, list[BilledPeriod]] = {}
    for row in rows.select_related("invoice_line__invoice").order_by("line_id", "first_on", "pk"):
        found.setdefault(row.line_id, []).append(row)
    return found


def _changes(contract: Contract) -> list[Amendment]:
    """The amendments, the latest first, each with the working that was kept when it was recorded."""
    effects = Prefetch("effects", AmendmentEffect.objects.select_related("line"))
    rows = contract.amendments.select_related("recorded_by").prefetch_related(effects)
    return list(rows.order_by("-pk"))
