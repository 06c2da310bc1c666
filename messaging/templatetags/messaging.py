"""Small filters of the outbox's pages."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of_key(names: Mapping[str, Any], key: str) -> Any:
    """What a mapping holds under a key that is itself a variable; the key where it holds nothing."""
    return names.get(key, key)


@register.filter
def in_short(value: Any) -> str:
    """An example value on one line; of a list, the names of what each line holds."""
    if isinstance(value, list):
        names = ", ".join(value[0]) if value else ""
        return f"a list; each line has {names}"
    return str(value) or "(empty)"
