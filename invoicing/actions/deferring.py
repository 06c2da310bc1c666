"""Writing schedules of deferred income and their movements, many in one COPY."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.copying import Copier
from core.models import LegalEntity, User
from invoicing.deferrals import Deferral, deferrals_of, service_of
from invoicing.models import DeferralMovement, Invoice, InvoiceLine, Product
from invoicing.queries.crediting_deferred import Taken
from ledger.models import JournalEntry

Kind = DeferralMovement.Kind
SCHEDULES = Copier(
    "invoicing_deferralschedule",
    (
        "id", "entity_id", "customer_id", "invoice_line_id", "method", "first_on", "last_on", "currency", "amount",
        "base_amount", "recorded_at",
    ),
)  # fmt: skip
MOVEMENTS = Copier(
    "invoicing_deferralmovement",
    (
        "schedule_id", "kind", "month_on", "ends_on", "posted_on", "amount", "base_amount", "entry_id",
        "recorded_by_id", "recorded_at",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement that is about to be written, of a schedule known by its id."""

    schedule: int
    kind: str
    amount: Decimal
    base_amount: Decimal
    month_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Schedules:
    """Writes what is deferred, as a person of an entity."""

    by: User
    entity: LegalEntity

    def lines_of(self, invoices: Iterable[tuple[Invoice, Sequence[InvoiceLine]]]) -> dict[int, list[Deferral]]:
        """The deferred lines of invoices that are about to be entered, by invoice."""
        asked = [(invoice, lines) for invoice, lines in invoices if any(service_of(invoice, line) for line in lines)]
        methods = _methods(line for _, lines in asked for line in lines)
        return {
            invoice.pk: list(deferrals_of(invoice, lines, methods, self.entity.currency)) for invoice, lines in asked
        }

    def begin(self, invoices: Sequence[Invoice], deferred: Mapping[int, Sequence[Deferral]]) -> None:
        """Write the schedules of entered invoices, each with its first movement."""
        owned = [(invoice, one) for invoice in invoices for one in deferred.get(invoice.pk, ())]
        if not owned:
            return
        keys = SCHEDULES.new_ids(len(owned))
        SCHEDULES.copy(_schedule(pk, invoice, one) for pk, (invoice, one) in zip(keys, owned, strict=True))
        MOVEMENTS.copy(
            self._movement(_entry_of(invoice), Moved(pk, Kind.DEFERRED.value, one.line.net, one.base_amount))
            for pk, (invoice, one) in zip(keys, owned, strict=True)
        )

    def move(self, entry: JournalEntry, moved: Iterable[Moved]) -> None:
        """Write the movements that an entry posts; they carry its day and its time."""
        MOVEMENTS.copy(self._movement(entry, one) for one in moved)

    def credit(self, entry: JournalEntry, taken: Taken) -> None:
        """Write what a credit note takes from schedules, posted by its entry."""
        kind = Kind.CREDITED.value
        self.move(
            entry,
            [
                Moved(part.schedule, kind, part.worth.amount, part.worth.base, ends_on=part.ends_on)
                for part in taken.parts
            ],
        )

    def _movement(self, entry: JournalEntry, one: Moved) -> tuple[Any, ...]:
        return (
            one.schedule,
            one.kind,
            one.month_on,
            one.ends_on,
            entry.posted_on,
            one.amount,
            one.base_amount,
            entry.pk,
            self.by.pk,
            entry.recorded_at,
        )


def _entry_of(invoice: Invoice) -> JournalEntry:
    """The entry of an invoice that is entered."""
    if invoice.entry is None:
        raise AssertionError("An entered invoice has its entry.")
    return invoice.entry


def _methods(lines: Iterable[InvoiceLine]) -> dict[int, str]:
    products = {line.product_id for line in lines if line.product_id is not None}
    if not products:
        return {}
    return dict(Product.objects.filter(pk__in=products).values_list("pk", "release"))


def _schedule(pk: int, invoice: Invoice, one: Deferral) -> tuple[Any, ...]:
    return (
        pk,
        invoice.entity_id,
        invoice.customer_id,
        one.line.pk,
        one.method,
        one.days.first_on,
        one.days.last_on,
        invoice.currency,
        one.line.net,
        one.base_amount,
        _entry_of(invoice).recorded_at,
    )
