"""What gives rise to a charge, and which charges are a customer's last. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from invoicing.charges import Charge
from invoicing.cycles import end_of_month
from invoicing.models import Amendment, ChargeKind, Contract, ContractLine, Invoice

# An invoice that bills several kinds is called after the first of these.
ORDER_OF_NAMES = (
    ChargeKind.ORDER,
    ChargeKind.RENEWAL,
    ChargeKind.ADDED_USERS,
    ChargeKind.RECURRING,
    ChargeKind.USAGE,
)
ADDING = frozenset({Amendment.Kind.ADD, Amendment.Kind.UPGRADE})


@dataclass(frozen=True, slots=True)
class Leaving:
    """When the last contract of a customer ends that goes on for none of its contracts."""

    last_on: date
    is_said: bool
    """Whether somebody said so, by notice or an early end; a fixed term may just run out."""


@dataclass(frozen=True, slots=True)
class Due:
    """A charge with the contract that it comes from, and what gave rise to it."""

    charge: Charge
    contract: Contract
    kind: ChargeKind
    is_final: bool

    @property
    def chosen_as(self) -> ChargeKind:
        """The kind under which a run chooses it."""
        return ChargeKind.FINAL if self.is_final else self.kind


def kind_of(charge: Charge, contract: Contract, made_by: str | None) -> ChargeKind:
    """What a charge is for; `made_by` is the kind of the amendment that made its line."""
    line = charge.line
    if line.cycle == ContractLine.Cycle.USAGE:
        return ChargeKind.USAGE
    if contract.kind == Contract.Kind.ORDER:
        return ChargeKind.ORDER
    if charge.days.first_on > line.starts_on:
        return ChargeKind.RENEWAL if line.cycle == ContractLine.Cycle.ANNUAL else ChargeKind.RECURRING
    if made_by is None:
        return ChargeKind.ORDER
    if made_by == Amendment.Kind.RENEWAL:
        return ChargeKind.RENEWAL
    return ChargeKind.ADDED_USERS if made_by in ADDING else ChargeKind.RECURRING


def is_final(charge: Charge, contract: Contract, leaving: Leaving | None, through: date) -> bool:
    """Whether a customer who leaves is billed for the last time.

    That is so when everything has ended by the end of the month, or when somebody ended it and this bills the last day.
    """
    if leaving is None or contract.kind == Contract.Kind.ORDER:
        return False
    if leaving.last_on <= end_of_month(through):
        return True
    return leaving.is_said and charge.days.last_on >= leaving.last_on


def invoice_kind(dues: Iterable[Due]) -> str:
    """What an invoice is for."""
    kinds = {due.kind for due in dues}
    return next((kind.value for kind in ORDER_OF_NAMES if kind in kinds), Invoice.Kind.OTHER.value)
