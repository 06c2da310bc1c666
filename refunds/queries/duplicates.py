"""Receipts that may have come twice, and what people decided about them."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet

from cashapp.models import Receipt
from core.models import LegalEntity
from invoicing.models import Refund
from ledger.models import OpenItem
from refunds.duplicates import WITHIN, Came, Found, Settled, duplicates_in
from refunds.models import DuplicatePayment

LOOK_BACK = timedelta(days=90)


def suspicions(entity: LegalEntity, as_of: date) -> list[Found]:
    """What looks paid twice among the receipts of the last months, and isn't on the list yet."""
    since = as_of - LOOK_BACK
    known = Receipt.objects.filter(entity=entity, duplicate__isnull=False).values_list("pk", flat=True)
    unused = Receipt.objects.filter(
        entity=entity, ended_on=None, received_on__range=(since, as_of), item__open_amount=F("amount")
    )
    customers = set(unused.values_list("item__customer", flat=True))
    if not customers:
        return []
    found = duplicates_in(list(_came(entity, customers, since - WITHIN, as_of)), _settled(customers, unused))
    told = set(known)
    return [one for one in found if one.receipt not in told]


def _came(entity: LegalEntity, customers: set[int], since: date, as_of: date) -> Iterator[Came]:
    rows = Receipt.objects.filter(
        entity=entity, ended_on=None, received_on__range=(since, as_of), item__customer__in=customers
    ).select_related("item")
    for row in rows:
        yield Came(
            pk=row.pk,
            number=row.item.number,
            customer=row.item.customer_id,
            money=row.money,
            received_on=row.received_on,
            payer=row.payer,
            payer_account=row.payer_account,
            text=row.text,
            is_unused=row.item.open_amount == row.amount,
        )


def _settled(customers: set[int], unused: QuerySet[Receipt]) -> Iterator[Settled]:
    """Documents of these customers that were settled, of an amount that one of the unused receipts has."""
    rows = OpenItem.objects.filter(
        customer__in=customers, side=OpenItem.Side.DEBIT, settled_on__isnull=False, amount__in=unused.values("amount")
    ).exclude(kind=OpenItem.Kind.RECEIPT)
    for row in rows:
        if row.settled_on:
            yield Settled(row.pk, row.number, row.customer_id, row.money, row.settled_on)


def duplicates(entity: LegalEntity, view: str = "open") -> QuerySet[DuplicatePayment]:
    """The list: open, kept or refunded, the newest first."""
    refund = Refund.objects.filter(item=OuterRef("receipt__item"), taken_back=None)
    rows = DuplicatePayment.objects.filter(receipt__entity=entity).annotate(is_refunded=Exists(refund))
    rows = rows.select_related("receipt__item__customer", "twin__item", "document", "kept_by")
    if view == "kept":
        return rows.filter(kept_at__isnull=False)
    if view == "refunded":
        return rows.filter(is_refunded=True)
    return rows.filter(kept_at=None, is_refunded=False, receipt__ended_on=None, receipt__item__open_amount__gt=0)
