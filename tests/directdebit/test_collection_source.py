"""What collections hears of direct debits: who has a mandate, and what is being drawn."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from ar_collections.sources import OnItsWay
from core.models import User
from customers.models import Customer
from directdebit.actions.runs import cancel_collection
from directdebit.collection_source import DirectDebitSource
from directdebit.models import Collection

Make = Callable[..., Any]


def test_what_is_being_drawn_is_on_its_way_until_it_is_cancelled(
    acme: Customer, live: Make, owed: Make, prepared: Make, clerk: User, may: Callable[[int], date]
) -> None:
    source = DirectDebitSource()
    assert list(source.with_mandate([acme.pk])) == []
    live(acme)
    item = owed(acme, "INV-1", "120.00", may(1))
    prepared()

    assert list(source.with_mandate([acme.pk])) == [acme.pk]
    amount = Decimal("120.000")
    on = Collection.objects.get().collect_on
    assert list(source.on_its_way([acme.pk])) == [
        OnItsWay(acme.pk, "GBP", amount, f"Direct debit on {on:%d %b %Y}", {item.pk: amount})
    ]
    drawn = Collection.objects.get()
    cancel_collection(by=clerk, collection=drawn, cancelled_on=may(6), reason="They pay by transfer")
    assert list(source.on_its_way([acme.pk])) == []
