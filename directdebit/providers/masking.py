"""Keeping bank details and secrets out of whatever is written down about an exchange."""

import json
import re
from collections.abc import Mapping
from typing import Any

HIDDEN = re.compile(
    r"account_?number|sort_?code|branch_?code|\biban\b|bank_?code|apikey|authorization|token|secret|holder",
    re.IGNORECASE,
)
LONG_NUMBERS = re.compile(r"\b(?:\d[ -]?){6,}\d\b|\b[A-Z]{2}\d{2}[A-Z0-9]{10,30}\b")
KEPT = 4000


def masked(value: Any, name: str = "") -> Any:
    """The same structure in which bank details show their last two signs at most."""
    if isinstance(value, Mapping):
        return {key: masked(each, str(key)) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [masked(each, name) for each in value]
    if value and HIDDEN.search(name):
        return _ending(str(value))
    return value


def masked_text(text: str) -> str:
    """A body for the log: JSON by its names, other text by the look of its numbers."""
    try:
        found = json.loads(text)
    except ValueError:
        return LONG_NUMBERS.sub(lambda match: _ending(match[0]), text)[:KEPT]
    return json.dumps(masked(found), ensure_ascii=False)[:KEPT]


def _ending(text: str) -> str:
    return f"…{text[-2:]}" if len(text) > 4 else "…"
