"""Which tax rate a sale carries, by the rules that a company keeps as data. Pure.

The most exact rule wins: the buyer's state before its country, its country before the EU, and the EU before elsewhere;
a rule for one class of products before one for everything.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from stdnum.eu.vat import MEMBER_STATES

from core.errors import Refused
from core.models import LegalEntity
from customers.models import Address, Customer, TaxCertificate
from invoicing.billing.taxes import RatesOfDay
from invoicing.models import TaxClass, TaxRate, TaxRule
from invoicing.models.tax_rules import ELSEWHERE, EU

MEMBERS = frozenset({"GR" if code == "el" else code.upper() for code in MEMBER_STATES} - {"XI"})
BY_STATE = frozenset({"CA", "US"})


class TaxUnclear(Refused):
    """No rule says what is charged, or a certificate is missing."""

    code = "tax_unclear"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a buyer is, or goods and services go; the region counts where states tax."""

    country: str
    region: str = ""

    @property
    def jurisdiction(self) -> str:
        """Whose certificate holds there: a state where states tax, else the country."""
        return f"{self.country}-{self.region}" if self.country in BY_STATE else self.country

    def names(self, seller: str) -> Iterator[str]:
        """How rules may name it, the most exact first, to a seller in a country."""
        if self.region:
            yield f"{self.country}-{self.region}"
        yield self.country
        if self.country in MEMBERS and self.country != seller:
            yield EU
        if self.country != seller:
            yield ELSEWHERE


@dataclass(frozen=True, slots=True)
class Buyer:
    """What a rule asks about a customer: its place, where it gets what it buys, and its certificates."""

    place: Place
    ship_to: Place
    certificates: Sequence[TaxCertificate] = ()

    def is_certified(self, on: date) -> bool:
        """Whether it may buy free of tax on a day, where it gets what it buys."""
        return any(one.is_valid_on(on) and covers(one.jurisdiction, self.ship_to) for one in self.certificates)


@dataclass(frozen=True)
class TaxTable:
    """The rules and rates of a company on a day. A company without any rule goes by its rates alone."""

    entity: LegalEntity
    on: date
    rules: Sequence[TaxRule]
    rates: Sequence[TaxRate]
    buyers: Mapping[int, Buyer] = field(default_factory=dict)

    def rate_for(self, customer: Customer, tax_class: str) -> TaxRate:
        """The rate for a customer and a class of products; raises TaxUnclear where none is known."""
        if not self.rules:
            rate = RatesOfDay(self.rates).rate_for(customer, tax_class)
            if rate is None:
                raise TaxUnclear(f"{self._sold(customer, tax_class)}: no single tax rate is known for it.")
            return rate
        rule, buyer = self.rule_for(customer, tax_class), self.buyers[customer.pk]
        if rule.needs_certificate and not buyer.is_certified(self.on):
            where = buyer.ship_to.jurisdiction
            raise TaxUnclear(f"{customer} has no exemption certificate for {where} that holds on {self.on:%d %b %Y}.")
        if rule.rate_code not in self._by_code:
            raise TaxUnclear(f"The rule “{rule}” names a tax rate that is not charged on {self.on:%d %b %Y}.")
        return self._by_code[rule.rate_code]

    def rule_for(self, customer: Customer, tax_class: str) -> TaxRule:
        """The rule for it; raises TaxUnclear where there is none."""
        buyer = self.buyers.get(customer.pk)
        if buyer is None:
            raise TaxUnclear(f"{customer} has no billing address, which decides about the tax.")
        for place in buyer.place.names(self.entity.country):
            for sold in (tax_class, ""):
                if rule := self._by_key.get((place, customer.tax_status, sold)):
                    return rule
        sold_there = f"{self._sold(customer, tax_class)} in {buyer.place.country}"
        raise TaxUnclear(f"{sold_there}: no tax rule says what is charged. Add one, or change the tax status.")

    def rate_or_none(self, customer: Customer, tax_class: str) -> TaxRate | None:
        """The rate, or nothing where it isn't clear."""
        try:
            return self.rate_for(customer, tax_class)
        except TaxUnclear:
            return None

    def _sold(self, customer: Customer, tax_class: str) -> str:
        status = customer.get_tax_status_display().partition(":")[0].lower()
        return f"“{TaxClass(tax_class).label}” for {customer} with “{status}”"

    @cached_property
    def _by_key(self) -> dict[tuple[str, str, str], TaxRule]:
        return {(rule.place, rule.tax_status, rule.tax_class): rule for rule in self.rules}

    @cached_property
    def _by_code(self) -> dict[str, TaxRate]:
        return {rate.code: rate for rate in self.rates}


def place_of(address: Address) -> Place:
    """Where an address is."""
    return Place(address.country.upper(), address.region.strip().upper())


def covers(jurisdiction: str, place: Place) -> bool:
    """Whether a certificate holds at a place: it names the state where states tax, else the country."""
    return jurisdiction.strip().upper() == place.jurisdiction
