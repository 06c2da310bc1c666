"""The demo companies' contracts: subscriptions in advance, services, usage, a lease, and renewals due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.models import LegalEntity, User
from customers.models import Customer
from integrations.demo.books import Ledger
from invoicing.actions import (
    activate_contract,
    add_product,
    amend_contract,
    draft_charges,
    draft_contract,
    issue_invoices,
    record_usage,
)
from invoicing.actions.usage import Reading
from invoicing.amending import AmendmentDraft
from invoicing.contract_drafts import ContractDraft, ContractLineDraft
from invoicing.cycles import months_after
from invoicing.models import Amendment, Contract, Product
from invoicing.queries.amending import usage_line

Products = dict[str, Product]
ONE_DAY = timedelta(days=1)
PRODUCTS: list[tuple[str, str, str | None, str]] = [
    ("SUB-USER", "Platform subscription, per user", "456.00", "daily"),
    ("SUB-PRO", "Platform subscription Pro, per user", "684.00", "daily"),
    ("SVC-MANAGED", "Managed service", "1450.00", "monthly_full"),
    ("SVC-API", "API calls", None, "immediate"),
    ("LEASE-SCAN", "Equipment lease, scanner set", "219.50", "monthly_full"),
    ("SETUP", "Onboarding workshop", "880.00", "immediate"),
]
BILLED_WITHIN_DAYS = 12
ENDING_IN_DAYS = (19, 33, 48, 62, 80)


@dataclass(frozen=True)
class Agreement:
    """A contract of the demo, by what it is; days are counted from today."""

    kind: str
    lines: Sequence[tuple[str, str, str, str | None]]
    starts_in: int
    months: int
    ends_in: int | None = None
    notice_days: int = 30
    renews: bool = True
    index: str | None = "3"


def sold(code: str, quantity: str, cycle: str, price: str | None = None) -> tuple[str, str, str, str | None]:
    return (code, quantity, cycle, price)


SUBSCRIPTION = "subscription"
AGREEMENTS = [
    Agreement(SUBSCRIPTION, [sold("SUB-USER", "40", "annual"), sold("SETUP", "2", "fixed")], -9, 12),
    Agreement(SUBSCRIPTION, [sold("SUB-PRO", "120", "annual", "612.00")], -6, 12),
    Agreement(SUBSCRIPTION, [sold("SUB-USER", "15", "annual"), sold("SVC-API", "1", "usage", "0.012")], -40, 12),
    Agreement("service", [sold("SVC-MANAGED", "1", "monthly")], -20, 24, renews=False, index=None),
    Agreement("service", [sold("SVC-MANAGED", "2", "monthly", "1390.00")], 12, 12),
    Agreement("lease", [sold("LEASE-SCAN", "6", "monthly")], -3, 36, notice_days=0, renews=False, index=None),
    Agreement(SUBSCRIPTION, [sold("SUB-USER", "8", "quarterly", "114.00")], 20, 12),
    *(
        Agreement(SUBSCRIPTION, [sold("SUB-USER", f"{10 + days}", "annual")], -5, 12, days, 14, renews=days % 2 == 0)
        for days in ENDING_IN_DAYS
    ),
]


def agree_contracts(ledger: Ledger, products: Products, on: date) -> list[Contract]:
    """Agree a dozen contracts with customers of the company, and bill those that began lately."""
    by, entity = ledger.by, ledger.entity
    agreed = [
        agree(by, customer, agreement, products, on)
        for customer, agreement in zip(ledger.active, AGREEMENTS, strict=False)
    ]
    _add_usage(by, agreed, on)
    _bill(by, entity, agreed, on)
    _amend(by, agreed, on)
    return agreed


def add_products(by: User, entity: LegalEntity) -> Products:
    """What the company sells, by code."""
    made = {}
    for code, name, price, release in PRODUCTS:
        facts: dict[str, Any] = {"release": release, "list_price": Decimal(price) if price else None}
        made[code] = add_product(by=by, entity=entity, code=code, name=name, **facts)
    return made


def agree(by: User, customer: Customer, agreement: Agreement, products: Products, on: date) -> Contract:
    """Draft and activate what is agreed with a customer, its days counted from one day."""
    starts_on = on + timedelta(days=agreement.starts_in)
    whole = months_after(starts_on, agreement.months) - ONE_DAY
    draft = ContractDraft(
        customer=customer,
        starts_on=starts_on,
        ends_on=whole if agreement.ends_in is None else on + timedelta(days=agreement.ends_in),
        lines=[_line_draft(products[code], quantity, cycle, price) for code, quantity, cycle, price in agreement.lines],
        kind=agreement.kind,
        notice_days=agreement.notice_days,
        renews=agreement.renews,
        indexation_percent=Decimal(agreement.index) if agreement.index else None,
    )
    return activate_contract(by=by, contract=draft_contract(by=by, entity=customer.entity, draft=draft))


def _line_draft(product: Product, quantity: str, cycle: str, price: str | None) -> ContractLineDraft:
    agreed = Decimal(price) if price else product.list_price
    timing = "arrears" if cycle == "usage" else "advance"
    return ContractLineDraft(product, quantity=Decimal(quantity), unit_price=agreed, cycle=cycle, timing=timing)


def _add_usage(by: User, contracts: Sequence[Contract], on: date) -> None:
    """Readings every third day, from the meter of the contract that has one."""
    metered = [contract for contract in contracts if contract.lines.filter(cycle="usage").exists()]
    for contract in metered:
        days = [contract.starts_on + timedelta(days=step) for step in range(0, (on - contract.starts_on).days, 3)]
        readings = [Reading(day, Decimal(21_000 + 370 * at), f"{contract.number}-{day}") for at, day in enumerate(days)]
        record_usage(by=by, line=usage_line(contract, None, contract.starts_on), readings=readings, source="meter")


def _bill(by: User, entity: LegalEntity, contracts: Sequence[Contract], on: date) -> None:
    """Issue what began in the last days; the rest waits for the first billing run."""
    since = on - timedelta(days=BILLED_WITHIN_DAYS)
    recent = [contract.customer for contract in contracts if since <= contract.starts_on <= on]
    drafts = draft_charges(by=by, entity=entity, customers=recent, through=on, invoice_on=on)
    issue_invoices(by=by, entity=entity, invoices=drafts, issued_on=on)


def _amend(by: User, contracts: Sequence[Contract], on: date) -> None:
    """Two customers changed their mind already: one took more users, the other pays a little more soon."""
    for contract, facts in zip(contracts, CHANGES, strict=False):
        draft = AmendmentDraft(effective_on=on + timedelta(days=7), source="demo", source_id="1", **facts)
        amend_contract(by=by, contract=contract, draft=draft)


CHANGES: list[dict[str, Any]] = [
    {"kind": Amendment.Kind.ADD.value, "position": 1, "quantity": Decimal(12), "reason": "The Leeds office joins."},
    {"kind": Amendment.Kind.REMOVE.value, "position": 1, "quantity": Decimal(20), "reason": "A department is sold."},
]
