"""What is to be drawn or sent, whatever the format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.errors import Refused
from core.money import Money


class CannotWrite(Refused):
    """An order can't be said in the format that was chosen."""

    code = "cannot_write"


class Sequence(StrEnum):
    """Where a collection stands in the life of its mandate, in SEPA's words."""

    ONE_OFF = "OOFF"
    FIRST = "FRST"
    RECURRING = "RCUR"
    FINAL = "FNAL"
    RE_PRESENTED = "RPRE"


@dataclass(frozen=True, slots=True)
class UkAccount:
    """Six digits of sort code, eight of account number."""

    sort_code: str
    number: str

    def refuse_malformed(self, whose: str) -> None:
        """Refuse anything but digits of the right length."""
        if not (self.sort_code.isascii() and self.sort_code.isdigit() and len(self.sort_code) == 6):
            raise CannotWrite(f"{whose} has no sort code of six digits.")
        if not (self.number.isascii() and self.number.isdigit() and len(self.number) == 8):
            raise CannotWrite(f"{whose} has no account number of eight digits.")


@dataclass(frozen=True, slots=True)
class UsAccount:
    """A routing number of nine digits and an account number of up to seventeen characters."""

    routing: str
    number: str
    is_savings: bool = False


@dataclass(frozen=True, slots=True)
class Mandate:
    """By which authority a SEPA collection is made.

    `amended_from` is the reference that it had before; `new_account` says that the payer's account is another one.
    """

    reference: str
    signed_on: date
    amended_from: str = ""
    new_account: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """One amount from or to one account; `reference` is ours and comes back with every answer of the bank."""

    reference: str
    name: str
    money: Money
    text: str = ""
    iban: str = ""
    bic: str = ""
    uk: UkAccount | None = None
    us: UsAccount | None = None

    @property
    def label(self) -> str:
        """What a refusal calls it."""
        return f"{self.name}, {self.money}"

    def refuse_other_currency(self, currency: str) -> None:
        """Refuse an amount that the scheme doesn't carry."""
        if self.money.currency != currency:
            raise CannotWrite(f"{self.label}: this format carries {currency} only.")
        if self.money.amount <= 0:
            raise CannotWrite(f"{self.label}: there is nothing to pay.")


def refuse_repeated(orders: list[Order]) -> None:
    """Refuse two orders of one reference: the bank's answers could not be told apart."""
    seen: set[str] = set()
    for order in orders:
        if order.reference in seen:
            raise CannotWrite(f"The reference {order.reference} stands for two orders in one file.")
        seen.add(order.reference)
