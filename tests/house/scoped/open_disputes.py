"""A dispute of the marked customer's invoice."""

from datetime import date
from decimal import Decimal

from ar_collections.actions import Claim, open_dispute
from ar_collections.reasons import DeductionReason
from core.money import Money
from ledger.models import OpenItem
from tests.house.scoped import MARKER, Addresses, Stage
from tests.house.scoped.customers import customer_of


def addresses(stage: Stage) -> Addresses:
    items = OpenItem.objects.filter(customer=customer_of(stage), side=OpenItem.Side.DEBIT, open_amount__gt=1)
    item = items.order_by("pk").first()
    if item is None:
        raise LookupError("The rooms before this one leave an invoice open.")
    claim = Claim(DeductionReason.PRICE, Money(Decimal(1), item.currency), MARKER)
    dispute = open_dispute(by=stage.clerk, item=item, claim=claim, opened_on=max(item.posted_on, date(2026, 5, 12)))
    return {
        **{f"collections:{name}": {"pk": dispute.pk} for name in ("dispute", "assign_dispute", "close_dispute")},
        **{f"collections:{name}": {"pk": item.pk} for name in ("item_disputes", "open_dispute")},
    }
