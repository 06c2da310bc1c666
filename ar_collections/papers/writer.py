"""Writes a statement's figures and words in the customer's language."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from babel import Locale

from ar_collections.statements import CurrencyStatement, CustomerStatement, undoes
from core.currencies import currency_name
from core.locales import amount_in, day_in, locale_of, money_in, short_day_in
from core.models import LegalEntity
from core.money import Money
from core.papers import Words, words_of
from customers.addresses import printed_lines
from customers.models import Address

LABELS = Path(__file__).with_name("labels.toml")


@dataclass(frozen=True)
class Writer:
    """The language and words of one statement."""

    statement: CustomerStatement

    @cached_property
    def entity(self) -> LegalEntity:
        """Whose statement it is."""
        return self.statement.customer.entity

    @cached_property
    def locale(self) -> Locale:
        """The customer's language as the company's country writes it."""
        return locale_of(self.statement.customer.language, self.entity.country)

    @cached_property
    def words(self) -> Words:
        """Its labels."""
        return words_of(LABELS, self.locale)

    @property
    def language(self) -> str:
        """The language as documents name it."""
        return str(self.locale).replace("_", "-")

    def day(self, day: date) -> str:
        """31 May 2026."""
        return day_in(self.locale, day)

    def short_day(self, day: date) -> str:
        """31 May 2026 or 31.05.2026."""
        return short_day_in(self.locale, day)

    def amount(self, amount: Decimal | None, part: CurrencyStatement) -> str:
        """A figure for a column; nothing where there is none."""
        return "" if amount is None else amount_in(self.locale, amount, part.currency)

    def money(self, amount: Decimal, part: CurrencyStatement) -> str:
        """An amount with its currency."""
        return money_in(self.locale, Money(amount, part.currency))

    def currency(self, part: CurrencyStatement) -> str:
        """Pounds sterling, with a capital as it stands alone."""
        name = currency_name(part.currency, self.locale.language)
        return name[:1].upper() + name[1:]

    def kind(self, kind: str, amount: Decimal) -> str:
        """Invoice, payment, and so on; one that stands on the other side undoes such a document."""
        name = str(self.words.kind[kind])
        return str(self.words.kind["reversed"]).format(kind=name) if undoes(kind, amount) else name

    def account_of(self, address: Address | None) -> list[str]:
        """The customer's name and address; the country only where it isn't ours."""
        customer = self.statement.customer
        if address is None:
            return [customer.name]
        abroad = address.country != self.entity.country
        country = [str(self.locale.territories.get(address.country, address.country))] if abroad else []
        return [customer.name, *printed_lines(address), *country]
