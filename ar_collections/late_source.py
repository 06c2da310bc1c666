"""What collections knows of its own documents: charges for late payment, whose note may have reached nobody."""

from collections.abc import Mapping, Sequence

from django.db.models import Exists, OuterRef, QuerySet

from ar_collections.late_messages import LATE_CHARGE
from ar_collections.models import LateCharge
from ar_collections.sources import Source
from core.models import StoredFile
from messaging.models import Message


class LateChargeSource(Source):
    """Charges that are open. A mail counts once it was sent, a letter once it was posted."""

    def undelivered(self, customers: Sequence[int]) -> Mapping[int, str]:
        sent = Message.objects.filter(
            entity=OuterRef("entity"), document=OuterRef("item__number"), kind=LATE_CHARGE, state=Message.State.SENT
        )
        rows = _charged().filter(customer__in=customers, item__open_amount__gt=0).exclude(Exists(sent))
        return {item: f"{number} never arrived" for item, number in rows.values_list("item_id", "item__number")}

    def papers(self, items: Sequence[int]) -> Mapping[int, StoredFile]:
        rows = _charged().filter(item__in=items, paper__isnull=False).select_related("paper")
        return {row.item_id: row.paper for row in rows if row.item_id and row.paper}


def _charged() -> QuerySet[LateCharge]:
    return LateCharge.objects.filter(kind=LateCharge.Kind.CHARGED, taken_back_on=None).order_by()
