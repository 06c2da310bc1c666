"""An issued invoice with its credit note in draft, and a tax rate."""

from datetime import date
from decimal import Decimal

from controls.models import ApprovalRequest
from core.actions import add_bank_account, save_view
from invoicing.actions import (
    draft_credit_note,
    draft_invoice,
    issue_invoice,
    request_credit_note,
    set_up_tax_rates,
    set_up_tax_rules,
)
from invoicing.credits import Everything
from invoicing.drafts import DraftLine, InvoiceDraft
from invoicing.models import TaxRate
from ledger.actions import set_up_ledger
from tests.house.scoped import MARKER, Addresses, Stage
from tests.house.scoped.customers import customer_of

BY_INVOICE = "invoice invoice_pdf change_draft discard_draft issue_invoice send_invoice draft_credit_note".split()
BY_CREDIT_NOTE = (
    "credit_note credit_note_pdf issue_credit_note request_credit_note discard_credit_note send_credit_note"
).split()
IN_API = "detail issue pdf".split()
DAY = date(2026, 5, 4)


def addresses(stage: Stage) -> Addresses:
    uk, by = stage.uk, stage.clerk
    set_up_ledger(by=stage.system, entity=uk)
    set_up_tax_rates(by=stage.system, entity=uk)
    add_bank_account(by=stage.system, entity=uk, name=f"{MARKER} in", currency="GBP", is_default=True)
    rate = TaxRate.objects.filter(entity=uk, category="S").latest("percent")
    line = DraftLine(description=MARKER, quantity=Decimal(1), unit_price=Decimal(100), tax_rate=rate)
    draft = draft_invoice(by=by, entity=uk, draft=InvoiceDraft(customer=customer_of(stage), lines=(line,)))
    invoice = issue_invoice(by=by, entity=uk, invoice=draft, issued_on=DAY)
    credit = draft_credit_note(by=by, invoice=invoice, credit=Everything(), reason_code="BILL", reason=MARKER)
    request: ApprovalRequest = request_credit_note(by=by, credit_note=credit, requested_on=DAY)
    view = save_view(by=stage.manager, page="invoicing:invoices", name=MARKER, query="q=x")
    return {
        **{f"invoicing:{name}": {"pk": invoice.pk} for name in BY_INVOICE},
        **{f"invoicing:{name}": {"pk": credit.pk} for name in BY_CREDIT_NOTE},
        **{f"invoice-{name}": {"pk": invoice.pk} for name in IN_API},
        **{f"credit-note-{name}": {"pk": credit.pk} for name in IN_API},
        "invoicing:approve_credit_note": {"pk": request.pk},
        "invoicing:end_tax_rate": {"pk": rate.pk},
        "invoicing:end_tax_rule": {"pk": set_up_tax_rules(by=stage.system, entity=uk)[0].pk},
        "invoicing:drop_view": {"pk": view.pk},
    }
