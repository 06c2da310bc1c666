"""Typed values out of CAMT elements; what does not parse is refused with its place in the file."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from cashapp.statements.model import Charge, StatementRefused
from cashapp.statements.safe_xml import Element, child, children, text_of
from cashapp.statements.values import iso_date, plain_amount

SIGNS = {"CRDT": 1, "DBIT": -1}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which file, so that every refusal can say it."""

    name: str
    at: str = ""

    def within(self, at: str) -> "Place":
        """A place inside this one."""
        return replace(self, at=f"{self.at}, {at}" if self.at else at)

    def refused(self, sentence: str) -> StatementRefused:
        """The error to raise, with file and place named."""
        where = f"{self.name}, {self.at}" if self.at else self.name
        return StatementRefused(f"{where}: {sentence} Download the file again or ask the bank.")


def amount_of(element: Element, place: Place) -> tuple[Decimal, str]:
    """The unsigned amount and its currency."""
    written = (element.text or "").strip()
    try:
        amount = plain_amount(written)
    except ValueError as error:
        raise place.refused(f"“{written}” in {element.tag} is not an amount.") from error
    currency = element.get("Ccy", "")
    if not (len(currency) == 3 and currency.isalpha() and currency.isupper()):
        raise place.refused(f"{element.tag} {written} has no currency.")
    return amount, currency


def optional_amount(parent: Element | None, place: Place, *paths: str) -> Decimal | None:
    """The amount at the first path that exists."""
    found = child(parent, *paths)
    return None if found is None else amount_of(found, place)[0]


def sign_of(element: Element) -> int | None:
    """+1 for a credit, -1 for a debit, None where nothing is said."""
    return SIGNS.get(text_of(element, "CdtDbtInd"))


def date_of(parent: Element | None, place: Place, *paths: str) -> date | None:
    """The day at the first path that has text."""
    written = text_of(parent, *paths)
    if not written:
        return None
    try:
        return iso_date(written)
    except ValueError as error:
        raise place.refused(f"“{written}” is not a date.") from error


def charges_of(element: Element, place: Place) -> tuple[Charge, ...]:
    """The fees of an entry or a payment: single records where given, else their total."""
    found: list[Charge] = []
    for block in children(element, "Chrgs"):
        records = list(children(block, "Rcrd")) or [block]
        found.extend(charge for record in records if (charge := _charge(record, place)))
    return tuple(found)


def _charge(record: Element, place: Place) -> Charge | None:
    element = child(record, "Amt", "TtlChrgsAndTaxAmt")
    if element is None:
        return None
    amount, currency = amount_of(element, place)
    included = {"true": True, "1": True, "false": False, "0": False}.get(text_of(record, "ChrgInclInd"))
    return Charge(-amount if text_of(record, "CdtDbtInd") == "CRDT" else amount, currency, included)
