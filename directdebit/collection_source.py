"""What collections asks before it reminds anybody: whose mandate is live, and what is being drawn."""

from collections.abc import Iterable, Sequence

from ar_collections.sources import OnItsWay, Source
from directdebit.models import Collection, CollectionPart, Mandate


class DirectDebitSource(Source):
    """Mandates that can be used, and collections whose money is not in the ledger yet."""

    def on_its_way(self, customers: Sequence[int]) -> Iterable[OnItsWay]:
        rows = CollectionPart.objects.filter(
            stands=True,
            collection__customer__in=customers,
            collection__state__in=Collection.IN_FLIGHT,
            collection__receipt=None,
        )
        columns = ("collection__customer_id", "collection__currency", "amount", "item_id", "collection__collect_on")
        for customer, currency, amount, item, on in rows.order_by("pk").values_list(*columns):
            yield OnItsWay(customer, currency, amount, f"Direct debit on {on:%d %b %Y}", {item: amount})

    def with_mandate(self, customers: Sequence[int]) -> Iterable[int]:
        rows = Mandate.objects.filter(customer__in=customers, state__in=Mandate.LIVE, paused_reason="")
        return rows.order_by().values_list("customer_id", flat=True)
