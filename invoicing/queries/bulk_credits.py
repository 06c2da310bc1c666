"""Invoices that somebody chose to credit, with what is left of each, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from core.models import LegalEntity
from core.money import ZERO, Money
from invoicing.models import CreditNote, Invoice


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
