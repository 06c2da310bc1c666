"""What the matcher answers: a decision, the documents it would settle, and why."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from cashapp.matching.facts import KeptBack, OpenDocument


class Decision(StrEnum):
    POSTED = "posted"
    PROPOSED = "proposed"
    ON_ACCOUNT = "on_account"
    UNIDENTIFIED = "unidentified"


class MatchRule(StrEnum):
    """How the explanation was found, surest first."""

    REFERENCE = "structured_reference"
    REMITTANCE = "remittance_and_sum"
    NUMBER = "number_and_amount"
    NUMBERS = "numbers_and_sum"
    GROUP = "numbers_of_a_group"
    DAMAGED_NUMBERS = "damaged_numbers_and_sum"
    PURCHASE_ORDER = "purchase_order_and_amount"
    NUMBERS_AND_OTHERS = "numbers_and_others"
    LESS_CREDIT = "numbers_less_credit"
    ONE_AMOUNT = "payer_and_one_amount"
    WHOLE_BALANCE = "payer_and_whole_balance"
    ALL_OVERDUE = "payer_and_all_overdue"
    STATEMENT_TOTAL = "payer_and_statement_total"
    INSTALMENT = "payer_and_instalment"
    PROMISE = "payer_and_promise"
    DUE_TOGETHER = "payer_and_due_together"
    SUM_OF_ITEMS = "payer_and_sum_of_items"
    PART_PAYMENT = "number_part_paid"
    OVER_PAYMENT = "number_over_paid"
    WRITTEN = "written_rule"
    ALREADY_SETTLED = "named_already_settled"
    NEAR_AMOUNT = "payer_and_near_amount"
    OLDEST_FIRST = "payer_and_oldest_first"
    LIKELY_PAYER = "likely_payer"
    PAYER_ONLY = "payer_only"
    NOTHING = "nothing_known"
    NOT_A_RECEIPT = "not_a_receipt"


class Sureness(IntEnum):
    """Only an order: which proposal a person should look at first. Never shown as a percentage."""

    NONE = 0
    GUESS = 20
    FAIR = 50
    GOOD = 70
    STRONG = 85
    SURE = 100


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason in words, about the line or about one document."""

    kind: str
    words: str
    document_id: Hashable = None


@dataclass(frozen=True, slots=True)
class Applied:
    """Part of the money that settles a document; negative when a credit note is used up.

    `kept` is what the payer says to keep back of it, and why.
    """

    document: OpenDocument
    amount: int
    kept: tuple[KeptBack, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """One possible answer to "what does this money pay?"."""

    rule: MatchRule
    customer_id: int
    applied: tuple[Applied, ...]
    evidence: tuple[Evidence, ...] = ()

    @property
    def total(self) -> int:
        return sum(each.amount for each in self.applied)

    @property
    def documents(self) -> frozenset[Hashable]:
        return frozenset(each.document.id for each in self.applied)


@dataclass(frozen=True, slots=True)
class MatchProposal:
    line_id: Hashable
    decision: Decision
    rule: MatchRule
    customer_id: int | None = None
    applied: tuple[Applied, ...] = ()
    left: int = 0
    evidence: tuple[Evidence, ...] = ()
    sureness: Sureness = Sureness.NONE
    alternatives: tuple[Explanation, ...] = ()
    written_rule: Hashable = None
    """The version of a rule of people that had a say."""

    @property
    def words(self) -> list[str]:
        return [each.words for each in self.evidence]


def in_full(documents: Sequence[OpenDocument]) -> tuple[Applied, ...]:
    return tuple(Applied(document, document.owed) for document in documents)


def in_another_currency(document: OpenDocument) -> str:
    """What is said of a document that the money could pay only by exchange."""
    return f"{document.number} is in {document.currency} and can be settled by exchange at the desk"
