"""Reads what other programs found in the sample files, so that our reading can be held against it."""

import ast
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

SKIPPED_KEYS = frozenset({"tags", "re"})


class PlainLoader(yaml.SafeLoader):
    """YAML whose Python objects become plain dictionaries; nothing is ever constructed or called."""


def _plain(loader: PlainLoader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        inside = "models.Transactions" not in node.tag
        node.value = [
            (key, value)
            for key, value in node.value
            if key.value not in SKIPPED_KEYS and not (inside and key.value == "transactions")
        ]
        return loader.construct_mapping(node, deep=True)
    if not isinstance(node, yaml.SequenceNode):
        return None
    parts = loader.construct_sequence(node, deep=True)
    if suffix.endswith("decimal.Decimal"):
        return Decimal(parts[0])
    if suffix.endswith("models.Date"):
        year_high, year_low, month, day = parts[0]
        return date(year_high * 256 + year_low, month, day)
    return None


PlainLoader.add_multi_constructor("tag:yaml.org,2002:python/object", _plain)


def expected_yaml(path: Path) -> dict[str, Any]:
    """What mt-940 read: `data` of the last statement and all `transactions`."""
    loaded: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), PlainLoader)  # noqa: S506 - a SafeLoader
    loaded["transactions"] = [each["data"] for each in loaded["transactions"]]
    return loaded


def expected_json(path: Path) -> dict[str, Any]:
    """What genkgo/camt read: its object tree."""
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def expected_literal(path: Path) -> tuple[str | None, str | None, list[dict[str, Any]]]:
    """What OCA read: currency, account and statements."""
    currency, account, statements = ast.literal_eval(path.read_text(encoding="utf-8"))
    return currency, account, statements
