"""Reading the official files valacdos.txt (weights) and scsubtab.txt (substitutes). Pure."""

import re

from core.bank_checks.modulus import DIGITS, Method, ModulusRule, ModulusTable
from core.errors import Refused

SORT_CODE = re.compile(r"\d{6}", re.ASCII)


class NotAModulusTable(Refused):
    """The text isn't laid out as Pay.UK publishes it."""

    code = "not_a_modulus_table"


def read_modulus_table(weights: str, substitutes: str = "") -> ModulusTable:
    """The table out of both files' text; a line that doesn't fit is refused with its number."""
    rules = tuple(_rule(number, line.split()) for number, line in _lines(weights))
    if not rules:
        raise NotAModulusTable("The file of weights holds no rule.")
    return ModulusTable(rules, dict(_pair(number, line.split()) for number, line in _lines(substitutes)))


def _lines(text: str) -> list[tuple[int, str]]:
    return [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def _rule(number: int, parts: list[str]) -> ModulusRule:
    """“089000 089999 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 1”, with the exception behind it where there is one."""
    if len(parts) not in {3 + DIGITS, 4 + DIGITS} or not all(SORT_CODE.fullmatch(code) for code in parts[:2]):
        raise NotAModulusTable(f"Line {number} of the weights isn't two sort codes, a method and fourteen weights.")
    try:
        figures = [int(part) for part in parts[3:]]
        method = Method(parts[2].upper())
    except ValueError:
        raise NotAModulusTable(f"Line {number} of the weights has a method or weight that isn't known.") from None
    exception = figures[DIGITS] if len(figures) > DIGITS else 0
    return ModulusRule(parts[0], parts[1], method, tuple(figures[:DIGITS]), exception)


def _pair(number: int, parts: list[str]) -> tuple[str, str]:
    if len(parts) != 2 or not all(SORT_CODE.fullmatch(code) for code in parts):
        raise NotAModulusTable(f"Line {number} of the substitutes isn't two sort codes.")
    return parts[0], parts[1]
