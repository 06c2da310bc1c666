"""Small filters that tables of the reports need."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import template

from ledger.ageing import AgeingRow
from ledger.models import OpenItem

register = template.Library()


@register.filter
def at(rows: Sequence[Any], index: int) -> Any:
    """The row at a place."""
    return rows[index]


@register.filter
def negative(amount: Decimal) -> Decimal:
    """An amount that is taken off."""
    return -amount


@register.filter
def signed(amount: Decimal, sign: int) -> Decimal:
    """An item's amount as it counts in the balance: credits below nought."""
    return amount * sign


@register.filter
def overdue(row: AgeingRow) -> Decimal:
    """What is past its due date: every bucket but the first."""
    return sum(row.amounts[1:], Decimal(0))


@register.filter
def of_item(amounts: Mapping[int, Decimal], item: OpenItem) -> Decimal | None:
    """The item's figure out of those of many."""
    return amounts.get(item.pk)
