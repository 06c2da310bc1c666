"""SEPA direct debits: pain.008, one payment block for each day, instrument and place in the sequence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby

from core.payment_files.orders import CannotWrite, Mandate, Order
from core.payment_files.orders import Sequence as SequenceType
from core.payment_files.sepa import (
    IDENTIFIER,
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

BIC_ELEMENT = {"pain.008.001.02": "BIC", "pain.008.001.08": "BICFI"}


class Instrument(StrEnum):
    """From consumers and companies, or between companies only."""

    CORE = "CORE"
    B2B = "B2B"


@dataclass(frozen=True, slots=True)
class Creditor:
    """Who collects: its account and its creditor identifier."""

    account: OwnAccount
    identifier: str


@dataclass(frozen=True, slots=True)
class DirectDebit:
    """An order to draw, with the mandate that allows it."""

    order: Order
    mandate: Mandate
    instrument: Instrument
    sequence: SequenceType
    collected_on: date

    @property
    def block(self) -> tuple[date, str, str]:
        """What stands together in one payment block."""
        return self.collected_on, self.instrument.value, self.sequence.value


def pain_008(
    *,
    message_id: str,
    made_at: datetime,
    creditor: Creditor,
    debits: Sequence[DirectDebit],
    version: str = "pain.008.001.08",
) -> bytes:
    """The file; debits are put together by day, instrument and sequence type."""
    orders = [debit.order for debit in debits]
    refuse_own(creditor.account)
    refuse_orders(orders)
    if version not in BIC_ELEMENT:
        raise CannotWrite(f"{version} is not written here; {' and '.join(BIC_ELEMENT)} are.")
    if not creditor.identifier:
        raise CannotWrite(f"{creditor.account.name} has no SEPA creditor identifier.")
    tree = Tree(f"urn:iso:std:iso:20022:tech:xsd:{version}")
    top = tree.add(tree.root, "CstmrDrctDbtInitn")
    group_header(tree, top, message_id, made_at, orders, creditor.account.name)
    in_order = sorted(debits, key=lambda debit: debit.block)
    for place, (_, together) in enumerate(groupby(in_order, key=lambda debit: debit.block), 1):
        _block(tree, top, block_name(message_id, place), creditor, list(together), BIC_ELEMENT[version])
    return tree.written()


def block_name(message_id: str, place: int) -> str:
    """What a payment block is called, counted from one: the bank names it where it rejects all of its debits."""
    ending = f"-{place}"
    return f"{message_id[: IDENTIFIER - len(ending)]}{ending}"


def _block(
    tree: Tree, parent: Element, block_id: str, creditor: Creditor, debits: list[DirectDebit], bic_element: str
) -> None:
    block, first = tree.add(parent, "PmtInf"), debits[0]
    tree.add(block, "PmtInfId", identifier(block_id))
    tree.add(block, "PmtMtd", "DD")
    tree.add(block, "NbOfTxs", str(len(debits)))
    tree.add(block, "CtrlSum", total_of(debit.order for debit in debits))
    kind = tree.add(block, "PmtTpInf")
    tree.add(kind, "SvcLvl/Cd", "SEPA")
    tree.add(kind, "LclInstrm/Cd", first.instrument.value)
    tree.add(kind, "SeqTp", first.sequence.value)
    tree.add(block, "ReqdColltnDt", first.collected_on.isoformat())
    tree.add(block, "Cdtr/Nm", sepa_text(creditor.account.name, 70))
    tree.add(block, "CdtrAcct/Id/IBAN", creditor.account.iban)
    bank(tree, block, "CdtrAgt", creditor.account.bic, bic_element)
    tree.add(block, "ChrgBr", "SLEV")
    scheme = tree.add(block, "CdtrSchmeId/Id/PrvtId/Othr")
    tree.add(scheme, "Id", creditor.identifier)
    tree.add(scheme, "SchmeNm/Prtry", "SEPA")
    for debit in debits:
        _debit(tree, block, debit, bic_element)


def _amendment(tree: Tree, details: Element, mandate: Mandate) -> None:
    """The former reference; for another account the scheme's word “same mandate, new debtor account”."""
    if mandate.amended_from:
        tree.add(details, "OrgnlMndtId", identifier(mandate.amended_from))
    if mandate.new_account:
        tree.add(details, "OrgnlDbtrAcct/Id/Othr/Id", "SMNDA")


def _debit(tree: Tree, block: Element, debit: DirectDebit, bic_element: str) -> None:
    order, mandate = debit.order, debit.mandate
    row = tree.add(block, "DrctDbtTxInf")
    tree.add(row, "PmtId/EndToEndId", order.reference)
    tree.add(row, "InstdAmt", total_of([order]), Ccy="EUR")
    facts = tree.add(row, "DrctDbtTx/MndtRltdInf")
    tree.add(facts, "MndtId", identifier(mandate.reference))
    tree.add(facts, "DtOfSgntr", mandate.signed_on.isoformat())
    if mandate.amended_from or mandate.new_account:
        tree.add(facts, "AmdmntInd", "true")
        _amendment(tree, tree.add(facts, "AmdmntInfDtls"), mandate)
    bank(tree, row, "DbtrAgt", order.bic, bic_element)
    tree.add(row, "Dbtr/Nm", sepa_text(order.name, 70))
    tree.add(row, "DbtrAcct/Id/IBAN", order.iban)
    remittance(tree, row, order.text)
