"""What the company sells: added, changed, sold no more."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from core.errors import NotAllowed
from core.models import AuditEvent, LegalEntity, User
from customers.checks import InvalidData
from invoicing.actions import add_product, change_product, deactivate_product, reactivate_product
from invoicing.models import Product


def test_a_product_has_a_price_in_the_companys_currency(seats: Product) -> None:
    assert (seats.code, seats.list_price, seats.currency) == ("SEAT", Decimal(120), "GBP")


def test_a_code_is_taken_once(manager: User, books: LegalEntity, seats: Product) -> None:
    with pytest.raises(InvalidData, match="has that code"):
        add_product(by=manager, entity=books, code="seat", name="Seats again")


def test_a_change_is_told_in_the_audit_trail(manager: User, seats: Product) -> None:
    changed = change_product(by=manager, product=seats, new={"name": "User seats", "list_price": Decimal(130)})

    event = AuditEvent.objects.get(event="product.changed")
    assert (changed.name, changed.list_price) == ("User seats", Decimal(130))
    assert event.before == {"name": "Seats", "list_price": "120.000"}
    assert change_product(by=manager, product=changed, new={"name": "User seats"}) == changed
    assert AuditEvent.objects.filter(event="product.changed").count() == 1


def test_a_negative_price_is_refused(manager: User, seats: Product) -> None:
    with pytest.raises(InvalidData, match="not negative"):
        change_product(by=manager, product=seats, new={"list_price": Decimal(-1)})


def test_a_product_is_sold_no_more_and_again(manager: User, seats: Product) -> None:
    assert not deactivate_product(by=manager, product=seats).is_active
    assert not deactivate_product(by=manager, product=seats).is_active
    assert reactivate_product(by=manager, product=seats).is_active
    assert AuditEvent.objects.filter(event="product.deactivated").count() == 1


def test_master_data_is_not_the_clerks(clerk: User, books: LegalEntity, seats: Product) -> None:
    attempts: list[Callable[[], Product]] = [
        lambda: add_product(by=clerk, entity=books, code="X", name="X"),
        lambda: change_product(by=clerk, product=seats, new={"name": "X"}),
        lambda: deactivate_product(by=clerk, product=seats),
        lambda: reactivate_product(by=clerk, product=seats),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
