"""What a bank statement file says, whatever its format.

Everything here is frozen and exact. `payer` means the other side of a line: who paid when the amount is positive,
who was paid when it is negative. Amounts carry the sign that they have on the account.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum

from core.errors import Refused


class StatementRefused(Refused):
    """The file is no bank statement that can be read; the sentence names the place and the way out."""

    code = "statement_refused"


class StatementKind(StrEnum):
    """How much a file promises: only a booked statement closes a day."""

    BOOKED = "booked"
    INTRADAY = "intraday"
    NOTIFICATION = "notification"


@dataclass(frozen=True, slots=True)
class Balance:
    """What stood on the account at the start or the end of a statement."""

    amount: Decimal
    currency: str
    on: date


@dataclass(frozen=True, slots=True)
class Charge:
    """A fee that the bank names on a line, as a positive cost; a fee given back is negative.

    `included` tells whether the line's amount holds it: then the gross amount is the line's amount and the fee.
    """

    amount: Decimal
    currency: str
    included: bool | None = None


@dataclass(frozen=True, slots=True)
class RemittanceDocument:
    """One document that the payer names in structured form (an invoice or a credit note)."""

    kind: str = ""
    number: str = ""
    dated_on: date | None = None
    due: Decimal | None = None
    discount: Decimal | None = None
    credited: Decimal | None = None
    tax: Decimal | None = None
    paid: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class References:
    """Every identifier that arrived with a line; empty where the bank sent none or a filler such as NOTPROVIDED."""

    end_to_end: str = ""
    bank_reference: str = ""
    entry_reference: str = ""
    transaction: str = ""
    instruction: str = ""
    payment: str = ""
    message: str = ""
    uetr: str = ""
    mandate: str = ""
    creditor_identifier: str = ""
    creditor_reference: str = ""
    customer_reference: str = ""
    cheque: str = ""
    virtual_account: str = ""
    clearing: str = ""
    payout: str = ""

    def given(self) -> dict[str, str]:
        """Only those that are there, and the entry's only where the bank gives the payment another."""
        told = {each.name: value for each in fields(self) if (value := getattr(self, each.name))}
        if self.entry_reference == self.bank_reference:
            told.pop("entry_reference", None)
        return told


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement on the account."""

    booked_on: date
    value_on: date
    amount: Decimal
    currency: str
    payer: str = ""
    payer_account: str = ""
    ultimate_payer: str = ""
    references: References = field(default_factory=References)
    text: str = ""
    posting_text: str = ""
    charges: tuple[Charge, ...] = ()
    documents: tuple[RemittanceDocument, ...] = ()
    is_reversal: bool = False
    is_pending: bool = False
    return_reason: str = ""
    transaction_code: str = ""
    original_amount: Decimal | None = None
    original_currency: str = ""
    balance_after: Decimal | None = None
    place: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One account's statement, as the file says it. What a format does not say stays empty.

    `findings` are sentences that a person should know; `contradictions` say where the file's own control totals differ
    from what is in it.
    """

    kind: StatementKind
    file_format: str
    account: str = ""
    account_is_iban: bool = False
    bank: str = ""
    currency: str = ""
    opening: Balance | None = None
    closing: Balance | None = None
    available: Balance | None = None
    sequence: str = ""
    page: str = ""
    identifier: str = ""
    from_on: date | None = None
    to_on: date | None = None
    lines: tuple[StatementLine, ...] = ()
    findings: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()

    @property
    def booked_lines(self) -> tuple[StatementLine, ...]:
        """The lines that move the balance; announced ones do not."""
        return tuple(line for line in self.lines if not line.is_pending)

    @property
    def total(self) -> Decimal:
        """The movement of the balance."""
        return sum_of(line.amount for line in self.booked_lines)


def sum_of(amounts: Iterable[Decimal]) -> Decimal:
    """Add exactly; an empty sum is a Decimal too."""
    return sum(amounts, Decimal(0))
