"""What customers agreed to pay and have not paid yet, by plan or by promise: for whoever matches money."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, QuerySet

from ar_collections.models import PlanInstalment, PromiseInstalment
from ar_collections.plans import Standing
from ar_collections.plans import State as PlanState
from ar_collections.promises import FAILED, Outcome
from core.models import LegalEntity

STILL_EXPECTED = (Outcome.OPEN, *FAILED)


class AgreedPayment(NamedTuple):
    """One payment, from the day on which it was agreed, with the items that it is for, the oldest first."""

    customer: int
    currency: str
    amount: Decimal
    agreed_on: date
    due_on: date
    number: int
    items: list[int]


def planned_payments(entity: LegalEntity) -> Iterator[AgreedPayment]:
    """Instalments of approved plans that are not paid."""
    rows = PlanInstalment.objects.filter(plan__entity=entity, plan__state=PlanState.ACTIVE)
    yield from _read(rows.exclude(standing=Standing.PAID), "plan", "plan__approved_on")


def promised_payments(entity: LegalEntity) -> Iterator[AgreedPayment]:
    """Payments of promises that stand, or that failed and may still come late."""
    rows = PromiseInstalment.objects.filter(
        promise__entity=entity, promise__outcome__in=STILL_EXPECTED, outcome__in=STILL_EXPECTED
    )
    yield from _read(rows, "promise", "promise__taken_on")


def _read(rows: QuerySet[Any], whole: str, agreed_on: str) -> Iterator[AgreedPayment]:
    item = f"{whole}__items__item"
    oldest_first = ArrayAgg(item, order_by=(f"{item}__due_on", f"{item}__number"), default=[])
    found = rows.annotate(agreed_on=F(agreed_on), for_items=oldest_first).order_by("due_on", "number", "pk")
    columns = (f"{whole}__customer", f"{whole}__currency", "amount", "agreed_on", "due_on", "number", "for_items")
    for row in found.values_list(*columns):
        yield AgreedPayment(*row)
