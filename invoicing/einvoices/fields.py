"""Reading values out of somebody else's XML: a missing or broken one is a sentence, never a zero. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lxml import etree

from core.errors import Refused
from core.money import ZERO

NUMBER = re.compile(r"[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})")
LONGEST = 5_000


class UnreadableInvoice(Refused):
    """The file is no invoice that can be read here, or something in it is missing or broken."""

    code = "unreadable_invoice"


@dataclass(frozen=True, slots=True)
class Fields:
    """An element and the prefixes under which its parts are asked for. Paths are those of ElementTree."""

    element: etree._Element
    prefixes: Mapping[str, str]

    def each(self, path: str) -> Iterator["Fields"]:
        """All parts of a path."""
        for found in self.element.iterfind(path, dict(self.prefixes)):
            yield Fields(found, self.prefixes)

    def first(self, path: str) -> "Fields | None":
        """The first part of a path."""
        return next(self.each(path), None)

    def text(self, *paths: str) -> str:
        """The text at the first of these paths that has some; empty where none does."""
        for path in paths:
            for found in self.each(path):
                if written := found.own_text:
                    return written
        return ""

    @property
    def own_text(self) -> str:
        """The element's text with its spaces put in order."""
        return " ".join((self.element.text or "").split())[:LONGEST]

    def needed(self, what: str, path: str) -> str:
        """The text at a path; raises UnreadableInvoice where there is none."""
        found = self.text(path)
        if not found:
            raise UnreadableInvoice(f"The invoice has no {what}.")
        return found

    def amount(self, path: str, default: Decimal = ZERO) -> Decimal:
        """The number at a path, or the default where there is none; raises UnreadableInvoice for anything else."""
        written = self.text(path)
        return number_in(written) if written else default

    def needed_amount(self, what: str, path: str) -> Decimal:
        """The number at a path; raises UnreadableInvoice where there is none."""
        return number_in(self.needed(what, path))

    def day(self, path: str) -> date | None:
        """The day at a path, or nothing; raises UnreadableInvoice for what is no day."""
        written = self.text(path)
        return day_in(written) if written else None

    def attribute(self, name: str) -> str:
        """An attribute, or nothing."""
        return str(self.element.get(name) or "")


def number_in(written: str) -> Decimal:
    """A number as XML writes it."""
    if not NUMBER.fullmatch(written):
        raise UnreadableInvoice(f"“{written[:40]}” is no number.")
    return Decimal(written)


def day_in(written: str) -> date:
    """2026-05-04 or 20260504, a time zone left out."""
    digits = re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})(?:Z|[+-]\d{2}:\d{2})?", written)
    try:
        if digits:
            return date(int(digits[1]), int(digits[2]), int(digits[3]))
    except ValueError:
        pass
    raise UnreadableInvoice(f"“{written[:40]}” is no day.")
