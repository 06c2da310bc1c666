"""Issuing invoices through the action beside plain Django that writes the same rows."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction

from bench.ledger import Ground, analyse, without_guards
from bench.measures import Measure, seconds
from bench.plain_invoices import Plain
from invoicing.actions import draft_invoices, issue_invoices_unsent
from invoicing.drafts import DraftLine, InvoiceDraft
from invoicing.models import Invoice, TaxRate

BATCH = 500
PRICES = (Decimal("412.50"), Decimal("80.00"), Decimal("19.90"))
DAY = date(2026, 6, 15)


def measure_invoicing(ground: Ground, many: int = 3000, few: int = 150) -> Iterator[Measure]:
    """In batches, and one in each transaction. The drafts are there before, as they are for people."""
    drafts = _drafted(ground, many + few)
    analyse()
    batched = many / seconds(lambda: issue_in(ground, drafts[:many], BATCH))
    single = few / seconds(lambda: issue_in(ground, drafts[many:], 1))
    plain = Plain(ground, Invoice.objects.filter(entity=ground.entity, number__isnull=False).latest("pk"))
    with without_guards():
        bulk = many / seconds(lambda: plain.in_bulk(many, BATCH))
        saved = few / seconds(lambda: plain.one_by_one(few))
    goal = "≥ 0.45 × bulk_create, ≥ 1,200/s"
    met = batched >= 0.45 * bulk and batched >= 1200
    yield Measure("issue invoices in batches", "/s", batched, bulk, "bulk_create of the same rows", goal, met)
    met = single >= 0.6 * saved
    yield Measure("issue an invoice, one by one", "/s", single, saved, "save of the same rows", "≥ 0.6 × save", met)


def _drafted(ground: Ground, many: int) -> list[Invoice]:
    rate = rate_of(ground)
    lines = [DraftLine("Managed service", price, rate) for price in PRICES]
    drafts = [InvoiceDraft(ground.customer(number), lines) for number in range(many)]
    invoices: list[Invoice] = []
    for start in range(0, many, BATCH):
        invoices += draft_invoices(by=ground.by, entity=ground.entity, drafts=drafts[start : start + BATCH])
    return invoices


def rate_of(ground: Ground) -> TaxRate:
    """The rate that everything is taxed at."""
    return TaxRate.objects.filter(entity=ground.entity, percent=19).latest("valid_from")


def issue_in(ground: Ground, drafts: Sequence[Invoice], size: int) -> None:
    """Issue drafts, so many in a transaction."""
    for start in range(0, len(drafts), size):
        with transaction.atomic():
            issue_invoices_unsent(
                by=ground.by, entity=ground.entity, invoices=drafts[start : start + size], issued_on=DAY
            )
