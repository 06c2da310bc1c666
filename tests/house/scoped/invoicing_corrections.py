"""An adjustment and a refund that are asked for, and a credit of many invoices that waits."""

from datetime import date
from decimal import Decimal

from core.money import Money
from customers.models import Customer
from invoicing.actions import (
    draft_adjustment,
    draft_bulk_credit,
    draft_invoice,
    issue_invoice,
    request_adjustment,
    request_bulk_credit,
    request_refund,
    set_up_tax_rates,
)
from invoicing.drafts import DraftLine, InvoiceDraft
from invoicing.models import TaxRate
from ledger.actions import set_up_ledger
from ledger.models import Account, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, post
from tests.house.scoped import MARKER, Addresses, Stage
from tests.house.scoped.customers import customer_of

BY_ADJUSTMENT = "adjustment post_adjustment request_adjustment discard_adjustment".split()
BY_BULK_CREDIT = "bulk_credit start_bulk_credit request_bulk_credit".split()
DAY = date(2026, 5, 4)


def addresses(stage: Stage) -> Addresses:
    uk, by = stage.uk, stage.clerk
    set_up_ledger(by=stage.system, entity=uk)
    set_up_tax_rates(by=stage.system, entity=uk)
    rate = TaxRate.objects.filter(entity=uk, category="S").latest("percent")
    line = DraftLine(description=MARKER, quantity=Decimal(1), unit_price=Decimal(100), tax_rate=rate)
    draft = draft_invoice(by=by, entity=uk, draft=InvoiceDraft(customer=customer_of(stage), lines=(line,)))
    invoice = issue_invoice(by=by, entity=uk, invoice=draft, issued_on=DAY)
    item = OpenItem.objects.select_related("entity", "customer").get(pk=invoice.item_id)
    credit = open_credit(stage)
    five = Money(Decimal(5), item.currency)

    adjustment = draft_adjustment(by=by, item=item, side="credit", amount=five, reason_code="discount", reason=MARKER)
    refund = request_refund(
        by=by, item=credit, amount=Money(Decimal(5), credit.currency), reason=MARKER, requested_on=DAY
    )
    bulk = draft_bulk_credit(by=by, entity=uk, invoices=[invoice], reason_code="service", reason=MARKER)
    asked = request_adjustment(by=by, adjustment=adjustment, requested_on=DAY)
    asked_for_many = request_bulk_credit(by=by, bulk=bulk, requested_on=DAY)
    return {
        **{f"invoicing:{name}": {"pk": adjustment.pk} for name in BY_ADJUSTMENT},
        **{f"invoicing:{name}": {"pk": bulk.pk} for name in BY_BULK_CREDIT},
        **{f"adjustment-{name}": {"pk": adjustment.pk} for name in ("detail", "post-it", "ask")},
        "refund-detail": {"pk": refund.pk},
        "invoicing:draft_adjustment": {"pk": item.pk},
        "invoicing:approve_adjustment": {"pk": asked.pk},
        "invoicing:approve_bulk_credit": {"pk": asked_for_many.pk},
        "invoicing:request_refund": {"pk": credit.pk},
        "invoicing:refund": {"pk": refund.pk},
        "invoicing:discard_refund": {"pk": refund.pk},
        "invoicing:approve_refund": {"pk": asked.pk},
    }


def open_credit(stage: Stage) -> OpenItem:
    """A credit of the marked customer that is set against nothing."""
    return open_credit_of(stage, customer_of(stage), f"{MARKER}-1")


def open_credit_of(stage: Stage, customer: Customer, number: str) -> OpenItem:
    """The same of any customer."""
    item = ItemDraft(number, OpenItem.Kind.RECEIPT, DAY, DAY)
    lines = [
        LineDraft(Account.Role.UNIDENTIFIED_RECEIPTS, debit=Decimal(50)),
        LineDraft(Account.Role.RECEIVABLES, credit=Decimal(50), customer=customer, item=item),
    ]
    entry = post(by=stage.system, entries=[EntryDraft(stage.uk, "receipt", DAY, stage.uk.currency, lines, key=None)])[0]
    return OpenItem.objects.select_related("entity", "customer").get(pk=entry.open_items[0].pk)
