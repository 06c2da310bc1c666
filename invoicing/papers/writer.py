"""Writes the parts that every document has, in its language and currency."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from babel import Locale

from core.locales import amount_in, day_in, locale_of, money_in
from core.models import LegalEntity
from core.money import ZERO, Money
from core.papers import Fact, Words
from invoicing.models import Document, DocumentLine, DocumentTax, Party, TaxRate
from invoicing.papers.words import percent_in, price_in, quantity_in, unit_in, words_in


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A line as text. `so_far` is the net up to here, for the foot of a page that ends with it."""

    description: str
    details: Sequence[str]
    quantity: str
    unit_price: str
    tax: str
    net: str
    so_far: str


@dataclass(frozen=True)
class Writer:
    """Writes the parts that every document has, in its language and currency."""

    entity: LegalEntity
    document: Document
    seller: Party
    buyer: Party

    @cached_property
    def locale(self) -> Locale:
        """The document's language as the seller's country writes it."""
        return locale_of(self.document.language, self.entity.country)

    @cached_property
    def words(self) -> Words:
        """Its labels."""
        return words_in(self.locale)

    def day(self, day: date | None) -> str:
        """A date in full."""
        return day_in(self.locale, day) if day else "–"

    def amount(self, amount: Decimal) -> str:
        """An amount under a head that names the currency."""
        return amount_in(self.locale, amount, self.document.currency)

    def money(self, amount: Decimal) -> str:
        """An amount with its currency."""
        return money_in(self.locale, Money(amount, self.document.currency))

    def percent(self, percent: Decimal) -> str:
        """A percentage."""
        return percent_in(self.locale, percent)

    def period(self, start: date | None, end: date | None) -> str:
        """A service period, or its one day."""
        if start is None:
            return ""
        if end is None or end == start:
            return self.day(start)
        return self.words.say("from_to", start=self.day(start), end=self.day(end))

    def bill_to(self) -> list[str]:
        """The buyer's name and address; the country only where it isn't the seller's."""
        abroad = self.buyer.country and self.buyer.country != self.seller.country
        lines = [self.buyer.name, *self.buyer.address_lines.splitlines()]
        lines += [str(self.locale.territories.get(self.buyer.country, self.buyer.country))] if abroad else []
        return lines + ([f"{self.words.tax_number} {self.buyer.tax_number}"] if self.buyer.tax_number else [])

    def lines(self, lines: Iterable[DocumentLine]) -> list[PaperLine]:
        """The lines, with the running total of each."""
        written, so_far = [], ZERO
        for line in lines:
            so_far += line.net
            written.append(self._line(line, so_far))
        return written

    def _line(self, line: DocumentLine, so_far: Decimal) -> PaperLine:
        unit = unit_in(self.locale, self.words, line.unit, line.quantity)
        return PaperLine(
            description=line.description,
            details=self._details(line),
            quantity=f"{quantity_in(self.locale, line.quantity)} {unit}".strip(),
            unit_price=price_in(self.locale, line.unit_price, self.document.currency),
            tax=self.percent(line.tax_rate.percent),
            net=self.amount(line.net),
            so_far=self.amount(so_far),
        )

    def _details(self, line: DocumentLine) -> list[str]:
        parts = line.detail.splitlines()
        period = self.period(getattr(line, "service_from", None), getattr(line, "service_until", None))
        if period:
            parts.append(f"{self.words.service_period} {period}")
        if line.discount_percent:
            parts.append(self.words.say("discount", percent=self.percent(line.discount_percent)))
        return parts

    def tax_rows(self, taxes: Iterable[DocumentTax]) -> list[tuple[str, str, str]]:
        """Rate, net and tax of each rate."""
        return [(self._rate(part), self.amount(part.net), self.amount(part.tax)) for part in taxes]

    def _rate(self, part: DocumentTax) -> str:
        return f"{self.words.category[part.tax_rate.category]} {self.percent(part.tax_rate.percent)}"

    def sums(self, taxes: Iterable[DocumentTax]) -> list[Fact]:
        """Net, and the tax at each rate that has one."""
        rates = [
            Fact(self.words.say("tax_at", percent=self.percent(part.tax_rate.percent)), self.amount(part.tax))
            for part in taxes
        ]
        return [Fact(self.words.total_net, self.amount(self.document.net)), *rates]

    def tax_notes(self, taxes: Iterable[DocumentTax]) -> list[str]:
        """Why no tax is charged, and the tax in the seller's own currency, which the law asks for."""
        notes = [reason for part in taxes if (reason := self.tax_reason(part.tax_rate))]
        home = self.entity.currency
        if self.document.currency != home and self.document.tax and self.document.base_tax is not None:
            rate = quantity_in(self.locale, self.document.rate or ZERO)
            said = self.words.say("tax_in", currency=home, rate=rate)
            notes.append(f"{said}: {money_in(self.locale, Money(self.document.base_tax, home))}.")
        return notes

    def tax_reason(self, rate: TaxRate) -> str:
        """Why a rate charges no tax; nothing for those that do, and for the zero rate."""
        known: dict[str, str] = self.words.reason_text
        return rate.reason or known[rate.category] if rate.category in known else ""

    def footer(self) -> str:
        """Who the seller is, in law."""
        seller, words = self.seller, self.words
        parts = [
            seller.name,
            f"{words.registered} {seller.registration_number}" if seller.registration_number else "",
            f"{words.tax_number} {seller.tax_number}" if seller.tax_number else "",
            ", ".join(seller.address_lines.splitlines()),
        ]
        return ". ".join(part for part in parts if part)
