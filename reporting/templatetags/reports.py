"""Small filters that tables of the reports need."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import template

from core.words import NO_BREAK, NONE, amount_in_words, rounded
from ledger.ageing import AgeingRow
from ledger.models import OpenItem
from reporting.measures.catalogue import Measure, Unit
from reporting.measures.figures import Figure

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


@register.filter
def figure(found: Figure, measure: Measure) -> str:
    """A measure's figure with its unit; a dash where there is none."""
    if found.value is None:
        return NONE
    if measure.unit == Unit.AMOUNT:
        return amount_in_words(found.value, decimals=False)
    return f"{rounded(found.value, 1)}{NO_BREAK}{measure.unit.value}"


@register.filter
def day_before(on: date) -> date:
    """The day before, at whose end a time opens."""
    return on - timedelta(days=1)


@register.filter
def get(mapping: Mapping[str, Any], key: str) -> Any:
    """The value under a key, if there is one."""
    return mapping.get(key)
