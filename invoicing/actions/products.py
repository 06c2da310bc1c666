"""What the company sells."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core.audit import audit, changes
from core.models import LegalEntity, User
from core.permissions import require
from customers.checks import refuse_invalid
from invoicing.models import Product

CHANGEABLE = ("name", "unit", "tax_class", "release", "list_price", "currency")


@transaction.atomic
def add_product(*, by: User, entity: LegalEntity, code: str, name: str, **facts: Any) -> Product:
    """Add something that contracts and orders can name."""
    require(by, "invoicing.add_product", entity)
    known = {key: value for key, value in facts.items() if key in CHANGEABLE}
    product = Product(entity=entity, code=code.strip().upper(), name=name.strip(), **known)
    product.currency = _currency(product, entity)
    refuse_invalid(product)
    product.save(force_insert=True)

    after = {"code": product.code, "name": product.name, "list_price": product.list_price}
    audit(by, "product.added", product, entity=entity, after=after)
    return product


@transaction.atomic
def change_product(*, by: User, product: Product, new: Mapping[str, Any]) -> Product:
    """Change how a product is called, taxed and earned. Contracts keep their words and prices."""
    require(by, "invoicing.change_product", product.entity)
    current = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    before, after = changes(current, {key: value for key, value in new.items() if key in CHANGEABLE})
    if not after:
        return current

    for key in after:
        setattr(current, key, new[key])
    current.currency = _currency(current, product.entity)
    refuse_invalid(current)
    current.save(update_fields=[*CHANGEABLE])

    audit(by, "product.changed", current, entity=product.entity, before=before, after=after)
    return current


@transaction.atomic
def deactivate_product(*, by: User, product: Product) -> Product:
    """Sell it no more. Contracts that name it run on."""
    require(by, "invoicing.deactivate_product", product.entity)
    return _switch(by, product, "product.deactivated", is_active=False)


@transaction.atomic
def reactivate_product(*, by: User, product: Product) -> Product:
    """Sell it again."""
    require(by, "invoicing.reactivate_product", product.entity)
    return _switch(by, product, "product.reactivated", is_active=True)


def _switch(by: User, product: Product, event: str, *, is_active: bool) -> Product:
    current = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    if current.is_active == is_active:
        return current

    current.is_active = is_active
    current.save(update_fields=["is_active"])

    audit(by, event, current, entity=product.entity)
    return current


def _currency(product: Product, entity: LegalEntity) -> str:
    return str(product.currency or entity.currency) if product.list_price is not None else str(product.currency)
