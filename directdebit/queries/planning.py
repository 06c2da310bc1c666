"""What a run would take, from the ledger as it is now."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Sum

from ar_collections.queries.disputes import disputed_amounts
from directdebit.models import Collection, CollectionPart, Creditor, Mandate
from directdebit.planning import Plan, Standing, Wanted, plan
from directdebit.queries.representing import blocked_items
from ledger.models import OpenItem


def plan_of(wanted: Wanted) -> Plan:
    """What the run would draw and what it would leave; five questions, however many customers."""
    mandates = _mandates(wanted.creditor)
    due = _due(wanted, mandates)
    items = [item for of_one in due.values() for item in of_one]
    standing = Standing(
        asked=asked_for(item.pk for item in items),
        disputed=disputed_amounts([item.pk for item in items], as_of=wanted.prepared_on),
        credits=_credits(wanted.creditor, due),
        blocked=blocked_items(wanted.creditor.entity, (item.pk for item in items)),
    )
    in_order = [(mandate, due[mandate.customer_id]) for mandate in mandates if mandate.customer_id in due]
    return plan(wanted, in_order, standing)


def _mandates(creditor: Creditor) -> list[Mandate]:
    rows = creditor.mandates.filter(state__in=Mandate.LIVE).order_by("customer__name", "pk")
    return list(rows.select_related("creditor", "customer__entity", "bank_account"))


def _due(wanted: Wanted, mandates: list[Mandate]) -> dict[int, list[OpenItem]]:
    rows = OpenItem.objects.filter(
        entity=wanted.creditor.entity,
        customer__in=[mandate.customer_id for mandate in mandates],
        currency=wanted.creditor.currency,
        side=OpenItem.Side.DEBIT,
        open_amount__gt=0,
        due_on__lte=wanted.due_until,
    )
    found: dict[int, list[OpenItem]] = defaultdict(list)
    for item in rows.order_by("due_on", "number"):
        found[item.customer_id].append(item)
    return dict(found)


def _credits(creditor: Creditor, customers: Iterable[int]) -> dict[int, Decimal]:
    """Money and credit notes that wait on customers' accounts."""
    rows = OpenItem.objects.filter(
        entity=creditor.entity,
        customer__in=list(customers),
        currency=creditor.currency,
        side=OpenItem.Side.CREDIT,
        open_amount__gt=0,
    )
    return dict(rows.order_by().values_list("customer").annotate(Sum("open_amount")))


def asked_for(items: Iterable[int]) -> dict[int, Collection]:
    """By item: the collection that asks for it, or has drawn it."""
    rows = CollectionPart.objects.filter(item__in=list(items), stands=True).select_related("collection")
    return {part.item_id: part.collection for part in rows}
