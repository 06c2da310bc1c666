"""What every paper that leaves the house has: words in the reader's language, labelled facts, and how to pay."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.numbers import get_currency_symbol

from core.models import BankAccount, LegalEntity
from core.money import Money
from core.qr import payment_code, qr_url

SHARED_LABELS = Path(__file__).with_name("paper_labels.toml")
LETTER_SIZE_COUNTRIES = frozenset({"US", "CA"})
PAPER = "core/pdf/document.css"
LETTER = "core/pdf/letter.css"
IN_THE_FONT = 0x17F
EURO_SIGN = "€"


class Words:
    """The labels of one language: words.balance, words.kind["invoice"]."""

    def __init__(self, labels: dict[str, Any]) -> None:
        self._labels = labels

    def __getattr__(self, name: str) -> Any:
        try:
            return self._labels[name]
        except KeyError:
            raise AttributeError(f"There is no label {name}.") from None

    def say(self, name: str, **values: str) -> str:
        """A label with its gaps filled."""
        return str(self._labels[name]).format(**values)


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what it says."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class PayBox:
    """How to pay: into which account, with which reference, and the code that a phone reads."""

    facts: Sequence[Fact]
    code: str = ""
    code_text: str = ""
    note: str = ""


@cache
def words_of(path: Path, locale: Locale) -> Words:
    """The labels that every paper has and those of one file, in a language; the country's own where it has some."""
    known: dict[str, Any] = {}
    for labels in (tomllib.loads(file.read_text(encoding="utf-8")) for file in (SHARED_LABELS, path)):
        known |= {**labels.get(locale.language, labels["en"]), **labels.get(str(locale), {})}
    return Words(known)


@cache
def sign_of(locale: Locale, currency: str) -> str:
    """£ or €, else the three letters where our font has no such sign."""
    symbol = get_currency_symbol(currency, locale=locale)
    return symbol if all(ord(letter) <= IN_THE_FONT or letter == EURO_SIGN for letter in symbol) else currency


def in_groups(reference: str) -> str:
    """In groups of four, as it is printed: RF98 INV2 0260 0012 3."""
    return " ".join(reference[start : start + 4] for start in range(0, len(reference), 4))


def footer_of(entity: LegalEntity, words: Words) -> str:
    """Who the company is, in law."""
    parts = [
        entity.legal_name,
        f"{words.registered} {entity.registration_number}" if entity.registration_number else "",
        f"{words.tax_number} {entity.tax_number}" if entity.tax_number else "",
        ", ".join(entity.address_lines.splitlines()),
    ]
    return ". ".join(part for part in parts if part)


def stylesheets_of(entity: LegalEntity, *own: str) -> tuple[str, ...]:
    """The style of every paper, that of one, and the paper size of the company's country."""
    return (PAPER, *own, LETTER) if entity.country in LETTER_SIZE_COUNTRIES else (PAPER, *own)


def accounts_to_pay_into(entity: LegalEntity) -> dict[str, BankAccount]:
    """By currency, the account that papers name."""
    accounts = entity.bank_accounts.filter(is_active=True).order_by("is_default", "-pk")
    return {account.currency: account for account in accounts}


def pay_box(entity: LegalEntity, words: Words, account: BankAccount | None, amount: Money, reference: str) -> PayBox:
    """How to pay an amount; without an account in its currency, whom to ask."""
    if account is None:
        return PayBox((), note=words.say("no_account", email=entity.email))
    facts = [
        Fact(words.bank, account.bank_name),
        Fact(words.sort_code, account.sort_code),
        Fact(words.account, account.account_number),
        Fact("IBAN", in_groups(account.iban.replace(" ", ""))),
        Fact("BIC", account.bic),
        Fact(words.reference, in_groups(reference)),
    ]
    known = [fact for fact in facts if fact.value]
    if amount.amount <= 0:
        return PayBox(known)
    code = payment_code(account, entity.legal_name, amount, reference)
    text = words.scan_text if code.startswith("BCD") else words.scan_plain
    return PayBox(known, code=qr_url(code), code_text=text)
