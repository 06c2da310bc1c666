"""NACHA: records of 94 characters, one batch, its entry hash and totals in two control records, blocked by ten.

Debits and credits, to persons (PPD) and companies (CCD). A trace number carries the originating bank and the place in
the file. Totals are in cents; the entry hash is the sum of the receiving banks' first eight digits, its last ten kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.payment_files.orders import CannotWrite, Order, UsAccount, refuse_repeated
from core.payment_files.text import ach_text

WIDTH = 94
BLOCK = 10
MOST_CENTS = 10**10 - 1
SERVICE = {(True, False): "225", (False, True): "220", (True, True): "200"}  # only debits, only credits, both


@dataclass(frozen=True, slots=True)
class AchOriginator:
    """Who submits, through which bank. `origin` is the ten characters that the bank gave us."""

    origin: str
    name: str
    bank_routing: str
    bank_name: str

    def refuse_malformed(self) -> None:
        """Both numbers have a fixed length."""
        if not (self.bank_routing.isascii() and self.bank_routing.isdigit() and len(self.bank_routing) == 9):
            raise CannotWrite("The originating bank's routing number has nine digits.")
        if not 1 <= len(self.origin) <= 10:
            raise CannotWrite("The identification of the company at its bank has up to ten characters.")


@dataclass(frozen=True, slots=True)
class AchFile:
    """A file of one batch: PPD for persons, CCD for companies. `modifier` (A to Z, 0 to 9) tells a day's files apart.

    Each order stands beside whether it draws (a debit) or sends.
    """

    originator: AchOriginator
    made_at: datetime
    effective_on: date
    standard: str
    description: str
    modifier: str
    orders: Sequence[tuple[bool, Order]]


def nacha_file(file: AchFile) -> bytes:
    """The file with lines of 94 characters, filled up with nines to whole blocks."""
    _refuse(file)
    entries = [_entry(file, is_debit, order, place) for place, (is_debit, order) in enumerate(file.orders, 1)]
    totals = _totals(file)
    control = f"{len(entries):06d}{totals}"
    lines = [
        _file_header(file),
        _batch_header(file),
        *entries,
        f"8{_service(file)}{control}{ach_text(file.originator.origin, 10)}".ljust(79) + _bank(file) + "0000001",
    ]
    blocks = -(-(len(lines) + 1) // BLOCK)
    lines.append(f"9000001{blocks:06d}{len(entries):08d}{totals}".ljust(WIDTH))
    lines += ["9" * WIDTH] * (blocks * BLOCK - len(lines))
    return ("\n".join(lines) + "\n").encode("ascii")


def _refuse(file: AchFile) -> None:
    file.originator.refuse_malformed()
    if not file.orders:
        raise CannotWrite("There is nothing to submit.")
    if file.standard not in {"PPD", "CCD"}:
        raise CannotWrite(f"{file.standard} is not written here; use PPD for persons and CCD for companies.")
    refuse_repeated([order for _, order in file.orders])
    for _, order in file.orders:
        order.refuse_other_currency("USD")
        if order.us is None or not (order.us.routing.isdigit() and len(order.us.routing) == 9):
            raise CannotWrite(f"{order.label}: ACH needs a routing number of nine digits and an account number.")
        if not 1 <= len(order.us.number) <= 17 or ach_text(order.us.number, 17).strip() != order.us.number:
            raise CannotWrite(f"{order.label}: the account number doesn't fit into seventeen characters.")
        if order.money.minor > MOST_CENTS:
            raise CannotWrite(f"{order.label} is more than an ACH entry holds.")
        if len(order.reference) > 15:
            raise CannotWrite(f"{order.label}: the reference {order.reference} is longer than fifteen characters.")
        if ach_text(order.reference, 15).rstrip() != order.reference:
            raise CannotWrite(
                f"{order.label}: the reference {order.reference} is not in ACH's letters; a return "
                "would bring another one back."
            )


def _file_header(file: AchFile) -> str:
    own = file.originator
    return (
        f"101 {own.bank_routing}{own.origin.rjust(10)}{file.made_at:%y%m%d%H%M}{file.modifier}094101"
        f"{ach_text(own.bank_name, 23)}{ach_text(own.name, 23)}        "
    )


def _batch_header(file: AchFile) -> str:
    own = file.originator
    return (
        f"5{_service(file)}{ach_text(own.name, 16)}{' ' * 20}{ach_text(own.origin, 10)}{file.standard}"
        f"{ach_text(file.description, 10)}{' ' * 6}{file.effective_on:%y%m%d}   1{_bank(file)}0000001"
    )


def _entry(file: AchFile, is_debit: bool, order: Order, place: int) -> str:
    account = order.us
    if account is None:
        raise AssertionError("orders without an account were refused before")
    return (
        f"6{_transaction_code(is_debit, account)}{account.routing}{account.number.ljust(17)}{order.money.minor:010d}"
        f"{ach_text(order.reference, 15)}{ach_text(order.name, 22)}  0{_bank(file)}{place:07d}"
    )


def _transaction_code(is_debit: bool, account: UsAccount) -> str:
    return {(False, False): "22", (True, False): "27", (False, True): "32", (True, True): "37"}[
        (is_debit, account.is_savings)
    ]


def _totals(file: AchFile) -> str:
    """Entry hash, then cents drawn, then cents sent, as both control records have them."""
    hashed = sum(int(order.us.routing[:8]) for _, order in file.orders if order.us) % 10**10
    drawn = sum(order.money.minor for is_debit, order in file.orders if is_debit)
    sent = sum(order.money.minor for is_debit, order in file.orders if not is_debit)
    if max(drawn, sent) >= 10**12:
        raise CannotWrite("The file's total is more than its control record holds; submit it in parts.")
    return f"{hashed:010d}{drawn:012d}{sent:012d}"


def _service(file: AchFile) -> str:
    draws = {is_debit for is_debit, _ in file.orders}
    return SERVICE[(True in draws, False in draws)]


def _bank(file: AchFile) -> str:
    return file.originator.bank_routing[:8]
