"""Which rate a product carries for a customer. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from customers.models import Customer
from invoicing.models import TaxCategory, TaxClass, TaxRate

BY_STATUS = {
    Customer.TaxStatus.REVERSE_CHARGE: TaxCategory.REVERSE_CHARGE,
    Customer.TaxStatus.EXEMPT: TaxCategory.EXEMPT,
    Customer.TaxStatus.EXPORT: TaxCategory.EXPORT,
}
BY_CLASS = {TaxClass.ZERO: TaxCategory.ZERO, TaxClass.EXEMPT: TaxCategory.EXEMPT}


@dataclass(frozen=True)
class RatesOfDay:
    """The rates that a company charges on a day."""

    rates: Sequence[TaxRate]

    def rate_for(self, customer: Customer, tax_class: str) -> TaxRate | None:
        """The rate for a customer and a class of products; None where none fits or several do."""
        status = Customer.TaxStatus(customer.tax_status)
        category = BY_STATUS.get(status) or BY_CLASS.get(TaxClass(tax_class))
        if category is not None:
            found = [rate for rate in self.rates if rate.category == category]
            return found[0] if len(found) == 1 else None
        return self._taxed.get(tax_class)

    @cached_property
    def _taxed(self) -> dict[str, TaxRate]:
        """The highest percentage is the standard one; a reduced one is known only where there is one other."""
        taxed = sorted((rate for rate in self.rates if rate.category == TaxCategory.STANDARD), key=_percent)
        if not taxed:
            return {}
        known = {TaxClass.STANDARD.value: taxed[-1]}
        return {**known, TaxClass.REDUCED.value: taxed[0]} if len(taxed) == 2 else known


def _percent(rate: TaxRate) -> tuple[object, int]:
    return (rate.percent, rate.pk)
