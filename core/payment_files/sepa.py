"""What pain.001 and pain.008 have in common: the parts of the XML that tell who, how much and to whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lxml import etree
from stdnum import iban as iban_numbers

from core.money import ZERO, plain_amount
from core.payment_files.orders import CannotWrite, Order, refuse_repeated
from core.payment_files.text import sepa_text

MOST = Decimal("999999999.99")
IDENTIFIER = 35
Element = etree._Element


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """The company whose file it is, and its account."""

    name: str
    iban: str
    bic: str = ""


class Tree:
    """Grows a document of one namespace, element by element in the order of its schema."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self.root = etree.Element(f"{{{namespace}}}Document", nsmap={None: namespace})  # type: ignore[dict-item]

    def add(self, parent: Element, path: str, text: str | None = None, **attributes: str) -> Element:
        """Add the elements of a path such as “Id/IBAN” and give the last its text."""
        for name in path.split("/"):
            parent = etree.SubElement(parent, f"{{{self.namespace}}}{name}")
        parent.text = text
        for attribute, value in attributes.items():
            parent.set(attribute, value)
        return parent

    def written(self) -> bytes:
        """The document as UTF-8 with its declaration."""
        return bytes(etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def group_header(
    tree: Tree, parent: Element, message_id: str, at: datetime, orders: Sequence[Order], name: str
) -> None:
    """Who sends how many orders of which total."""
    head = tree.add(parent, "GrpHdr")
    tree.add(head, "MsgId", identifier(message_id))
    tree.add(head, "CreDtTm", at.isoformat(timespec="seconds"))
    tree.add(head, "NbOfTxs", str(len(orders)))
    tree.add(head, "CtrlSum", total_of(orders))
    tree.add(head, "InitgPty/Nm", sepa_text(name, 70))


def total_of(orders: Iterable[Order]) -> str:
    """The control sum in euro."""
    return plain_amount(sum((order.money.amount for order in orders), ZERO), "EUR")


def bank(tree: Tree, parent: Element, name: str, bic: str, bic_element: str) -> None:
    """A bank by its BIC; where none is known, the scheme's word for that: the IBAN alone tells it."""
    agent = tree.add(parent, f"{name}/FinInstnId")
    if bic:
        tree.add(agent, bic_element, bic)
    else:
        tree.add(agent, "Othr/Id", "NOTPROVIDED")


def remittance(tree: Tree, parent: Element, text: str) -> None:
    """What the other side reads on its statement."""
    if text:
        tree.add(parent, "RmtInf/Ustrd", sepa_text(text, 140))


def refuse_orders(orders: list[Order]) -> None:
    """Refuse what the scheme doesn't carry: other currencies, no IBAN, references that come back cut."""
    if not orders:
        raise CannotWrite("There is nothing to submit.")
    refuse_repeated(orders)
    for order in orders:
        order.refuse_other_currency("EUR")
        if not iban_numbers.is_valid(order.iban):
            raise CannotWrite(f"{order.label}: SEPA needs an IBAN, and “{order.iban}” is none.")
        if order.money.amount > MOST:
            raise CannotWrite(f"{order.label} is more than SEPA carries in one order.")
        identifier(order.reference)


def refuse_own(own: OwnAccount) -> None:
    """The company needs a SEPA account itself."""
    if not iban_numbers.is_valid(own.iban):
        raise CannotWrite(f"{own.name} needs an account with an IBAN to submit a SEPA file.")


def identifier(text: str) -> str:
    """A reference that the bank gives back unchanged: refused rather than altered."""
    if not text or len(text) > IDENTIFIER or sepa_text(text, 99) != text:
        raise CannotWrite(f"The reference “{text}” doesn't fit into 35 letters that SEPA carries.")
    return text
