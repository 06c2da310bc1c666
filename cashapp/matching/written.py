"""Rules that a manager wrote and switched on: which lines they are about, and what they say of them."""

from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cashapp.matching.facts import BankLine
from cashapp.matching.text import compact, groups_of, plain
from core.money import Money

ANYTHING = "*"


class Effect(StrEnum):
    """What a rule says of a line."""

    IDENTIFIES = "identifies"
    ON_ACCOUNT = "on_account"
    EXPLAINS = "explains"


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """One version of a rule. Every condition that is filled in has to be met."""

    id: Hashable
    name: str
    number: int
    effect: Effect
    payer: str = ""
    text: str = ""
    account: str = ""
    bank_account: Hashable = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    customer_id: int | None = None
    reason: str = ""

    @property
    def label(self) -> str:
        """How evidence names it."""
        return f"Rule “{self.name}”, version {self.number}"

    def meets(self, line: BankLine) -> bool:
        """Whether the rule is about the line."""
        if self.bank_account is not None and self.bank_account != line.bank_account:
            return False
        if self.account and compact(self.account) != compact(line.payer_account):
            return False
        return self._has_words(line) and self._has_amount(line)

    def _has_words(self, line: BankLine) -> bool:
        return _stands_in(self.payer, line.payer) and _stands_in(self.text, line.text)

    def _has_amount(self, line: BankLine) -> bool:
        amount = Money.from_minor(line.amount, line.currency).amount
        if self.amount_from is not None and amount < self.amount_from:
            return False
        return self.amount_to is None or amount <= self.amount_to


def _stands_in(pattern: str, text: str) -> bool:
    """Whole words in their order, whatever stands between where the pattern has a star."""
    inside, place = _words(text), 0
    for part in pattern.split(ANYTHING):
        wanted = _words(part)
        if not wanted.strip():
            continue
        found = inside.find(wanted, place)
        if found < 0:
            return False
        place = found + len(wanted) - 1
    return True


def _words(text: str) -> str:
    return f" {' '.join(group.text for group in groups_of(plain(text)))} "
