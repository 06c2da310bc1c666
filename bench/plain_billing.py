"""The rows that a billing run writes, written by plain Django: nothing worked out, no rule checked, no number taken."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from django.db import transaction

from bench.ledger import NET, TAX, Ground, accounts_of, plain_entry, plain_item, plain_lines
from bench.plain_invoices import Plain
from core import clock
from core.models import AuditEvent
from invoicing.models import (
    BilledPeriod,
    ContractLine,
    DeferralMovement,
    DeferralSchedule,
    Invoice,
    InvoiceLine,
    InvoiceTax,
)
from ledger.models import JournalEntry, JournalLine, OpenItem
from messaging.models import Message

TABLES = (
    "invoicing_invoice", "invoicing_invoiceline", "invoicing_invoicetax", "invoicing_deferralschedule",
    "invoicing_deferralmovement", "core_auditevent", "messaging_message",
)  # fmt: skip
# The month after the one that the run bills: each day of a contract line is billed once.
FIRST, LAST = date(2026, 7, 1), date(2026, 7, 31)
KEYS = count(1)


@dataclass
class PlainBilling:
    """Writes invoices that look like `pattern`, three contract lines on each."""

    ground: Ground
    pattern: Invoice
    lines: Sequence[ContractLine]
    billed: int = field(default=0)

    def in_bulk(self, many: int, size: int) -> None:
        """bulk_create of each kind of row, a transaction for each batch."""
        rate = self.pattern.lines.select_related("tax_rate")[0].tax_rate
        accounts = accounts_of(self.ground)
        for _ in range(0, many, size):
            with transaction.atomic():
                entries = JournalEntry.objects.bulk_create([plain_entry(self.ground) for _ in range(size)])
                posted = [plain_lines(self.ground, accounts, entry) for entry in entries]
                JournalLine.objects.bulk_create([line for three in posted for line in three])
                items = OpenItem.objects.bulk_create([plain_item(self.ground, three[0]) for three in posted])
                plain = Plain(self.ground, self.pattern)
                invoices = Invoice.objects.bulk_create(plain.invoices(entries, items))
                lines = InvoiceLine.objects.bulk_create([row for one in invoices for row in self._lines(one, rate.pk)])
                InvoiceTax.objects.bulk_create(
                    [InvoiceTax(invoice=one, tax_rate=rate, net=NET, tax=TAX) for one in invoices]
                )
                self._defer(entries, lines)
                AuditEvent.objects.bulk_create([plain.event(one) for one in invoices for _ in range(2)])
                Message.objects.bulk_create([self._message(one) for one in invoices])

    def _lines(self, invoice: Invoice, rate: int) -> list[InvoiceLine]:
        facts = {"description": "Managed service", "tax_rate_id": rate, "unit_price": NET, "net": NET}
        days = {"service_from": FIRST, "service_until": LAST}
        return [InvoiceLine(invoice=invoice, position=number, **facts, **days) for number in (1, 2, 3)]

    def _defer(self, entries: Sequence[JournalEntry], lines: Sequence[InvoiceLine]) -> None:
        """The days that each line bills, and how its income is earned."""
        contract_lines = self.lines[self.billed : self.billed + len(lines)]
        self.billed += len(lines)
        BilledPeriod.objects.bulk_create(
            [
                BilledPeriod(line=line, invoice_line=row, first_on=FIRST, last_on=LAST, working="31 days")
                for line, row in zip(contract_lines, lines, strict=True)
            ]
        )
        schedules = DeferralSchedule.objects.bulk_create([self._schedule(row) for row in lines])
        DeferralMovement.objects.bulk_create(
            [self._movement(one, entries[number // 3]) for number, one in enumerate(schedules)]
        )

    def _schedule(self, line: InvoiceLine) -> DeferralSchedule:
        return DeferralSchedule(
            entity=self.ground.entity,
            customer_id=line.invoice.customer_id,
            invoice_line=line,
            method="daily",
            first_on=FIRST,
            last_on=LAST,
            currency=self.ground.entity.currency,
            amount=line.net,
            base_amount=line.net,
        )

    def _movement(self, schedule: DeferralSchedule, entry: JournalEntry) -> DeferralMovement:
        return DeferralMovement(
            schedule=schedule,
            kind=DeferralMovement.Kind.DEFERRED,
            posted_on=entry.posted_on,
            amount=schedule.amount,
            base_amount=schedule.base_amount,
            entry=entry,
            recorded_by=self.ground.by,
        )

    def _message(self, invoice: Invoice) -> Message:
        key = f"bench-{next(KEYS)}"
        return Message(
            entity=self.ground.entity,
            kind="invoice",
            key=key,
            customer_id=invoice.customer_id,
            queued_by=self.ground.by,
            message_id=key,
            not_before=clock.now(),
        )
