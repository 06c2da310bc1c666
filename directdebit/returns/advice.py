"""What a bank, a scheme or a provider tells about a direct debit after it was sent, whatever the file."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from core.errors import Refused


class ReportRefused(Refused):
    """The file is no report on direct debits that can be read; the sentence names the place and the way out."""

    code = "report_refused"


class Kind(StrEnum):
    """What is told. The first two are about money, the others about the mandate."""

    UNPAID = "unpaid"
    CLAIMED = "claimed"
    CLAIM_CANCELLED = "claim_cancelled"
    MANDATE_CANCELLED = "mandate_cancelled"
    MANDATE_AMENDED = "mandate_amended"
    MANDATE_REINSTATED = "mandate_reinstated"
    MANDATE_REFUSED = "mandate_refused"
    OTHER = "other"

    @property
    def is_about_money(self) -> bool:
        """Whether one collection is meant, and not the mandate as a whole."""
        return self in {Kind.UNPAID, Kind.CLAIMED, Kind.CLAIM_CANCELLED}


class CodeList(StrEnum):
    """Whose reason codes are used: the same sign means different things in each."""

    ARUDD = "ARUDD"
    ADDACS = "ADDACS"
    AUDDIS = "AUDDIS"
    DDICA = "DDICA"
    SEPA = "SEPA"
    NACHA = "NACHA"


@dataclass(frozen=True, slots=True)
class NewDetails:
    """Where the payer's account is from now on. Only what the bank told is filled."""

    sort_code: str = ""
    account: str = ""
    bic: str = ""
    name: str = ""

    def __bool__(self) -> bool:
        return any((self.sort_code, self.account, self.bic, self.name))


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing told about one collection or one mandate.

    The amount is what was collected, positive. `collected_on` is the day of the collection as the bank knows it,
    `effective_on` the day from which the return or the change counts. `batch_reference` without a collection's
    reference means every collection of the batch. `fee` is what the bank says that it takes for the return.
    """

    kind: Kind
    codes: CodeList
    code: str
    words: str = ""
    mandate_reference: str = ""
    collection_reference: str = ""
    batch_reference: str = ""
    claim_reference: str = ""
    amount: Decimal | None = None
    currency: str = ""
    collected_on: date | None = None
    effective_on: date | None = None
    fee: Decimal | None = None
    payer: str = ""
    payer_account: str = ""
    new_details: NewDetails = field(default_factory=NewDetails)
    place: str = ""

    @property
    def facts(self) -> tuple[str, ...]:
        """What makes it this advice, however often and in whichever file it is told."""
        told = (
            self.kind, self.codes, self.code, self.mandate_reference, self.collection_reference, self.batch_reference,
            self.claim_reference, self.currency, _plain(self.amount), self.collected_on or "",
            "" if self.kind.is_about_money else self.effective_on or "",
        )  # fmt: skip
        return tuple(str(fact) for fact in told)


@dataclass(frozen=True, slots=True)
class Report:
    """A file of advices. `service` is whose direct debits they are: service user number, creditor or account."""

    name: str
    format: str
    advices: tuple[Advice, ...]
    identifier: str = ""
    service: str = ""
    made_on: date | None = None
    findings: tuple[str, ...] = ()


def fingerprints(advices: Sequence[Advice]) -> Iterator[str]:
    """A key for each advice. Two equal ones in a file are two returns; the same file again has the same keys."""
    seen: Counter[tuple[str, ...]] = Counter()
    for advice in advices:
        seen[advice.facts] += 1
        yield hashlib.sha256(repr((*advice.facts, seen[advice.facts])).encode()).hexdigest()


def masked(account: str) -> str:
    """The last four signs of an account number: more is never kept of what a report tells."""
    bare = "".join(account.split())
    return f"…{bare[-4:]}" if len(bare) > 4 else bare


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"
