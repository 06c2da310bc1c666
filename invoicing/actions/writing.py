"""Set-based writes that Django has no statement for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from core.models import LegalEntity
from core.reading import read
from invoicing.models import Document, Party

INVOICES_ISSUED = """
    UPDATE invoicing_invoice i SET
        number = d.number, issued_on = d.issued_on, due_on = d.due_on, reference = d.reference, rate = d.rate,
        base_tax = d.base_tax, seller_id = d.seller, buyer_id = d.buyer, entry_id = d.entry, item_id = d.item
    FROM unnest(
        %s::bigint[], %s::text[], %s::date[], %s::date[], %s::text[], %s::numeric[], %s::numeric[], %s::bigint[],
        %s::bigint[], %s::bigint[], %s::bigint[]
    ) AS d (id, number, issued_on, due_on, reference, rate, base_tax, seller, buyer, entry, item)
    WHERE i.id = d.id AND i.number IS NULL
"""
INVOICE_COLUMNS = (
    "pk", "number", "issued_on", "due_on", "reference", "rate", "base_tax", "seller_id", "buyer_id", "entry_id",
    "item_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes documents of an entity, many in one statement."""

    entity: LegalEntity

    def issue_invoices(self, invoices: Sequence[Document]) -> None:
        """Turn drafts into issued invoices; each must still be a draft."""
        columns = [[getattr(invoice, name) for invoice in invoices] for name in INVOICE_COLUMNS]
        with connection.cursor() as cursor:
            cursor.execute(INVOICES_ISSUED, columns)
            if cursor.rowcount != len(invoices):
                raise AssertionError("Customers are locked, so nobody else can have issued one of these drafts.")

    def keep_parties(self, parties: Iterable[Party]) -> dict[str, int]:
        """The ids of names and addresses by their digest; those that are new are added."""
        wanted = {party.digest: party for party in parties}
        kept = self._kept(wanted)
        missing = [party for digest, party in wanted.items() if digest not in kept]
        if missing:
            Party.objects.bulk_create(missing, ignore_conflicts=True)
            kept = self._kept(wanted)
        return kept

    def _kept(self, wanted: Iterable[str]) -> dict[str, int]:
        ours = "entity_id = %(entity)s AND digest = ANY(%(digests)s)"
        return {row.digest: row.pk for row in read(Party, ours, entity=self.entity.pk, digests=list(wanted))}
