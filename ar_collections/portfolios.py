"""Portfolios: by which rule a customer is a collector's, and how a portfolio is shared out. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

OTHER = "#"
"""The letter of names that begin with none."""


@dataclass(frozen=True, slots=True)
class Features:
    """What rules look at in a customer. `owed` is what is open, in the company's currency."""

    key: int
    name: str
    country: str
    segment: str
    owed: Decimal

    @property
    def letter(self) -> str:
        """The first letter of the name, in capitals and without its accent."""
        first = next((each for each in self.name.upper() if each.isalnum()), "")
        return first if "A" <= first <= "Z" else OTHER


@dataclass(frozen=True, slots=True)
class Rule:
    """Customers that fit in all that is said are the collector's. What is left empty fits everybody."""

    key: int
    collector: int
    countries: Sequence[str] = ()
    first_letter: str = ""
    last_letter: str = ""
    segment: str = ""
    least: Decimal | None = None
    most: Decimal | None = None

    def fits(self, customer: Features) -> bool:
        """Whether a customer fits."""
        return (
            (not self.countries or customer.country in self.countries)
            and (
                not self.first_letter or self.first_letter <= customer.letter <= (self.last_letter or self.first_letter)
            )
            and self.segment.lower() in customer.segment.lower()
            and (self.least is None or customer.owed >= self.least)
            and (self.most is None or customer.owed < self.most)
        )


def rule_for(customer: Features, rules: Iterable[Rule]) -> Rule | None:
    """The first rule that fits."""
    return next((rule for rule in rules if rule.fits(customer)), None)


def shared_out(customers: Sequence[Features], collectors: Sequence[int]) -> dict[int, int]:
    """Customers among collectors, each next one to whoever has the least so far: by what is owed, then by number."""
    load = {collector: (Decimal(0), 0) for collector in collectors}
    found: dict[int, int] = {}
    for customer in sorted(customers, key=lambda each: (-each.owed, each.key)):
        chosen = min(collectors, key=lambda each: (load[each], collectors.index(each)))
        owed, count = load[chosen]
        load[chosen] = (owed + customer.owed, count + 1)
        found[customer.key] = chosen
    return found
