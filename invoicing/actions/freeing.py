"""What becomes of billed days when a credit note is issued: they are free, and may be billed anew."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, Value
from django.db.models.functions import Greatest

from core.audit import audit
from core.models import LegalEntity, User
from invoicing.actions.errors import CreditRefused
from invoicing.models import BilledPeriod, CreditNote, Invoice, InvoiceLine, InvoiceTax, Rebilling
from invoicing.queries.crediting_deferred import Taken

# What is credited for these reasons was delivered all the same: nobody wants it billed again.
DELIVERED = frozenset({CreditNote.Reason.GOODWILL.value, CreditNote.Reason.SERVICE.value})
LINE_COPIED = (
    "position", "description", "detail", "quantity", "unit", "unit_price", "discount_percent", "tax_rate_id", "net",
    "product_id", "service_from", "service_until",
)  # fmt: skip
INVOICE_COPIED = (
    "entity_id", "customer_id", "kind", "terms_id", "currency", "language", "purchase_order", "text", "service_from",
    "service_until", "cost_centre", "is_final", "is_consolidated", "net", "tax", "gross",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FreedDays:
    """Gives billed days back, as a person of an entity."""

    by: User
    entity: LegalEntity

    def free(self, credit_note: CreditNote, taken: Taken) -> None:
        """Mark the days that a credit note credits, and write the new draft where it was asked for."""
        for line, first_on in taken.days_from.items():
            self._from(line, first_on)
        if credit_note.reason_code not in DELIVERED or credit_note.rebills:
            self._whole(taken.used_up)
        if credit_note.rebills:
            self._bill_again(credit_note)

    def _from(self, line: int, first_on: date) -> None:
        rows = BilledPeriod.objects.filter(invoice_line=line, last_on__gte=first_on)
        rows.filter(Q(credited_from=None) | Q(credited_from__gt=first_on)).update(
            credited_from=Greatest("first_on", Value(first_on))
        )

    def _whole(self, lines: list[int]) -> None:
        for period in BilledPeriod.objects.filter(invoice_line__in=lines):
            period.credited_from = period.first_on
            period.save(update_fields=["credited_from"])

    def _bill_again(self, credit_note: CreditNote) -> None:
        """A draft with the lines of the credited invoice, for the same days."""
        corrected = credit_note.invoice
        self._refuse_partly_gone(credit_note)
        draft = Invoice(drafted_by=self.by, **{name: getattr(corrected, name) for name in INVOICE_COPIED})
        draft.save(force_insert=True)
        for line in corrected.lines.order_by("position"):
            self._copy(line, draft)
        taxes = InvoiceTax.objects.filter(invoice=corrected)
        InvoiceTax.objects.bulk_create(
            [InvoiceTax(invoice=draft, tax_rate_id=one.tax_rate_id, net=one.net, tax=one.tax) for one in taxes]
        )
        Rebilling.objects.create(credit_note=credit_note, invoice=draft)
        audit(self.by, "invoice.drafted", draft, entity=self.entity, reason=f"Bills {corrected.number} anew")

    def _refuse_partly_gone(self, credit_note: CreditNote) -> None:
        """What was credited before, or is no longer in the contract, must not come back with the rest."""
        corrected = credit_note.invoice
        others = CreditNote.objects.filter(invoice=corrected, number__isnull=False).exclude(pk=credit_note.pk)
        beyond = BilledPeriod.objects.filter(invoice_line__invoice=corrected, line__ends_on__lt=F("last_on"))
        if others.exists() or beyond.exists():
            raise CreditRefused(
                f"{corrected} was credited in part before, or bills days that its contract no longer has. "
                "Credit the rest, and bill what is owed from the contract."
            )

    def _copy(self, line: InvoiceLine, draft: Invoice) -> None:
        facts = {name: getattr(line, name) for name in LINE_COPIED}
        copy = InvoiceLine.objects.create(invoice=draft, **facts)
        BilledPeriod.objects.bulk_create(
            [
                BilledPeriod(
                    line_id=one.line_id,
                    invoice_line=copy,
                    first_on=one.first_on,
                    last_on=one.last_on,
                    working=one.working,
                )
                for one in BilledPeriod.objects.filter(invoice_line=line)
            ]
        )
