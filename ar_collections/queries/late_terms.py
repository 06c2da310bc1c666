"""By which terms debts bear interest: a customer's own before those of the country, of the EU, of everywhere else."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from stdnum.eu.vat import MEMBER_STATES

from ar_collections.late_interest import Method, References, Terms
from ar_collections.models import LateTerms, ReferenceRate
from ar_collections.models.late_interest import EU, Reference
from controls.queries import converted
from core.models import LegalEntity
from core.money import Money
from customers.models import Address

MEMBERS = frozenset({"GR" if code == "el" else code.upper() for code in MEMBER_STATES} - {"XI"})


@dataclass(frozen=True)
class TermsBook:
    """The terms of a company, the reference rates, and the countries of some of its customers."""

    rows: Sequence[LateTerms]
    references: Mapping[str, References]
    countries: Mapping[int, str]

    @property
    def first_on(self) -> date | None:
        """The first day from which any terms hold."""
        return min((row.valid_from for row in self.rows), default=None)

    def of(self, customer: int, late_on: date) -> LateTerms | None:
        """The terms of a customer for a debt that became late on a day."""
        there = [row for row in self.rows if row.valid_from <= late_on]
        there = [row for row in there if row.valid_until is None or late_on <= row.valid_until]
        own = next((row for row in there if row.customer_id == customer), None)
        by_place = {row.place: row for row in there if row.customer_id is None}
        return own or next((by_place[place] for place in self._places(customer) if place in by_place), None)

    def _places(self, customer: int) -> list[str]:
        country = self.countries.get(customer, "")
        return [place for place in (country, EU if country in MEMBERS else "") if place] + [""]

    def arithmetic(self, row: LateTerms, currency: str) -> Terms:
        """The same for the arithmetic; compensations in the debt's currency at the rate of the day the terms began."""
        tiers = [(_in(start, row, currency), _in(amount, row, currency)) for start, amount in row.tiers]
        return Terms(Method(row.method), row.percent, self.references.get(row.reference), tiers)


def _in(amount: Decimal, row: LateTerms, currency: str) -> Decimal:
    return converted(Money(amount, row.currency), currency, row.valid_from).amount


def terms_book(entity: LegalEntity, customers: Sequence[int]) -> TermsBook:
    """What decides on the interest of some customers, in three statements."""
    rows = LateTerms.objects.filter(Q(customer=None) | Q(customer__in=customers), entity=entity)
    billed = Address.objects.filter(customer__in=customers, kind=Address.Kind.BILLING, is_active=True)
    return TermsBook(
        list(rows.order_by("pk")), references_of(entity), dict(billed.order_by().values_list("customer_id", "country"))
    )


def references_of(entity: LegalEntity) -> dict[str, References]:
    """Every reference rate that is known, the latest word on each half-year."""
    found: dict[str, dict[date, Decimal]] = defaultdict(dict)
    rows = ReferenceRate.objects.filter(entity=entity).order_by("pk")
    for reference, starts_on, percent in rows.values_list("reference", "starts_on", "percent"):
        found[reference][starts_on] = percent
    return {each.value: References(str(each.label), found.get(each.value, {})) for each in Reference}
