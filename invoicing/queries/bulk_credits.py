"""Invoices that somebody chose to credit, with what is left of each, in one statement."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from controls.queries import Part
from core.models import LegalEntity
from core.money import ZERO, Money, round_to_currency
from customers.models import Customer
from invoicing.models import BulkCredit, CreditNote, Invoice


@dataclass(frozen=True, slots=True)
class Chosen:
    """An issued invoice with what is left of it to credit, tax included."""

    invoice: Invoice
    left: Decimal

    @property
    def money(self) -> Money:
        """What would be credited."""
        return Money(self.left, self.invoice.currency)

    @property
    def base_left(self) -> Decimal:
        """The same at the invoice's rate."""
        return self.left * (self.invoice.rate or ZERO)


def chosen_invoices(entity: LegalEntity, keys: Sequence[int]) -> list[Chosen]:
    """Issued invoices of a company, by number."""
    notes = CreditNote.objects.filter(invoice=OuterRef("pk"), number__isnull=False).order_by().values("invoice")
    credited = Subquery(notes.annotate(sum=Sum("gross")).values("sum"))
    rows = Invoice.objects.filter(entity=entity, pk__in=keys, number__isnull=False).select_related("customer")
    return [
        Chosen(row, row.gross - row.credited) for row in rows.annotate(credited=Coalesce(credited, ZERO)).order_by("pk")
    ]


def amounts_by_customer(bulk: BulkCredit) -> dict[Customer, Money]:
    """What would be credited of each customer, in the entity's currency at the rates of the invoices."""
    sums: dict[Customer, Decimal] = defaultdict(Decimal)
    for chosen in bulk.invoices.select_related("invoice__customer").order_by("pk"):
        sums[chosen.invoice.customer] += chosen.gross * (chosen.invoice.rate or ZERO)
    currency = bulk.entity.currency
    return {customer: Money(round_to_currency(total, currency), currency) for customer, total in sums.items()}


def authority_needed(bulk: BulkCredit) -> list[Part]:
    """What a decision on all of them counts with: the whole first, then each customer as if credited by itself."""
    each = amounts_by_customer(bulk).items()
    parts = [Part(f"customer:{customer.pk}", amount, f"{bulk}, {customer}") for customer, amount in each]
    return [Part("bulk", bulk.money, str(bulk)), *parts]
