"""The UK modulus check of Pay.UK: does an account number fit its sort code? Pure; the rules are data.

Sort code and account number stand side by side as fourteen digits, named u v w x y z a b c d e f g h. Each rule gives
every digit a weight, says how the products add up, and may carry the number of one of the exceptions of Pay.UK's
“Validating account numbers”. A sort code without a rule can't be checked, and counts as possible.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import pairwise

DIGITS = 14
G, H = 12, 13
EITHER_WILL_DO = ({2, 9}, {10, 11}, {12, 13})
FOREIGN_FIRST_DIGITS = "45678"  # exception 6: accounts in foreign currency, which no rule covers
AFTER_SUBSTITUTION = {8: "090126", 9: "309634"}
CLOSED_BRANCHES = (0, 0, 1, 2, 5, 3, 6, 4, 8, 7, 10, 9, 3, 1)
CLOSED_BRANCHES_WITH_NINE = (0, 0, 0, 0, 0, 0, 0, 0, 8, 7, 10, 9, 3, 1)


class Method(Enum):
    """How products are added up, as the official table writes it."""

    MOD10 = "MOD10"
    MOD11 = "MOD11"
    DBLAL = "DBLAL"


@dataclass(frozen=True, slots=True)
class ModulusRule:
    """One line of the table: for these sort codes, multiply by these weights."""

    first: str
    last: str
    method: Method
    weights: tuple[int, ...]
    exception: int = 0


@dataclass(frozen=True, slots=True)
class ModulusTable:
    """All rules, in the order of the file, and the sort codes that are checked as another one."""

    rules: tuple[ModulusRule, ...]
    substitutes: Mapping[str, str] = field(default_factory=dict)

    def rules_of(self, sort_code: str) -> list[ModulusRule]:
        """At most two, as the table has them."""
        return [rule for rule in self.rules if rule.first <= sort_code <= rule.last][:2]


def check_modulus(sort_code: str, number: str, table: ModulusTable) -> bool | None:
    """Whether an account of eight digits fits a sort code of six; None where no rule covers the sort code."""
    rules = table.rules_of(sort_code)
    if not rules:
        return None
    if rules[0].exception == 6 and number[0] in FOREIGN_FIRST_DIGITS and number[6] == number[7]:
        return None
    passed = [_passes(rule, sort_code, number, table) for rule in _needed(rules, number)]
    return any(passed) if _either_will_do(rules) else all(passed)


def _needed(rules: Sequence[ModulusRule], number: str) -> Sequence[ModulusRule]:
    """Exception 3: accounts whose third digit is 6 or 9 are spared the second check."""
    if len(rules) == 2 and rules[1].exception == 3 and number[2] in "69":
        return rules[:1]
    return rules


def _either_will_do(rules: Sequence[ModulusRule]) -> bool:
    return any({one.exception, other.exception} in EITHER_WILL_DO for one, other in pairwise(rules))


def _passes(rule: ModulusRule, sort_code: str, number: str, table: ModulusTable) -> bool:
    if rule.exception == 5:
        return _passes_with_own_digits(rule, table.substitutes.get(sort_code, sort_code), number)
    code = AFTER_SUBSTITUTION.get(rule.exception, sort_code)
    weighed = _reweighed(rule, number)
    if rule.exception == 4:
        return _total(weighed, code + number) % 11 == int(number[6:])
    if _divides(weighed, code + number):
        return True
    return rule.exception == 14 and number[7] in "019" and _divides(weighed, f"{code}0{number[:7]}")


def _divides(rule: ModulusRule, digits: str) -> bool:
    extra = 27 if rule.exception == 1 else 0
    return (_total(rule, digits) + extra) % (11 if rule.method is Method.MOD11 else 10) == 0


def _total(rule: ModulusRule, digits: str) -> int:
    products = [int(digit) * weight for digit, weight in zip(digits, rule.weights, strict=True)]
    if rule.method is Method.DBLAL:
        return sum(int(digit) for product in products for digit in str(abs(product)))
    return sum(products)


def _reweighed(rule: ModulusRule, number: str) -> ModulusRule:
    """Exceptions 2, 7 and 10 weigh some numbers differently, by their first and seventh digits."""
    if rule.exception == 2 and number[0] != "0":
        return replace(rule, weights=CLOSED_BRANCHES_WITH_NINE if number[6] == "9" else CLOSED_BRANCHES)
    seventh_is_nine = number[6] == "9"
    if seventh_is_nine and (rule.exception == 7 or (rule.exception == 10 and number[:2] in {"09", "99"})):
        return replace(rule, weights=(0,) * 8 + rule.weights[8:])
    return rule


def _passes_with_own_digits(rule: ModulusRule, code: str, number: str) -> bool:
    """Exception 5: the account carries its check digits itself, g for modulus 11 and h for the double alternate."""
    modulus, own = (11, int(number[6])) if rule.method is Method.MOD11 else (10, int(number[7]))
    remainder = _total(rule, code + number) % modulus
    return own == (modulus - remainder if remainder else 0)
