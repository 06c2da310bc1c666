"""What people can do with invoices and credit notes."""

from invoicing.actions.amendments import amend_contract, renew_contract
from invoicing.actions.billing import bill_customers
from invoicing.actions.billing_checks import change_billing_checks
from invoicing.actions.billing_runs import (
    accept_exception,
    check_billing_run,
    prepare_billing_run,
    start_billing_run,
)
from invoicing.actions.charges import draft_charges
from invoicing.actions.contracts import (
    activate_contract,
    attach_contract_file,
    change_contract,
    discard_contract,
    draft_contract,
    give_notice,
    withdraw_notice,
)
from invoicing.actions.credit_notes import (
    approve_credit_note,
    cancel_invoice,
    discard_credit_note,
    draft_credit_note,
    draft_rebill,
    issue_credit_note,
    request_credit_note,
)
from invoicing.actions.delivery import send_credit_note, send_invoice
from invoicing.actions.documents import store_credit_note_pdf, store_invoice_pdf
from invoicing.actions.drafts import change_draft, discard_draft, draft_invoice, draft_invoices
from invoicing.actions.finals import declare_finals
from invoicing.actions.imports import issue_imported, issue_imported_credit_notes
from invoicing.actions.issuing import issue_invoice, issue_invoices, issue_invoices_unsent
from invoicing.actions.products import add_product, change_product, deactivate_product, reactivate_product
from invoicing.actions.releasing import release_income, start_release
from invoicing.actions.runs import start_issuing
from invoicing.actions.tax_rates import add_tax_rate, end_tax_rate, set_up_tax_rates
from invoicing.actions.tax_rules import add_tax_rule, end_tax_rule, set_up_tax_rules
from invoicing.actions.unused_days import credit_unused_days
from invoicing.actions.usage import record_usage

__all__ = [
    "accept_exception",
    "activate_contract",
    "add_product",
    "add_tax_rate",
    "add_tax_rule",
    "amend_contract",
    "approve_credit_note",
    "attach_contract_file",
    "bill_customers",
    "cancel_invoice",
    "credit_unused_days",
    "release_income",
    "start_release",
    "change_billing_checks",
    "change_contract",
    "change_draft",
    "change_product",
    "check_billing_run",
    "credit_unused_days",
    "deactivate_product",
    "declare_finals",
    "discard_contract",
    "discard_credit_note",
    "discard_draft",
    "draft_charges",
    "draft_contract",
    "draft_credit_note",
    "draft_invoice",
    "draft_invoices",
    "draft_rebill",
    "end_tax_rate",
    "end_tax_rule",
    "give_notice",
    "issue_credit_note",
    "issue_imported",
    "issue_imported_credit_notes",
    "issue_invoice",
    "issue_invoices",
    "issue_invoices_unsent",
    "prepare_billing_run",
    "reactivate_product",
    "record_usage",
    "release_income",
    "renew_contract",
    "request_credit_note",
    "send_credit_note",
    "send_invoice",
    "set_up_tax_rates",
    "set_up_tax_rules",
    "start_billing_run",
    "start_issuing",
    "start_release",
    "store_credit_note_pdf",
    "store_invoice_pdf",
    "withdraw_notice",
]
