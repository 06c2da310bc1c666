"""SEPA credit transfers: pain.001, one payment block a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from core.payment_files.orders import CannotWrite, Order
from core.payment_files.sepa import (
    Element,
    OwnAccount,
    Tree,
    bank,
    group_header,
    identifier,
    refuse_orders,
    refuse_own,
    remittance,
    total_of,
)
from core.payment_files.text import sepa_text

BIC_ELEMENT = {"pain.001.001.03": "BIC", "pain.001.001.09": "BICFI"}


@dataclass(frozen=True, slots=True)
class CreditTransfer:
    """An order to send, and the day on which our bank shall carry it out."""

    order: Order
    paid_on: date


def pain_001(
    *,
    message_id: str,
    made_at: datetime,
    debtor: OwnAccount,
    transfers: Sequence[CreditTransfer],
    version: str = "pain.001.001.09",
) -> bytes:
    """The file; transfers are put together by day."""
    orders = [transfer.order for transfer in transfers]
    refuse_own(debtor)
    refuse_orders(orders)
    if version not in BIC_ELEMENT:
        raise CannotWrite(f"{version} is not written here; {' and '.join(BIC_ELEMENT)} are.")
    tree = Tree(f"urn:iso:std:iso:20022:tech:xsd:{version}")
    top = tree.add(tree.root, "CstmrCdtTrfInitn")
    group_header(tree, top, message_id, made_at, orders, debtor.name)
    in_order = sorted(transfers, key=lambda transfer: transfer.paid_on)
    for place, (day, together) in enumerate(groupby(in_order, key=lambda transfer: transfer.paid_on), 1):
        block = tree.add(top, "PmtInf")
        _head(tree, block, f"{message_id[:30]}-{place}", debtor, day, BIC_ELEMENT[version], version)
        for transfer in together:
            _transfer(tree, block, transfer.order, BIC_ELEMENT[version])
    return tree.written()


def _head(
    tree: Tree, block: Element, block_id: str, debtor: OwnAccount, day: date, bic_element: str, version: str
) -> None:
    tree.add(block, "PmtInfId", identifier(block_id))
    tree.add(block, "PmtMtd", "TRF")
    tree.add(block, "PmtTpInf/SvcLvl/Cd", "SEPA")
    tree.add(block, "ReqdExctnDt" if version.endswith("03") else "ReqdExctnDt/Dt", day.isoformat())
    tree.add(block, "Dbtr/Nm", sepa_text(debtor.name, 70))
    tree.add(block, "DbtrAcct/Id/IBAN", debtor.iban)
    bank(tree, block, "DbtrAgt", debtor.bic, bic_element)
    tree.add(block, "ChrgBr", "SLEV")


def _transfer(tree: Tree, block: Element, order: Order, bic_element: str) -> None:
    row = tree.add(block, "CdtTrfTxInf")
    tree.add(row, "PmtId/EndToEndId", order.reference)
    tree.add(row, "Amt/InstdAmt", total_of([order]), Ccy="EUR")
    if order.bic:
        bank(tree, row, "CdtrAgt", order.bic, bic_element)
    tree.add(row, "Cdtr/Nm", sepa_text(order.name, 70))
    tree.add(row, "CdtrAcct/Id/IBAN", order.iban)
    remittance(tree, row, order.text)
