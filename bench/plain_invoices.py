"""The rows that issuing writes, written by plain Django: no rule checked, no number taken, nothing locked.

For each invoice its own row, a journal entry, three journal lines, the open item and the audit event.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from django.db import transaction

from bench.ledger import DAYS_TO_PAY, NET, TAX, Ground, accounts_of, plain_entry, plain_item, plain_lines
from core.models import AuditEvent
from invoicing.models import Invoice
from ledger.models import JournalEntry, JournalLine, OpenItem

NUMBERS = count(1)


@dataclass(frozen=True)
class Plain:
    """Writes invoices that look like `pattern`."""

    ground: Ground
    pattern: Invoice

    def in_bulk(self, many: int, size: int) -> None:
        """bulk_create of each kind of row, a transaction for each batch."""
        accounts = accounts_of(self.ground)
        for _ in range(0, many, size):
            with transaction.atomic():
                entries = JournalEntry.objects.bulk_create([plain_entry(self.ground) for _ in range(size)])
                lines = [plain_lines(self.ground, accounts, entry) for entry in entries]
                JournalLine.objects.bulk_create([line for three in lines for line in three])
                items = OpenItem.objects.bulk_create([plain_item(self.ground, three[0]) for three in lines])
                invoices = Invoice.objects.bulk_create(self.invoices(entries, items))
                AuditEvent.objects.bulk_create([self.event(invoice) for invoice in invoices])

    def one_by_one(self, few: int) -> None:
        """Seven rows saved in each transaction."""
        accounts = accounts_of(self.ground)
        for _ in range(few):
            with transaction.atomic():
                entry = plain_entry(self.ground)
                entry.save()
                lines = plain_lines(self.ground, accounts, entry)
                for line in lines:
                    line.save()
                item = plain_item(self.ground, lines[0])
                item.save(force_insert=True)
                (invoice,) = self.invoices([entry], [item])
                invoice.save()
                self.event(invoice).save()

    def invoices(self, entries: Sequence[JournalEntry], items: Sequence[OpenItem]) -> list[Invoice]:
        """The rows of issued invoices."""
        return [self._invoice(entry, item) for entry, item in zip(entries, items, strict=True)]

    def _invoice(self, entry: JournalEntry, item: OpenItem) -> Invoice:
        return Invoice(
            entity=self.ground.entity,
            customer=item.customer,
            terms_id=self.pattern.terms_id,
            number=f"PLAIN-{next(NUMBERS)}",
            issued_on=entry.posted_on,
            due_on=entry.posted_on + timedelta(DAYS_TO_PAY),
            currency=entry.currency,
            net=NET,
            tax=TAX,
            gross=NET + TAX,
            rate=1,
            base_tax=TAX,
            seller_id=self.pattern.seller_id,
            buyer_id=self.pattern.buyer_id,
            entry=entry,
            item=item,
            drafted_by=self.ground.by,
        )

    def event(self, invoice: Invoice) -> AuditEvent:
        """What the audit trail says of one."""
        return AuditEvent(
            entity=self.ground.entity,
            by=self.ground.by,
            event="invoice.issued",
            object_type="invoicing.invoice",
            object_id=str(invoice.pk),
            object_label=str(invoice),
            after={"number": invoice.number, "customer": str(invoice.customer), "total": str(invoice.money)},
        )
