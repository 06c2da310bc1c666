"""What templates about customers need."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def cell(cells: Mapping[str, str], key: str) -> str:
    """What a row of a file holds for one of our fields."""
    return cells.get(key, "")
