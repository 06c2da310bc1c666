"""Money that came in and what it shall pay, before anything is posted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cashapp.errors import MoreThanReceived, NotAReceipt, WrongDocument
from cashapp.models import BankStatementLine
from core.models import BankAccount
from core.money import ZERO, Money
from ledger.models import Account, OpenItem


@dataclass(frozen=True, slots=True)
class Incoming:
    """Money that came in, as the bank or a person tells of it. `key` names the event; a bank line names itself.

    `clearing` is the account on which it stands until the bank has it, where a provider or a bank clears it first.
    """

    money: Money
    received_on: date
    key: str = ""
    bank_account: BankAccount | None = None
    line: BankStatementLine | None = None
    payer: str = ""
    payer_account: str = ""
    text: str = ""
    clearing: Account | None = None

    @classmethod
    def of_line(cls, line: BankStatementLine) -> "Incoming":
        """What a bank line tells."""
        return cls(
            money=Money(line.amount, line.currency),
            received_on=line.booked_on,
            bank_account=line.bank_account,
            line=line,
            payer=line.ultimate_payer or line.payer,
            payer_account=line.payer_account,
            text=line.text,
        )

    @property
    def label(self) -> str:
        """What a refusal calls it."""
        return f"The receipt of {self.money}" + (f" from {self.payer}" if self.payer else "")

    def refuse_nothing(self) -> None:
        """Only money that came in is a receipt."""
        if self.money.amount <= 0:
            raise NotAReceipt(f"{self.money} of {self.received_on:%d %b %Y} is no money that came in.")


@dataclass(frozen=True, slots=True)
class Payment:
    """How much of a document is settled; negative for a credit note that is used up."""

    item: OpenItem
    amount: Decimal


def total_of(pays: Sequence[Payment]) -> Decimal:
    """What the payments take from the receipt."""
    return sum((payment.amount for payment in pays), ZERO)


def refuse_payments(label: str, available: Money, pays: Sequence[Payment]) -> None:
    """Refuse what could never be allocated, in words that name the receipt."""
    for payment in pays:
        if payment.item.currency != available.currency:
            raise WrongDocument(
                f"{payment.item.document_label} is in {payment.item.currency}; {label} is in {available.currency} and "
                "settles only documents in that. It can wait on account."
            )
        side = OpenItem.Side.DEBIT if payment.amount > 0 else OpenItem.Side.CREDIT
        if payment.amount == 0 or payment.item.side != side:
            raise WrongDocument(f"{payment.item.document_label} cannot take {payment.amount} of {label}.")
    if len({payment.item.pk for payment in pays}) != len(pays):
        raise WrongDocument(f"{label} names a document twice.")
    total = total_of(pays)
    if total < 0:
        raise WrongDocument(f"{label}: the credit notes are worth more than the documents that they settle.")
    if total > available.amount:
        raise MoreThanReceived(
            f"{label} has only {available} left, but {Money(total, available.currency)} were to be applied."
        )
