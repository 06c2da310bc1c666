"""An issued invoice with its credit note in draft, and a tax rate."""

from datetime import date
from decimal import Decimal

from controls.models import ApprovalRequest
from core.actions import add_bank_account, save_view
from invoicing.actions import (
    add_product,
    add_surcharge_rule,
    draft_contract,
    draft_credit_note,
    draft_invoice,
    issue_invoice,
    record_delivery,
    request_credit_note,
    request_surcharge_waiver,
    set_up_tax_rates,
    set_up_tax_rules,
    upload_contracts,
)
from invoicing.contract_drafts import ContractDraft, ContractLineDraft
from invoicing.credits import Everything
from invoicing.drafts import DraftLine, InvoiceDraft
from invoicing.models import DeferralSchedule, Invoice, SurchargeRule, TaxRate
from ledger.actions import set_up_ledger
from tests.house.scoped import MARKER, Addresses, Stage
from tests.house.scoped.customers import customer_of

BY_INVOICE = "invoice invoice_pdf change_draft discard_draft issue_invoice send_invoice draft_credit_note".split()
BY_CREDIT_NOTE = (
    "credit_note credit_note_pdf issue_credit_note request_credit_note discard_credit_note send_credit_note"
).split()
IN_API = "detail issue pdf".split()
BY_CONTRACT = (
    "contract change_contract discard_contract activate_contract record_usage give_notice withdraw_notice "
    "attach_contract_file quote_renewal renew_contract"
).split()
BY_PRODUCT = "change_product deactivate_product reactivate_product".split()
BY_INTAKE = "intake_preview intake_columns start_bringing_in".split()
DAY = date(2026, 5, 4)


def addresses(stage: Stage) -> Addresses:
    uk, by = stage.uk, stage.clerk
    set_up_ledger(by=stage.system, entity=uk)
    set_up_tax_rates(by=stage.system, entity=uk)
    add_bank_account(by=stage.system, entity=uk, name=f"{MARKER} in", currency="GBP", is_default=True)
    rate = TaxRate.objects.filter(entity=uk, category="S").latest("percent")
    until = date(2027, 5, 3)
    line = DraftLine(MARKER, Decimal(100), rate, service_from=DAY, service_until=until)
    draft = draft_invoice(by=by, entity=uk, draft=InvoiceDraft(customer=customer_of(stage), lines=(line,)))
    invoice = issue_invoice(by=by, entity=uk, invoice=draft, issued_on=DAY)
    credit = draft_credit_note(by=by, invoice=invoice, credit=Everything(), reason_code="BILL", reason=MARKER)
    request: ApprovalRequest = request_credit_note(by=by, credit_note=credit, requested_on=DAY)
    [arrived] = record_delivery(by=by, entity=uk, documents=[invoice], delivered_on=DAY, way=MARKER, today=DAY)
    view = save_view(by=stage.manager, page="invoicing:invoices", name=MARKER, query="q=x")
    return {
        **{f"invoicing:{name}": {"pk": invoice.pk} for name in BY_INVOICE},
        **{f"invoicing:{name}": {"pk": credit.pk} for name in BY_CREDIT_NOTE},
        **{f"invoice-{name}": {"pk": invoice.pk} for name in IN_API},
        **{f"credit-note-{name}": {"pk": credit.pk} for name in IN_API},
        "invoicing:take_back_delivery": {"pk": arrived.pk},
        "invoicing:pro_forma": {"pk": invoice.pk},
        "invoicing:send_pro_forma": {"pk": invoice.pk},
        "invoicing:invoice_data": {"pk": invoice.pk, "profile": "cii"},
        "invoicing:credit_note_data": {"pk": credit.pk, "profile": "cii"},
        "invoice-data": {"pk": invoice.pk, "profile": "cii"},
        "credit-note-data": {"pk": credit.pk, "profile": "cii"},
        "invoicing:approve_credit_note": {"pk": request.pk},
        "deferral-schedule-detail": {"pk": DeferralSchedule.objects.get(invoice_line__invoice=invoice).pk},
        **_of_contracts(stage),
        **_of_surcharges(stage, invoice),
        "invoicing:end_tax_rate": {"pk": rate.pk},
        "invoicing:end_tax_rule": {"pk": set_up_tax_rules(by=stage.system, entity=uk)[0].pk},
        "invoicing:drop_view": {"pk": view.pk},
    }


def _of_contracts(stage: Stage) -> Addresses:
    """A product, a contract that names it, and a file of orders."""
    uk, by = stage.uk, stage.clerk
    product = add_product(by=stage.system, entity=uk, code=MARKER, name=MARKER)
    line = ContractLineDraft(product, unit_price=Decimal(100))
    draft = ContractDraft(customer=customer_of(stage), starts_on=DAY, ends_on=date(2027, 5, 3), lines=(line,))
    contract = draft_contract(by=by, entity=uk, draft=draft)
    rows = b"Order id,Customer code,Product code,Start date\nSO-1,X,Y,2026-05-04\n"
    intake = upload_contracts(by=by, entity=uk, kind="orders", name=f"{MARKER}.csv", content=rows)
    return {
        **{f"invoicing:{name}": {"pk": contract.pk} for name in BY_CONTRACT},
        **{f"invoicing:{name}": {"pk": product.pk} for name in BY_PRODUCT},
        **{f"invoicing:{name}": {"pk": intake.pk} for name in BY_INTAKE},
        **{f"contract-{name}": {"pk": contract.pk} for name in ("detail", "activate", "amendments")},
        "invoicing:amend_contract": {"pk": contract.pk, "kind": "add"},
    }


def _of_surcharges(stage: Stage, invoice: Invoice) -> Addresses:
    """A rule for commercial cards, and a request that an invoice be paid without."""
    rule = SurchargeRule(
        entity=stage.uk, country="GB", product="commercial", currency="GBP", percent=1, acceptance_percent=2,
        basis=MARKER, valid_from=DAY,
    )  # fmt: skip
    add_surcharge_rule(by=stage.system, rule=rule)
    asked = request_surcharge_waiver(by=stage.clerk, invoice=invoice, reason=MARKER, requested_on=DAY)
    return {
        "invoicing:surcharge": {"pk": invoice.pk},
        "invoicing:end_surcharge_rule": {"pk": rule.pk},
        "invoicing:approve_surcharge_waiver": {"pk": asked.pk},
    }
