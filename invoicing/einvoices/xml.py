"""Writing XML as nested values: what has neither text nor children leaves no element behind. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree

NOT_IN_XML = {code: None for code in range(32) if chr(code) not in "\t\n\r"} | {0xFFFE: None, 0xFFFF: None}

Prefixes = dict[str | None, str]


@dataclass(frozen=True, slots=True)
class Node:
    """An element by its prefixed name, such as cbc:ID."""

    name: str
    text: str = ""
    children: tuple[Node, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)


def leaf(name: str, text: str | None, **attributes: str) -> Node | None:
    """An element with text; nothing where the text is empty. Attributes that are empty are left out."""
    clean = (text or "").translate(NOT_IN_XML).strip()
    return Node(name, clean, attributes={key: value for key, value in attributes.items() if value}) if clean else None


def node(name: str, *children: Node | None | Iterable[Node | None]) -> Node | None:
    """An element around others; nothing where none of them is there."""
    kept = _flat(children)
    return Node(name, children=kept) if kept else None


def required(name: str, *children: Node | None | Iterable[Node | None]) -> Node:
    """An element that stands there even when it is empty."""
    return Node(name, children=_flat(children))


def render(root: Node, prefixes: Prefixes) -> bytes:
    """The document's bytes. An element without a prefix is in the default namespace, whose key is None."""
    return etree.tostring(_element(root, prefixes), xml_declaration=True, encoding="UTF-8", pretty_print=True)


def amount(value: Decimal) -> str:
    """An amount with two decimals, which is all that EN 16931 allows."""
    return f"{value:.2f}"


def number(value: Decimal) -> str:
    """A quantity, price or percentage without the zeros that nobody wrote."""
    return f"{value.normalize():f}"


def iso(day: date | None) -> str:
    """2026-05-04, or nothing."""
    return day.isoformat() if day else ""


def basic(day: date | None) -> str:
    """20260504, or nothing."""
    return f"{day:%Y%m%d}" if day else ""


def _flat(children: Iterable[Node | None | Iterable[Node | None]]) -> tuple[Node, ...]:
    kept: list[Node] = []
    for child in children:
        if isinstance(child, Node):
            kept.append(child)
        elif child is not None:
            kept.extend(_flat(child))
    return tuple(kept)


def _element(item: Node, prefixes: Prefixes) -> etree._Element:
    namespaces: Any = prefixes
    made = etree.Element(_qualified(item.name, prefixes), item.attributes, nsmap=namespaces)
    _fill(made, item, prefixes)
    return made


def _fill(made: etree._Element, item: Node, prefixes: Prefixes) -> None:
    made.text = item.text or None
    for child in item.children:
        _fill(etree.SubElement(made, _qualified(child.name, prefixes), child.attributes), child, prefixes)


def _qualified(name: str, prefixes: Prefixes) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{prefixes[prefix or None]}}}{local}"
