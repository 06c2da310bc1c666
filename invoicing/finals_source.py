"""What collections asks about the last bills of customers who leave, and for documents as they were issued."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from ar_collections.sources import FinalDocument, Source
from core.models import LegalEntity, StoredFile
from invoicing.models import CreditNote, FinalsDeclaration, Invoice
from invoicing.queries.finals import last_items


class FinalsSource(Source):
    """Finals by month, their declarations, and papers by open item."""

    def finals(
        self, entity: LegalEntity, first_on: date, last_on: date, customers: Sequence[int] | None = None
    ) -> Iterable[FinalDocument]:
        return [FinalDocument(*row) for row in last_items(entity, first_on, last_on, customers)]

    def finals_declared(self, entity: LegalEntity, months: Sequence[date]) -> Mapping[date, date]:
        rows = FinalsDeclaration.objects.filter(entity=entity, month_on__in=months)
        return dict(rows.order_by().values_list("month_on", "declared_on"))

    def papers(self, items: Sequence[int]) -> Mapping[int, StoredFile]:
        found: dict[int, StoredFile] = {}
        for model in (Invoice, CreditNote):
            rows = model.objects.filter(item__in=items, pdf__isnull=False).select_related("pdf")
            found.update({row.item_id: row.pdf for row in rows if row.item_id is not None and row.pdf is not None})
        return found
