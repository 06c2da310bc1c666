"""One answer for an account of any country: it can exist, it can't, or it could not be checked. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from stdnum import iban as iban_numbers
from stdnum.us import rtn

from core.bank_checks.modulus import ModulusTable, check_modulus


class Outcome(StrEnum):
    """What a check of form found."""

    VALID = "valid"
    INVALID = "invalid"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class AccountCheck:
    """What was found, in words that people read beside the account."""

    outcome: Outcome
    words: str

    @property
    def is_invalid(self) -> bool:
        """Whether no such account can exist."""
        return self.outcome is Outcome.INVALID


def check_account(*, iban: str, bank_code: str, number: str, country: str, table: ModulusTable | None) -> AccountCheck:
    """Check an account by what it is given as; `table` holds the UK's rules, None when nobody loaded them."""
    if iban and not iban_numbers.is_valid(iban):
        return AccountCheck(Outcome.INVALID, f"“{iban}” is not an IBAN: its check digits or its length are wrong.")
    if country == "GB" and (parts := uk_parts(iban, bank_code, number)) is not None:
        return _check_uk(*parts, table)
    if iban:
        return AccountCheck(Outcome.VALID, "The IBAN's check digits are right.")
    if country == "US":
        return _check_us(bank_code, number)
    return AccountCheck(Outcome.NOT_CHECKED, "There is no rule to check such an account by.")


def uk_parts(iban: str, bank_code: str, number: str) -> tuple[str, str] | None:
    """Sort code and account number of a UK account, out of its IBAN where it is given by that; None without them."""
    if iban.startswith("GB") and len(iban) == 22:
        return iban[8:14], iban[14:]
    return (bank_code, number) if bank_code else None


def _check_uk(sort_code: str, number: str, table: ModulusTable | None) -> AccountCheck:
    if not re.fullmatch(r"\d{6}", sort_code, re.ASCII):
        return AccountCheck(Outcome.INVALID, f"“{sort_code}” is not a sort code: it has six digits.")
    if not re.fullmatch(r"\d{6,8}", number, re.ASCII):
        return AccountCheck(Outcome.INVALID, f"“{number}” is not a UK account number: it has eight digits.")
    if table is None:
        return AccountCheck(Outcome.NOT_CHECKED, "Not checked: no table of modulus rules is loaded.")
    found = check_modulus(sort_code, number.zfill(8), table)
    if found is None:
        return AccountCheck(Outcome.NOT_CHECKED, f"Not checked: no modulus rule covers sort code {sort_code}.")
    if found:
        return AccountCheck(Outcome.VALID, "The account number fits its sort code by the modulus rules.")
    return AccountCheck(
        Outcome.INVALID,
        f"Account …{number[-4:]} can't belong to sort code {sort_code}: the modulus check fails. A digit is wrong.",
    )


def _check_us(routing: str, number: str) -> AccountCheck:
    if not rtn.is_valid(routing):
        return AccountCheck(Outcome.INVALID, f"“{routing}” is not a US routing number: its check digit is wrong.")
    if not re.fullmatch(r"[0-9A-Z]{1,17}", number):
        return AccountCheck(Outcome.INVALID, "A US account number has up to seventeen digits or letters.")
    return AccountCheck(Outcome.VALID, "The routing number's check digit is right; account numbers carry none.")
