"""The neutral shape of a remittance advice. Amounts are exact and in the advice's currency.

What the payer doesn't say stays empty or None; nothing is ever read as zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from core.errors import Refused

MOST_LINES = 20_000
ZERO = Decimal(0)


class RemittanceRefused(Refused):
    """The file tells of no payment; the sentence names the place and the way out."""

    code = "remittance_refused"


class CodeList(StrEnum):
    """Whose list a reason's code is from."""

    NONE = ""
    X12 = "x12_426"
    EDIFACT = "edifact_4465"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class StatedDeduction:
    """What the payer keeps back, positive; negative where they pay more than the document."""

    amount: Decimal
    code: str = ""
    code_list: CodeList = CodeList.NONE
    words: str = ""


@dataclass(frozen=True, slots=True)
class StatedLine:
    """One document of ours that the payment is for. A credit note taken has negative amounts."""

    number: str = ""
    paid: Decimal | None = None
    gross: Decimal | None = None
    discount: Decimal | None = None
    deductions: tuple[StatedDeduction, ...] = ()
    purchase_order: str = ""
    is_credit: bool = False
    dated_on: date | None = None
    note: str = ""
    place: str = ""

    @property
    def deducted(self) -> Decimal:
        """What is kept back with a reason, the discount aside."""
        return sum((each.amount for each in self.deductions), ZERO)

    @property
    def net(self) -> Decimal | None:
        """What of the payment is for this document, as told or as its parts say."""
        if self.paid is not None:
            return self.paid
        return None if self.gross is None else self.gross - (self.discount or ZERO) - self.deducted


@dataclass(frozen=True, slots=True)
class Advice:
    """One payment, as its payer explains it. `reference` names the advice, `trace` the payment at the bank."""

    file_format: str
    reference: str = ""
    trace: str = ""
    payer: str = ""
    payer_code: str = ""
    payer_account: str = ""
    payee: str = ""
    paid_on: date | None = None
    currency: str = ""
    total: Decimal | None = None
    lines: tuple[StatedLine, ...] = ()
    memo: str = ""
    findings: tuple[str, ...] = ()

    @property
    def stated_sum(self) -> Decimal | None:
        """What the lines come to, where every one of them tells its amount."""
        nets = [line.net for line in self.lines]
        known = [net for net in nets if net is not None]
        return sum(known, ZERO) if known and len(known) == len(nets) else None


def credits_fitted(lines: Sequence[StatedLine], total: Decimal | None) -> tuple[StatedLine, ...]:
    """Some payers write the credit notes that they take without a minus; with it the lines come to the total."""
    turned = [_turned(line) if line.is_credit else line for line in lines]
    told = [line.net for line in lines]
    fitted = [line.net for line in turned]
    if total is None or None in told or sum((each or ZERO for each in told), ZERO) == total:
        return tuple(lines)
    fits = sum((each or ZERO for each in fitted), ZERO) == total
    return tuple(turned) if fits else tuple(lines)


def _turned(line: StatedLine) -> StatedLine:
    return replace(line, paid=_negative(line.paid), gross=_negative(line.gross))


def _negative(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else -abs(amount)
