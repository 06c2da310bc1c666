"""Bacs Standard 18: records of fixed width between labels, with one contra record and totals that must agree.

Labels have 80 characters, records 100, or 106 where each carries its own processing day. Direct debits, credits and
the lodging or cancelling of instructions (AUDDIS: 0N and 0C, with no amount and no contra) are all written here. Days
are written as the year's last two digits and the day of the year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.payment_files.orders import CannotWrite, Order, UkAccount, refuse_repeated
from core.payment_files.text import bacs_text

LABEL = 80
REFERENCE = 18
MOST_PENCE = 10**11 - 1
KEPT_FOR = timedelta(days=7)
CRLF = "\r\n"


class Code(StrEnum):
    """Transaction codes."""

    FIRST = "01"
    REGULAR = "17"
    RE_PRESENTED = "18"
    FINAL = "19"
    CREDIT = "99"
    NEW_INSTRUCTION = "0N"
    CANCEL_INSTRUCTION = "0C"
    CONVERT_INSTRUCTION = "0S"

    @property
    def is_instruction(self) -> bool:
        """Whether it tells of an instruction and moves no money."""
        return self.value.startswith("0") and self is not Code.FIRST

    @property
    def is_debit(self) -> bool:
        """Whether it draws money."""
        return not self.is_instruction and self is not Code.CREDIT


@dataclass(frozen=True, slots=True)
class Originator:
    """Who submits: the service user's number and name, and its own account."""

    service_user_number: str
    name: str
    account: UkAccount

    def refuse_malformed(self) -> None:
        """A service user number has six digits."""
        number = self.service_user_number
        if not (number.isascii() and number.isdigit() and len(number) == 6):
            raise CannotWrite("The service user number has six digits.")
        self.account.refuse_malformed("The company's own account")


@dataclass(frozen=True, slots=True)
class BacsFile:
    """A submission: its serial is unique within the day it is made."""

    originator: Originator
    serial: int
    made_on: date
    processed_on: date
    orders: Sequence[tuple[Code, Order]]


@dataclass(frozen=True, slots=True)
class Totals:
    """What the last label says: pence and counts by direction, the contra included."""

    debit: int
    credit: int
    debits: int
    credits: int
    instructions: int


def bacs_file(file: BacsFile) -> bytes:
    """The file as Bacstel-IP software takes it."""
    _refuse(file)
    records = [_record(file, code, order) for code, order in file.orders]
    drawn = sum(order.money.minor for code, order in file.orders if code.is_debit)
    sent = sum(order.money.minor for code, order in file.orders if code is Code.CREDIT)
    if drawn:
        records.append(_contra(file, Code.CREDIT, drawn))
    if sent:
        records.append(_contra(file, Code.REGULAR, sent))
    lines = [*_head(file), *records, *_tail(file, _totals(file, drawn, sent))]
    return (CRLF.join(lines) + CRLF).encode("ascii")


def _refuse(file: BacsFile) -> None:
    file.originator.refuse_malformed()
    if not file.orders:
        raise CannotWrite("There is nothing to submit.")
    if not 0 < file.serial < 10**6:
        raise CannotWrite("The serial of a submission has up to six digits.")
    _refuse_repeated(file.orders)
    for code, order in file.orders:
        _refuse_order(code, order)


def _refuse_repeated(orders: Sequence[tuple[Code, Order]]) -> None:
    """A debit carries its mandate's reference, and a mandate may be debited twice in a file: a retry beside a new one.

    What is sent, lodged or cancelled twice under one reference is a mistake.
    """
    for wanted in set(Code) - {code for code in Code if code.is_debit}:
        refuse_repeated([order for code, order in orders if code is wanted])


def _refuse_order(code: Code, order: Order) -> None:
    if order.uk is None:
        raise CannotWrite(f"{order.label}: Bacs needs a sort code and an account number.")
    order.uk.refuse_malformed(order.label)
    if bacs_text(order.reference, 99).strip() != order.reference or len(order.reference) > REFERENCE:
        raise CannotWrite(f"{order.label}: the reference {order.reference} doesn't fit into eighteen Bacs characters.")
    if code.is_instruction:
        return
    order.refuse_other_currency("GBP")
    if order.money.minor > MOST_PENCE:
        raise CannotWrite(f"{order.label} is more than a Bacs record holds.")


def bacs_day(day: date) -> str:
    """A day as the labels have it: a blank, two digits of the year, three of the day in it."""
    return f" {day:%y%j}"


def _head(file: BacsFile) -> list[str]:
    number = file.originator.service_user_number
    work = "1 DAILY  "
    return [
        f"VOL1{file.serial:06d}".ljust(37) + f"    {number}    ".ljust(42) + "1",
        _label("HDR1", file),
        _second_label("HDR2"),
        f"UHL1{bacs_day(file.processed_on)}999999    00000000{work}001".ljust(LABEL),
    ]


def _label(name: str, file: BacsFile) -> str:
    number = file.originator.service_user_number
    identifier = f"A{number}S  1{number}"
    made, kept = bacs_day(file.made_on), bacs_day(file.made_on + KEPT_FOR)
    return f"{name}{identifier}{file.serial:06d}00010001      {made}{kept} 000000".ljust(LABEL)


def _second_label(name: str) -> str:
    return f"{name}F0200000100".ljust(50) + "00".ljust(LABEL - 50)


def _record(file: BacsFile, code: Code, order: Order) -> str:
    if order.uk is None:
        raise AssertionError("orders without an account were refused before")
    pence = 0 if code.is_instruction else order.money.minor
    own = file.originator
    return (
        f"{order.uk.sort_code}{order.uk.number}0{code}{own.account.sort_code}{own.account.number}    {pence:011d}"
        f"{bacs_text(own.name, 18)}{order.reference.ljust(18)}{bacs_text(order.name, 18)}"
    )


def _contra(file: BacsFile, code: Code, pence: int) -> str:
    own = file.originator
    account = f"{own.account.sort_code}{own.account.number}"
    if pence > MOST_PENCE:
        raise CannotWrite("The file's total is more than a Bacs record holds; submit it in parts.")
    narrative = bacs_text(own.name, 18)
    return f"{account}0{code}{account}    {pence:011d}{narrative}{'CONTRA'.ljust(18)}{bacs_text(own.name, 18)}"


def _totals(file: BacsFile, drawn: int, sent: int) -> Totals:
    """A contra counts on its side: what was drawn is credited to us, what was sent is debited."""
    codes = [code for code, _ in file.orders]
    return Totals(
        debit=drawn + sent,
        credit=sent + drawn,
        debits=sum(code.is_debit for code in codes) + bool(sent),
        credits=codes.count(Code.CREDIT) + bool(drawn),
        instructions=sum(code.is_instruction for code in codes),
    )


def _tail(file: BacsFile, totals: Totals) -> list[str]:
    sums = f"UTL1{totals.debit:013d}{totals.credit:013d}{totals.debits:07d}{totals.credits:07d}"
    return [
        _label("EOF1", file),
        _second_label("EOF2"),
        f"{sums}        {totals.instructions:07d}".ljust(LABEL),
    ]
