"""The billing run: contracts of three lines each, previewed and billed, beside plain Django writing the same rows."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from bench.ledger import Ground, analyse, without_guards
from bench.measures import Measure, seconds
from bench.plain_billing import TABLES, PlainBilling
from customers.models import Customer
from invoicing import billing_runs
from invoicing.actions import prepare_billing_run, start_billing_run
from invoicing.models import BillingRun, Contract, ContractLine, Invoice, Product
from invoicing.queries.due import ALL_KINDS
from invoicing.queries.planning import plan_billing

PRODUCTS = (("WIFI", "Managed Wi-Fi"), ("LINE", "Leased line"), ("DESK", "Service desk"))
PRICES = (Decimal("412.50"), Decimal("80.00"), Decimal("19.90"))
FIRST, THROUGH = date(2026, 6, 1), date(2026, 6, 30)
BATCH = 500


def measure_billing(ground: Ground, many: int = 10_000) -> Iterator[Measure]:
    """A preview that writes nothing, then the run: drafts, days, numbers, journals, schedules, items, messages.

    An invoice that happens to look like an imported one of the same customer waits as an exception, as it should.
    """
    _agree(ground, many)
    _analyse()
    previewed = seconds(lambda: _preview(ground))
    yield Measure(f"preview of {many:,} invoices", "s", previewed, None, "", "≤ 10 s", previewed <= 10)

    run = _prepared(ground)
    started = start_billing_run(by=ground.by, billing_run=run, checked_at=_checked_at(run))
    took = seconds(lambda: billing_runs.carry_out(started))
    issued = Invoice.objects.filter(billing_run=run, number__isnull=False)
    billed = issued.count()
    if billed < many * 0.99:
        raise AssertionError(f"The run billed {billed:,} of {many:,} contracts.")
    plain = PlainBilling(ground, issued.latest("pk"), list(ContractLine.objects.order_by("pk")[: many * 3]))
    with without_guards(*TABLES):
        bulk = many / seconds(lambda: plain.in_bulk(many, BATCH))
    taken = billed / took
    met = taken >= 0.45 * bulk
    work, beside = f"billing run of {many:,} invoices × 3 lines", "bulk_create of the same rows"
    yield Measure(work, "/s", taken, bulk, beside, "≥ 0.45 × bulk_create", met)


def _agree(ground: Ground, many: int) -> None:
    """Contracts that differ in quantity, as no customer orders the same twice; nobody's credit limit holds them up."""
    Customer.objects.filter(entity=ground.entity).update(credit_limit=None)
    products = [
        Product.objects.create(entity=ground.entity, code=code, name=name, currency="") for code, name in PRODUCTS
    ]
    contracts = Contract.objects.bulk_create(
        [
            Contract(
                entity=ground.entity,
                customer=ground.customer(number),
                number=f"BENCH-{number}",
                currency=ground.entity.currency,
                starts_on=FIRST,
                activated_at=timezone.now(),
                drafted_by=ground.by,
            )
            for number in range(many)
        ],
        batch_size=1000,
    )
    ContractLine.objects.bulk_create(
        [
            ContractLine(
                contract=contract,
                position=position,
                product=product,
                description=product.name,
                quantity=Decimal(1 + number),
                unit_price=price,
                cycle="monthly",
                anchor_on=FIRST,
                starts_on=FIRST,
            )
            for number, contract in enumerate(contracts)
            for position, (product, price) in enumerate(zip(products, PRICES, strict=True), start=1)
        ],
        batch_size=1000,
    )


def _analyse() -> None:
    analyse()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE invoicing_contract, invoicing_contractline, invoicing_invoice")


def _preview(ground: Ground) -> None:
    plan_billing(entity=ground.entity, through=THROUGH, invoice_on=THROUGH, kinds=ALL_KINDS)


def _prepared(ground: Ground) -> BillingRun:
    return prepare_billing_run(
        by=ground.by,
        entity=ground.entity,
        billed_through=THROUGH,
        invoice_on=THROUGH,
        kinds=ALL_KINDS,
        request_id="bench",
    )


def _checked_at(run: BillingRun) -> str:
    return run.checked_at.isoformat() if run.checked_at else ""
