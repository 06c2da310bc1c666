"""What the matcher is told. Amounts are whole minor units of their currency."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Side(StrEnum):
    DEBIT = "debit"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class KeptBack:
    """Part of a document that the payer doesn't pay, and why: a value of DeductionReason and their words."""

    amount: int
    reason: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class StatedPart:
    """One line of a remittance. `paid` and `gross` are None where it doesn't tell them; credits are negative."""

    number: str = ""
    purchase_order: str = ""
    paid: int | None = None
    gross: int | None = None
    kept: tuple[KeptBack, ...] = ()
    document_id: Hashable = None


@dataclass(frozen=True, slots=True)
class StatedRemittance:
    """What the payer says that a bank line pays; `tied_by` says why it is about this very line."""

    id: Hashable
    label: str
    total: int | None
    parts: tuple[StatedPart, ...]
    tied_by: str = ""
    payer: str = ""
    customer_id: int | None = None


@dataclass(frozen=True, slots=True)
class BankLine:
    """One movement on our bank account, as the bank told it."""

    id: Hashable
    booked_on: date
    amount: int
    currency: str
    text: str = ""
    payer: str = ""
    payer_account: str = ""
    references: tuple[str, ...] = ()
    end_to_end: str = ""
    bank_account: Hashable = None
    remittance: StatedRemittance | None = None


@dataclass(slots=True)
class OpenDocument:
    """An invoice, a credit note or another open item. `open` shrinks as money is applied; the index keeps it."""

    id: Hashable
    number: str
    customer_id: int
    kind: str
    side: Side
    open: int
    amount: int
    currency: str
    document_on: date
    due_on: date
    purchase_order: str = ""
    reference: str = ""

    @property
    def owed(self) -> int:
        """What is left open, negative when we owe it to the customer."""
        return self.open if self.side is Side.DEBIT else -self.open

    @property
    def is_cash(self) -> bool:
        """Money that came before and was never applied."""
        return self.kind == "receipt"


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    id: int
    code: str
    name: str
    accounts: tuple[str, ...] = ()
    group: int | None = None
    payment_reference: str = ""


@dataclass(frozen=True, slots=True)
class LearnedPayer:
    """An account or a name that people matched to a customer by hand. Two confirmations make it evidence."""

    customer_id: int
    account: str = ""
    name: str = ""
    confirmations: int = 1


@dataclass(frozen=True, slots=True)
class StatementTotal:
    """What the customer's last statement of account asked for."""

    customer_id: int
    on: date
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class AgreedSum:
    """A payment that the customer agreed to make, from when on, and the documents that it is for, the oldest first."""

    customer_id: int
    currency: str
    amount: int
    agreed_on: date
    due_on: date
    documents: tuple[Hashable, ...]
    instalment: int | None = None
    """Its number in a payment plan; None where it was promised."""

    @property
    def words(self) -> str:
        """What it is called in a reason."""
        if self.instalment is None:
            return f"what was promised by {self.due_on:%d %b %Y}"
        return f"instalment {self.instalment} of the payment plan, due {self.due_on:%d %b %Y}"


@dataclass(frozen=True, slots=True)
class DeclaredPayer:
    """An agent, a factor or a parent whose money settles documents of several customers, each from a day to a day."""

    name: str
    account: str
    words: str
    payer_id: int | None
    spans: tuple[tuple[int, date, date | None], ...]

    def customers_on(self, day: date) -> frozenset[int]:
        """Those it pays for on a day, itself included where it is a customer."""
        now = {customer for customer, since, until in self.spans if since <= day and (until is None or day <= until)}
        return frozenset(now | {self.payer_id} if now and self.payer_id is not None else now)
