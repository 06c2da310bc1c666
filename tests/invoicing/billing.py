"""Contracts that billing stories are told about."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.models import User
from customers.models import Customer
from invoicing.models import Contract, ContractLine, Product

Contracted = Callable[..., Contract]


def product_of(customer: Customer, code: str = "SEAT", **facts: Any) -> Product:
    values: dict[str, Any] = {"name": "Seats", **facts}
    return Product.objects.get_or_create(entity=customer.entity, code=code, defaults=values)[0]


def contract_of(by: User, customer: Customer, *lines: dict[str, Any], **facts: Any) -> Contract:
    """An active contract; without lines it is 10 seats at 12.00 a month from 1 May 2026.

    A line may say which earlier one it follows, by its position.
    """
    starts_on = facts.setdefault("starts_on", date(2026, 5, 1))
    number = f"K-{Contract.objects.count() + 1:04d}"
    contract = Contract.objects.create(
        entity=customer.entity, customer=customer, number=number, currency=customer.currency, drafted_by=by, **facts
    )
    for position, line in enumerate(lines or ({},), start=1):
        values: dict[str, Any] = {
            "product": product_of(customer),
            "description": "Managed Wi-Fi",
            "quantity": Decimal(10),
            "unit_price": Decimal(12),
            "cycle": "monthly",
            "anchor_on": starts_on,
            "starts_on": starts_on,
            "ends_on": contract.ends_on,
            **line,
        }
        if "follows" in values:
            values["follows"] = contract.lines.get(position=values["follows"])
        ContractLine.objects.create(contract=contract, position=position, **values)
    Contract.objects.filter(pk=contract.pk).update(activated_at=timezone.now())
    contract.refresh_from_db()
    return contract
