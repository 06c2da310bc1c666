"""Who may pay for whom: declared payer groups, and customers of one family."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from cashapp.matching import DeclaredPayer
from cashapp.models import PayerGroup, PayerGroupMember
from core.models import LegalEntity, User
from customers.models import Customer


def members_on(day: date) -> QuerySet[PayerGroupMember]:
    """Memberships that hold on a day."""
    return PayerGroupMember.objects.filter(Q(until_on=None) | Q(until_on__gte=day), from_on__lte=day)


def paid_for_with(customer: Customer, *, on: date) -> set[int]:
    """The other customers whose documents money of this one may settle on a day."""
    groups = PayerGroup.objects.filter(
        Q(payer=customer) | Q(members__in=members_on(on).filter(customer=customer)), entity=customer.entity
    )
    found = set(members_on(on).filter(group__in=groups).values_list("customer", flat=True))
    family = customer.parent_id or customer.pk
    relatives = Customer.objects.filter(Q(pk=family) | Q(parent=family), entity=customer.entity)
    return (found | set(relatives.values_list("pk", flat=True))) - {customer.pk}


def declared_payers(entity: LegalEntity) -> Iterator[DeclaredPayer]:
    """What the matcher knows of groups: the payer's signs, and for whom it pays from when to when."""
    rows = PayerGroupMember.objects.filter(group__entity=entity).order_by("group", "pk")
    spans: dict[int, list[tuple[int, date, date | None]]] = defaultdict(list)
    for group, customer, from_on, until_on in rows.values_list("group", "customer", "from_on", "until_on"):
        spans[group].append((customer, from_on, until_on))
    for row in PayerGroup.objects.filter(pk__in=spans):
        yield DeclaredPayer(row.name, row.account, row.get_kind_display().lower(), row.payer_id, tuple(spans[row.pk]))


def groups_of_company(entity: LegalEntity, *, by: User, on: date, query: str = "") -> QuerySet[PayerGroup]:
    """The company's payer groups with their members of the day."""
    now = members_on(on).select_related("customer")
    rows = PayerGroup.objects.visible_to(by).filter(entity=entity)
    if query:
        rows = rows.filter(
            Q(name__icontains=query) | Q(account__icontains=query) | Q(members__customer__name__icontains=query)
        ).distinct()
    counted = Count("members", filter=Q(members__in=members_on(on)), distinct=True)
    shown = rows.select_related("payer").prefetch_related(Prefetch("members", now, to_attr="now"))
    return shown.annotate(size=counted).order_by("name", "pk")


def groups_of_customer(customer: Customer, *, by: User, on: date) -> QuerySet[PayerGroup]:
    """The groups that a customer is in on a day, as the payer or as one who is paid for."""
    rows = PayerGroup.objects.visible_to(by).filter(
        Q(payer=customer) | Q(members__in=members_on(on).filter(customer=customer))
    )
    return rows.distinct().order_by("name", "pk")
